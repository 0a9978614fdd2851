//! What SES says to a transcript, and what becomes of it: no transcript is ever sent twice, and no
//! slot is lost but where its mail may be out.

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

/// Whether it is the transaction that writes down that the mail was sent.
fn records(call: &AwsCall) -> bool {
    call.is("dynamodb:TransactWriteItems") && call.mentions("transcript_sent")
}

fn ses_says(status: u16, name: &'static str, message: &str) -> FaultInjection {
    FaultInjection::Refuse(AwsError::Ses(status, name, message.to_owned()))
}

/// The states of the conversation's transcripts, as its inbox shows them.
async fn states(agent: &Caller) -> Vec<String> {
    let read = agent.conversation("c1").await;
    let transcripts = read["transcripts"].as_array().unwrap();
    transcripts
        .iter()
        .map(|transcript| transcript["state"].as_str().unwrap().to_owned())
        .collect()
}

/// Asserts that nothing was sent, and that nothing is left of the try: its slot is free for another.
async fn assert_given_back(stack: &Stack, agent: &Caller) {
    assert_eq!(stack.outbox().await.len(), 0);
    assert_eq!(agent.remaining("c1").await, 5);
    assert!(states(agent).await.is_empty());
    assert!(agent.events("c1", "transcript_sent").await.is_empty());
}

/// Asserts that the outcome is not known, and that the slot is kept.
async fn assert_unknown(agent: &Caller, reply: Reply) {
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
async fn a_transcript_whose_record_fails_to_the_end_is_sent_all_the_same() {
    for error in [AwsError::Internal, AwsError::TransactionConflict] {
        let (stack, aws, agent) = stack().await;
        aws.inject_always(records, FaultInjection::Refuse(error));
        let sent = agent.send_transcript("c1").await.expect(201);
        assert_eq!(sent["quota"]["remaining"], 4);
        assert!(aws.count(|call| records(call)) > 1, "it was tried again");
        assert_eq!(aws.count(|call| sends(call)), 1);
        assert_eq!(stack.outbox().await.len(), 1);
        assert_eq!(agent.remaining("c1").await, 4);
        assert_eq!(states(&agent).await, ["reserved"]);
    }
}

#[tokio::test]
async fn a_transcript_whose_record_fails_once_is_recorded_by_the_retry() {
    let (stack, aws, agent) = stack().await;
    aws.inject(1, records, FaultInjection::Refuse(AwsError::Internal));
    agent.send_transcript("c1").await.expect(201);
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(states(&agent).await, ["sent"]);
    assert_eq!(agent.events("c1", "transcript_sent").await.len(), 1);
}

#[tokio::test]
async fn where_ses_cannot_be_reached_nothing_is_sent() {
    let (stack, aws, agent) = stack().await;
    // Its connections to DynamoDB stand from here on; each send makes a new one to SES.
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
async fn a_transcript_that_was_throttled_twice_is_given_up() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["throttle", "throttle"]).await;
    agent
        .send_transcript("c1")
        .await
        .expect_problem(503, "email_unavailable");
    assert_eq!(aws.count(|call| sends(call)), 2);
    assert_given_back(&stack, &agent).await;
}

#[tokio::test]
async fn an_account_that_may_not_send_for_a_while_sends_nothing_and_is_asked_once() {
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
        aws.inject_always(sends, ses_says(status, name, message));
        agent
            .send_transcript("c1")
            .await
            .expect_problem(503, "email_unavailable");
        assert_eq!(aws.count(|call| sends(call)), 1, "{name}");
        assert_given_back(&stack, &agent).await;
    }
}

#[tokio::test]
async fn a_refused_mail_is_not_sent() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["reject"]).await;
    agent
        .send_transcript("c1")
        .await
        .expect_problem(502, "email_refused");
    assert_eq!(aws.count(|call| sends(call)), 1);
    assert_given_back(&stack, &agent).await;
}

#[tokio::test]
async fn where_ses_no_longer_trusts_our_from_the_sender_is_not_verified() {
    let (stack, aws, agent) = stack().await;
    stack.identity(SENDER, false).await;
    let problem = agent
        .send_transcript("c1")
        .await
        .expect_problem(422, "sender_not_verified");
    assert_eq!(problem["field"], "from");
    assert_eq!(aws.count(|call| sends(call)), 1);
    assert_given_back(&stack, &agent).await;
}

#[tokio::test]
async fn where_ses_does_not_trust_the_recipient_the_mail_is_refused() {
    let (stack, aws, agent) = stack().await;
    // In its sandbox SES sends to verified addresses alone. This one merely ends like our From.
    let to = format!("not-{SENDER}");
    let message = format!(
        "Email address is not verified. \
         The following identities failed the check in region EU-WEST-1: {to}"
    );
    aws.inject_always(sends, ses_says(400, "MessageRejected", &message));
    let mut body = transcript();
    body["to"] = json!(to);
    agent
        .send_transcript_as("c1", body)
        .await
        .expect_problem(502, "email_refused");
    assert_given_back(&stack, &agent).await;
}

