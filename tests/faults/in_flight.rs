//! A second request with the same idempotency key while the first one is in progress.

use serde_json::{Value, json};
use tests::{AwsCall, AwsProxy, Caller, Held, Reply, SENDER, Stack, transcript};

const REQUEST_RATING: &str = "/v1/conversations/c1/rating-requests";
const SEND: &str = "/v1/conversations/c1/transcripts";

async fn stack() -> (Stack, AwsProxy, Caller) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    (stack, aws, agent)
}

/// Runs `meanwhile` while a call of `request` is held. Returns both results.
async fn while_held<T>(
    request: impl Future<Output = Reply>,
    held: Held,
    meanwhile: impl Future<Output = T>,
) -> (Reply, T) {
    let meanwhile = async {
        held.arrived().await;
        let result = meanwhile.await;
        held.release();
        result
    };
    tokio::join!(request, meanwhile)
}

fn reserves(call: &AwsCall) -> bool {
    call.subject().contains("Put TRANSCRIPT")
}

fn sends(call: &AwsCall) -> bool {
    call.is("ses:SendEmail")
}

fn records(call: &AwsCall) -> bool {
    call.subject().contains("transcript_sent")
}

#[tokio::test]
async fn of_two_rating_requests_with_one_key_the_first_write_is_the_first_request() {
    let (_stack, aws, agent) = stack().await;
    let writes = aws.hold(|call| call.is("dynamodb:TransactWriteItems"));
    let (early, late) = while_held(
        agent.post_with_key(REQUEST_RATING, "k", json!({})),
        writes,
        agent.post_with_key(REQUEST_RATING, "k", json!({})),
    )
    .await;
    assert_eq!(late.expect_first(), early.expect_replayed());
    assert_eq!(agent.events("c1", "rating_requested").await.len(), 1);
}

#[tokio::test]
async fn a_rating_request_in_progress_is_refused_if_another_payload_uses_its_key_first() {
    let (stack, aws, agent) = stack().await;
    let platform = stack.platform().await;
    let named = |name: &str| json!({ "agent": { "id": "lee", "name": name } });
    let writes = aws.hold(|call| call.is("dynamodb:TransactWriteItems"));
    let (early, late) = while_held(
        platform.post_with_key(REQUEST_RATING, "k", named("Lee")),
        writes,
        platform.post_with_key(REQUEST_RATING, "k", named("Lee B.")),
    )
    .await;
    late.expect_first();
    early.expect_problem(422, "idempotency_key_reused");
    assert_eq!(agent.events("c1", "rating_requested").await.len(), 1);
}

#[tokio::test]
async fn a_send_that_is_overtaken_before_its_reservation_replays_the_other() {
    let (stack, aws, agent) = stack().await;
    let reservation = aws.hold(reserves);
    let (early, late) = while_held(
        agent.send_transcript_with_key("c1", "k"),
        reservation,
        agent.send_transcript_with_key("c1", "k"),
    )
    .await;
    assert_eq!(late.expect_first(), early.expect_replayed());
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(agent.remaining("c1").await, 4);
    assert_eq!(agent.events("c1", "transcript_sent").await.len(), 1);
}

#[tokio::test]
async fn the_key_of_a_send_is_in_use_from_its_reservation_to_its_record() {
    for step in [sends, records] {
        let (stack, aws, agent) = stack().await;
        let mut other = transcript();
        other["sender_name"] = json!("Another");
        let meanwhile = async {
            agent
                .send_transcript_with_key("c1", "k")
                .await
                .expect_problem(409, "idempotency_key_in_use");
            agent
                .post_with_key(SEND, "k", other)
                .await
                .expect_problem(422, "idempotency_key_reused");
        };
        let (sent, ()) = while_held(
            agent.send_transcript_with_key("c1", "k"),
            aws.hold(step),
            meanwhile,
        )
        .await;
        let sent = sent.expect_first();
        assert_eq!(
            agent
                .send_transcript_with_key("c1", "k")
                .await
                .expect_replayed(),
            sent
        );
        assert_eq!(stack.outbox().await.len(), 1);
        assert_eq!(agent.remaining("c1").await, 4);
        assert_eq!(agent.events("c1", "transcript_sent").await.len(), 1);
    }
}

#[tokio::test]
async fn the_key_of_a_refused_send_is_in_use_until_its_slot_is_released() {
    let (stack, aws, agent) = stack().await;
    stack.next_sends(&["reject"]).await;
    let release = aws.hold(|call| call.subject().contains("Delete TRANSCRIPT"));
    let meanwhile = agent.send_transcript_with_key("c1", "k");
    let (refused, meanwhile) = while_held(
        agent.send_transcript_with_key("c1", "k"),
        release,
        meanwhile,
    )
    .await;
    meanwhile.expect_problem(409, "idempotency_key_in_use");
    refused.expect_problem(502, "email_refused");

    agent
        .send_transcript_with_key("c1", "k")
        .await
        .expect_first();
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(agent.remaining("c1").await, 4);
}

#[tokio::test]
async fn a_key_in_use_is_free_for_other_agents_conversations_and_organisations() {
    let options = local::Options {
        organisations: true,
        ..Stack::options()
    };
    let (stack, aws) = Stack::start_behind_proxy(options).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    stack.conversation("c2").await;
    stack.conversation_of("other", "c1").await;
    stack.identity("hello@example.net", true).await;
    let stranger = stack.agent_of("other", "kim").await;
    stranger
        .put("/v1/senders/hello@example.net", json!({}))
        .await
        .expect(201);

    let kim = stack.agent("kim").await;
    let lee = stack.agent("lee").await;
    let theirs = json!({ "from": "hello@example.net", "sender_name": "Acme support" });
    let meanwhile = async {
        lee.send_transcript_with_key("c1", "k").await.expect_first();
        kim.send_transcript_with_key("c2", "k").await.expect_first();
        stranger
            .post_with_key(SEND, "k", theirs)
            .await
            .expect_first();
        for (agent, path) in [
            (&lee, REQUEST_RATING),
            (&kim, REQUEST_RATING),
            (&stranger, REQUEST_RATING),
        ] {
            agent
                .post_with_key(path, "k", json!({}))
                .await
                .expect_first();
        }
    };
    let (sent, ()) = while_held(
        kim.send_transcript_with_key("c1", "k"),
        aws.hold(sends),
        meanwhile,
    )
    .await;
    sent.expect_first();
    let mails = stack.outbox().await;
    assert_eq!(mails.len(), 4);
    let is_ours = |mail: &&Value| mail["from"].as_str().unwrap().contains(SENDER);
    assert_eq!(mails.iter().filter(is_ours).count(), 3);
}
