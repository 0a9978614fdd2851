//! The outcome of a transcript after each response of SES. No transcript is sent twice, and a slot stays
//! used only if the mail may have been sent.

use serde_json::json;
use tests::{
    AwsCall, AwsError, AwsProxy, Caller, FaultInjection, Held, Reply, SENDER, Stack, transcript,
};

/// A stack behind a proxy, in a new hour, with a verified sender and the conversation `c1`, and an
/// agent.
async fn stack() -> (Stack, AwsProxy, Caller) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    aws.forget();
    (stack, aws, agent)
}

fn sends(call: &AwsCall) -> bool {
    call.is("ses:SendEmail")
}

/// Whether `call` is the transaction that records the send.
fn records_send(call: &AwsCall) -> bool {
    call.is("dynamodb:TransactWriteItems") && call.mentions("transcript_sent")
}

fn ses_error(status: u16, name: &'static str, message: &str) -> FaultInjection {
    FaultInjection::Refuse(AwsError::Ses(status, name, message.to_owned()))
}

/// The states of the conversation's transcripts, as an agent sees them.
async fn states(agent: &Caller) -> Vec<String> {
    let read = agent.conversation("c1").await;
    let transcripts = read["transcripts"].as_array().unwrap();
    transcripts
        .iter()
        .map(|transcript| transcript["state"].as_str().unwrap().to_owned())
        .collect()
}

/// Asserts that nothing was sent and recorded, and that the slot was released.
async fn assert_slot_released(stack: &Stack, agent: &Caller) {
    assert_eq!(stack.outbox().await.len(), 0);
    assert_eq!(agent.remaining("c1").await, 5);
    assert!(states(agent).await.is_empty());
    assert!(agent.events("c1", "transcript_sent").await.is_empty());
}

/// Asserts that the outcome is reported as unknown and that the slot stays used.
async fn assert_outcome_unknown(agent: &Caller, reply: Reply) {
    reply.expect_problem(504, "email_outcome_unknown");
    assert_eq!(agent.remaining("c1").await, 4);
    assert_eq!(states(agent).await, ["unknown"]);
    assert!(agent.events("c1", "transcript_sent").await.is_empty());
}

#[tokio::test]
async fn an_accepted_transcript_is_sent() {
    let (stack, aws, agent) = stack().await;
    agent.send_transcript("c1").await.expect(201);
    assert_eq!(aws.count(|call| sends(call)), 1);
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(agent.remaining("c1").await, 4);
    assert_eq!(states(&agent).await, ["sent"]);
    assert_eq!(agent.events("c1", "transcript_sent").await.len(), 1);
}

#[tokio::test]
async fn a_transcript_is_reported_as_sent_even_if_the_send_cannot_be_recorded() {
    for error in [AwsError::Internal, AwsError::TransactionConflict] {
        let (stack, aws, agent) = stack().await;
        aws.inject_always(records_send, FaultInjection::Refuse(error));
        let sent = agent.send_transcript("c1").await.expect(201);
        assert_eq!(sent["quota"]["remaining"], 4);
        assert!(aws.count(|call| records_send(call)) > 1, "it was retried");
        assert_eq!(aws.count(|call| sends(call)), 1);
        assert_eq!(stack.outbox().await.len(), 1);
        assert_eq!(agent.remaining("c1").await, 4);
        assert_eq!(states(&agent).await, ["reserved"]);
    }
}

#[tokio::test]
async fn a_send_that_could_not_be_recorded_once_is_recorded_by_the_retry() {
    let (stack, aws, agent) = stack().await;
    aws.inject(1, records_send, FaultInjection::Refuse(AwsError::Internal));
    agent.send_transcript("c1").await.expect(201);
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(states(&agent).await, ["sent"]);
    assert_eq!(agent.events("c1", "transcript_sent").await.len(), 1);
}