#[tokio::test]
async fn after_an_error_of_ses_the_outcome_is_unknown() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["error"]).await;
    let reply = agent.send_transcript("c1").await;
    assert_unknown(&agent, reply).await;
    assert_eq!(aws.count(|call| sends(call)), 1, "it is not tried again");
    assert_eq!(stack.outbox().await.len(), 0);
}

#[tokio::test]
async fn after_a_lost_reply_the_outcome_is_unknown_and_no_second_mail_goes_out() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["lost_reply"]).await;
    let reply = agent.send_transcript("c1").await;
    assert_unknown(&agent, reply).await;
    assert_eq!(aws.count(|call| sends(call)), 1, "it is not tried again");
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn after_a_timeout_the_outcome_is_unknown_and_no_second_mail_goes_out() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["timeout"]).await;
    let reply = agent.send_transcript("c1").await;
    assert_unknown(&agent, reply).await;
    assert_eq!(aws.count(|call| sends(call)), 1, "it is not tried again");
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_request_that_is_lost_on_its_way_to_ses_counts_as_unknown() {
    let (stack, aws, agent) = stack().await;
    aws.inject_always(sends, FaultInjection::LoseRequest);
    let reply = agent.send_transcript("c1").await;
    assert_unknown(&agent, reply).await;
    assert_eq!(aws.count(|call| sends(call)), 1, "it is not tried again");
    assert_eq!(stack.outbox().await.len(), 0);
}

#[tokio::test]
async fn where_the_slot_cannot_be_reserved_nothing_is_sent() {
    let (stack, aws, agent) = stack().await;
    let writes = |call: &AwsCall| call.is("dynamodb:TransactWriteItems");
    aws.inject_always(writes, FaultInjection::Refuse(AwsError::Internal));
    agent
        .send_transcript("c1")
        .await
        .expect_problem(503, "storage_unavailable");
    assert_eq!(aws.count(|call| sends(call)), 0);
    assert_given_back(&stack, &agent).await;
}

#[tokio::test]
async fn a_slot_whose_giving_back_fails_for_a_while_is_given_back() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["reject"]).await;
    let gives_back = |call: &AwsCall| call.mentions("DELETE ids");
    // More often than the SDK tries one call.
    aws.inject(4, gives_back, FaultInjection::Refuse(AwsError::Internal));
    agent
        .send_transcript("c1")
        .await
        .expect_problem(502, "email_refused");
    assert_eq!(aws.count(|call| gives_back(call)), 5);
    assert_given_back(&stack, &agent).await;
}

#[tokio::test]
async fn a_slot_that_was_given_back_unheard_is_not_taken_from_the_next_with_its_key() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["reject"]).await;
    let gives_back = |call: &AwsCall| call.mentions("DELETE ids");
    // The SDK's three tries take place and are never heard of. The function's own next one waits
    // until another request with the same key waits for SES, which waits for the first to end.
    aws.inject(3, gives_back, FaultInjection::LoseReply);
    let next_try = aws.hold(gives_back);
    let sending = Held::default();
    let first = async {
        let refused = agent.send_transcript_once("c1", "k").await;
        sending.release();
        refused
    };
    let second = async {
        next_try.arrived().await;
        aws.inject(1, sends, FaultInjection::Hold(sending.clone()));
        let let_go = async {
            sending.arrived().await;
            next_try.release();
        };
        let (again, ()) = tokio::join!(agent.send_transcript_once("c1", "k"), let_go);
        again
    };
    let (refused, again) = tokio::join!(first, second);
    refused.expect_problem(502, "email_refused");
    let sent = again.expect(201);
    let replayed = agent.send_transcript_once("c1", "k").await;
    assert_eq!(replayed.header("idempotent-replayed"), "true");
    assert_eq!(replayed.expect(201), sent);
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(states(&agent).await, ["sent"]);
}

#[tokio::test]
async fn a_slot_that_cannot_be_given_back_stays_used() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["reject"]).await;
    let gives_back = |call: &AwsCall| call.mentions("DELETE ids");
    aws.inject_always(gives_back, FaultInjection::Refuse(AwsError::Internal));
    agent
        .send_transcript("c1")
        .await
        .expect_problem(502, "email_refused");
    assert!(aws.count(|call| gives_back(call)) > 1, "it was tried again");
    assert_eq!(stack.outbox().await.len(), 0);
    assert_eq!(agent.remaining("c1").await, 4);
    assert_eq!(states(&agent).await, ["reserved"]);
}