#[tokio::test]
async fn nothing_is_sent_if_ses_is_unreachable() {
    let (stack, aws, agent) = stack().await;
    // From here on the connections to DynamoDB exist. Each send opens a new connection to SES.
    agent.send_transcript("c1").await.expect(201);
    aws.refuse_connections().await;
    agent
        .send_transcript("c1")
        .await
        .expect_problem(503, "email_unavailable");
    aws.accept_connections();
    assert_eq!(aws.count(|call| sends(call)), 1);
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(agent.remaining("c1").await, 4);
    assert_eq!(states(&agent).await, ["sent"]);
}

#[tokio::test]
async fn a_transcript_that_was_throttled_once_is_sent_by_the_retry() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["throttle"]).await;
    agent.send_transcript("c1").await.expect(201);
    assert_eq!(aws.count(|call| sends(call)), 2);
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(agent.remaining("c1").await, 4);
    assert_eq!(states(&agent).await, ["sent"]);
}

#[tokio::test]
async fn a_transcript_that_was_throttled_twice_is_not_sent() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["throttle", "throttle"]).await;
    agent
        .send_transcript("c1")
        .await
        .expect_problem(503, "email_unavailable");
    assert_eq!(aws.count(|call| sends(call)), 2);
    assert_slot_released(&stack, &agent).await;
}

#[tokio::test]
async fn a_send_is_not_retried_if_the_account_may_not_send_for_a_while() {
    for (name, status, message) in [
        (
            "TooManyRequestsException",
            429,
            "Daily message quota exceeded.",
        ),
        ("SendingPausedException", 400, "Sending is paused."),
        (
            "AccountSuspendedException",
            400,
            "The account is suspended.",
        ),
        ("LimitExceededException", 400, "A limit is exceeded."),
    ] {
        let (stack, aws, agent) = stack().await;
        aws.inject_always(sends, ses_error(status, name, message));
        agent
            .send_transcript("c1")
            .await
            .expect_problem(503, "email_unavailable");
        assert_eq!(aws.count(|call| sends(call)), 1, "{name}");
        assert_slot_released(&stack, &agent).await;
    }
}

#[tokio::test]
async fn a_mail_that_ses_refuses_is_not_sent_and_uses_no_slot() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["reject"]).await;
    agent
        .send_transcript("c1")
        .await
        .expect_problem(502, "email_refused");
    assert_eq!(aws.count(|call| sends(call)), 1);
    assert_slot_released(&stack, &agent).await;
}

#[tokio::test]
async fn a_sender_that_is_no_longer_verified_by_ses_is_refused() {
    let (stack, aws, agent) = stack().await;
    stack.identity(SENDER, false).await;
    let problem = agent
        .send_transcript("c1")
        .await
        .expect_problem(422, "sender_not_verified");
    assert_eq!(problem["field"], "from");
    assert_eq!(aws.count(|call| sends(call)), 1);
    assert_slot_released(&stack, &agent).await;
}

#[tokio::test]
async fn a_mail_to_a_recipient_that_ses_has_not_verified_is_refused() {
    let (stack, aws, agent) = stack().await;
    // In its sandbox, SES sends only to verified addresses. This recipient ends with the From address.
    let to = format!("not-{SENDER}");
    let message = format!(
        "Email address is not verified. \
         The following identities failed the check in region EU-WEST-1: {to}"
    );
    aws.inject_always(sends, ses_error(400, "MessageRejected", &message));
    let mut body = transcript();
    body["to"] = json!(to);
    agent
        .send_transcript_as("c1", body)
        .await
        .expect_problem(502, "email_refused");
    assert_slot_released(&stack, &agent).await;
}

#[tokio::test]
async fn after_an_ses_error_the_outcome_is_unknown() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["error"]).await;
    let reply = agent.send_transcript("c1").await;
    assert_outcome_unknown(&agent, reply).await;
    assert_eq!(aws.count(|call| sends(call)), 1, "it is not retried");
    assert_eq!(stack.outbox().await.len(), 0);
}

#[tokio::test]
async fn after_a_lost_reply_the_outcome_is_unknown_and_no_second_mail_goes_out() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["lost_reply"]).await;
    let reply = agent.send_transcript("c1").await;
    assert_outcome_unknown(&agent, reply).await;
    assert_eq!(aws.count(|call| sends(call)), 1, "it is not retried");
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn after_a_timeout_the_outcome_is_unknown_and_no_second_mail_goes_out() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["timeout"]).await;
    let reply = agent.send_transcript("c1").await;
    assert_outcome_unknown(&agent, reply).await;
    assert_eq!(aws.count(|call| sends(call)), 1, "it is not retried");
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn after_a_lost_request_the_outcome_is_unknown() {
    let (stack, aws, agent) = stack().await;
    aws.inject_always(sends, FaultInjection::LoseRequest);
    let reply = agent.send_transcript("c1").await;
    assert_outcome_unknown(&agent, reply).await;
    assert_eq!(aws.count(|call| sends(call)), 1, "it is not retried");
    assert_eq!(stack.outbox().await.len(), 0);
}

#[tokio::test]
async fn nothing_is_sent_if_the_slot_cannot_be_reserved() {
    let (stack, aws, agent) = stack().await;
    let writes = |call: &AwsCall| call.is("dynamodb:TransactWriteItems");
    aws.inject_always(writes, FaultInjection::Refuse(AwsError::Internal));
    agent
        .send_transcript("c1")
        .await
        .expect_problem(503, "storage_unavailable");
    assert_eq!(aws.count(|call| sends(call)), 0);
    assert_slot_released(&stack, &agent).await;
}

#[tokio::test]
async fn releasing_a_slot_is_retried_until_it_succeeds() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["reject"]).await;
    let releases = |call: &AwsCall| call.mentions("DELETE ids");
    // More failures than the SDK's attempts of one call.
    aws.inject(4, releases, FaultInjection::Refuse(AwsError::Internal));
    agent
        .send_transcript("c1")
        .await
        .expect_problem(502, "email_refused");
    assert_eq!(aws.count(|call| releases(call)), 5);
    assert_slot_released(&stack, &agent).await;
}

#[tokio::test]
async fn a_retried_release_does_not_release_the_slot_of_the_next_request_with_the_same_key() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["reject"]).await;
    let releases = |call: &AwsCall| call.mentions("DELETE ids");
    // The SDK's three attempts succeed, but their replies are lost. The function's own next attempt is
    // held until another request with the same key calls SES. SES responds when the first one has ended.
    aws.inject(3, releases, FaultInjection::LoseReply);
    let next_attempt = aws.hold(releases);
    let sending = Held::default();
    let first = async {
        let refused = agent.send_transcript_with_key("c1", "k").await;
        sending.release();
        refused
    };
    let second = async {
        next_attempt.arrived().await;
        aws.inject(
            1,
            sends,
            FaultInjection::HoldWhileConnected(sending.clone()),
        );
        let continue_release = async {
            sending.arrived().await;
            next_attempt.release();
        };
        let (retried, ()) =
            tokio::join!(agent.send_transcript_with_key("c1", "k"), continue_release);
        retried
    };
    let (refused, retried) = tokio::join!(first, second);
    refused.expect_problem(502, "email_refused");
    let sent = retried.expect(201);
    let replayed = agent.send_transcript_with_key("c1", "k").await;
    assert_eq!(replayed.header("idempotent-replayed"), "true");
    assert_eq!(replayed.expect(201), sent);
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(states(&agent).await, ["sent"]);
}

#[tokio::test]
async fn a_slot_that_cannot_be_released_stays_used() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["reject"]).await;
    let releases = |call: &AwsCall| call.mentions("DELETE ids");
    aws.inject_always(releases, FaultInjection::Refuse(AwsError::Internal));
    agent
        .send_transcript("c1")
        .await
        .expect_problem(502, "email_refused");
    assert!(aws.count(|call| releases(call)) > 1, "it was retried");
    assert_eq!(stack.outbox().await.len(), 0);
    assert_eq!(agent.remaining("c1").await, 4);
    assert_eq!(states(&agent).await, ["reserved"]);
}
