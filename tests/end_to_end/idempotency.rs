//! `Idempotency-Key`: a retry gets the response of the first request, which takes effect once.

use futures_util::future::join_all;
use serde_json::json;
use tests::{AwsCall, AwsError, Caller, FaultInjection, Reply, SENDER, Stack, message, transcript};

const RATING_REQUESTS: &str = "/v1/conversations/c1/rating-requests";
const TRANSCRIPTS: &str = "/v1/conversations/c1/transcripts";

/// A stack in a new hour with a verified sender and the conversation `c1`, and an agent.
async fn stack() -> (Stack, Caller) {
    let stack = Stack::start().await;
    prepare(&stack).await;
    let agent = stack.agent("kim").await;
    (stack, agent)
}

async fn prepare(stack: &Stack) {
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
}

#[tokio::test]
async fn a_repeated_key_creates_one_rating_request_and_replays_its_response() {
    let (_stack, agent) = stack().await;
    let created = agent
        .post_with_key(RATING_REQUESTS, "k", json!({}))
        .await
        .expect_first();
    for _ in 0..2 {
        assert_eq!(
            agent
                .post_with_key(RATING_REQUESTS, "k", json!({}))
                .await
                .expect_replayed(),
            created
        );
    }
    assert_eq!(agent.events("c1", "rating_requested").await.len(), 1);
    agent
        .post_with_key(RATING_REQUESTS, "another", json!({}))
        .await
        .expect_problem(429, "rating_already_requested");
}

#[tokio::test]
async fn a_repeated_key_sends_one_transcript_and_replays_its_response() {
    let (stack, agent) = stack().await;
    let sent = agent
        .send_transcript_with_key("c1", "k")
        .await
        .expect_first();
    assert_eq!(sent["quota"]["remaining"], 4);
    for _ in 0..2 {
        assert_eq!(
            agent
                .send_transcript_with_key("c1", "k")
                .await
                .expect_replayed(),
            sent
        );
    }
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(agent.remaining("c1").await, 4);
    assert_eq!(agent.events("c1", "transcript_sent").await.len(), 1);

    agent
        .send_transcript_with_key("c1", "another")
        .await
        .expect_first();
    assert_eq!(stack.outbox().await.len(), 2);
}

#[tokio::test]
async fn a_response_is_replayed_after_the_conversation_changed() {
    let (stack, agent) = stack().await;
    let created = agent
        .post_with_key(RATING_REQUESTS, "k", json!({}))
        .await
        .expect_first();
    let sent = agent
        .send_transcript_with_key("c1", "k")
        .await
        .expect_first();

    let platform = stack.platform().await;
    let moved = json!({ "channel": "voice", "visitor": { "email": "bo@example.net" } });
    platform
        .put("/v1/conversations/c1", moved)
        .await
        .expect(200);
    let more = json!({ "messages": [message("m2", "2026-01-05T09:01:00Z", "More")] });
    platform
        .post("/v1/conversations/c1/messages", more)
        .await
        .expect(200);

    assert_eq!(
        agent
            .post_with_key(RATING_REQUESTS, "k", json!({}))
            .await
            .expect_replayed(),
        created
    );
    assert_eq!(
        agent
            .send_transcript_with_key("c1", "k")
            .await
            .expect_replayed(),
        sent
    );
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_response_is_replayed_after_the_sender_was_deleted() {
    let (stack, agent) = stack().await;
    let sent = agent
        .send_transcript_with_key("c1", "k")
        .await
        .expect_first();
    agent
        .delete(&format!("/v1/senders/{SENDER}"))
        .await
        .expect(204);
    assert_eq!(
        agent
            .send_transcript_with_key("c1", "k")
            .await
            .expect_replayed(),
        sent
    );
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_response_is_replayed_at_the_limit_and_after_it_expires() {
    let (stack, agent) = stack().await;
    let created = agent
        .post_with_key(RATING_REQUESTS, "k", json!({}))
        .await
        .expect_first();
    let sent = agent
        .send_transcript_with_key("c1", "k")
        .await
        .expect_first();
    for _ in 0..4 {
        agent.send_transcript("c1").await.expect(201);
    }
    agent
        .send_transcript("c1")
        .await
        .expect_problem(429, "transcript_limit_reached");
    assert_eq!(
        agent
            .send_transcript_with_key("c1", "k")
            .await
            .expect_replayed(),
        sent
    );

    stack.advance(8 * 24 * 60 * 60).await;
    assert_eq!(
        agent
            .send_transcript_with_key("c1", "k")
            .await
            .expect_replayed(),
        sent
    );
    assert_eq!(
        agent
            .post_with_key(RATING_REQUESTS, "k", json!({}))
            .await
            .expect_replayed(),
        created
    );
    assert_eq!(stack.outbox().await.len(), 5);
    agent
        .post_with_key(RATING_REQUESTS, "another", json!({}))
        .await
        .expect_first();
}

#[tokio::test]
async fn a_key_reused_with_another_payload_is_refused() {
    let (stack, agent) = stack().await;
    agent
        .send_transcript_with_key("c1", "k")
        .await
        .expect_first();
    for changes in [
        json!({ "to": "bo@example.net" }),
        json!({ "to": "ana@example.org" }),
        json!({ "from": "other@example.com" }),
        json!({ "sender_name": "Acme" }),
    ] {
        let mut body = transcript();
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        let problem = agent
            .post_with_key(TRANSCRIPTS, "k", body)
            .await
            .expect_problem(422, "idempotency_key_reused");
        assert_eq!(problem["field"], "Idempotency-Key");
    }
    assert_eq!(stack.outbox().await.len(), 1);

    let platform = stack.platform().await;
    let named = |name: &str| json!({ "agent": { "id": "lee", "name": name } });
    platform
        .post_with_key(RATING_REQUESTS, "k", named("Lee"))
        .await
        .expect_first();
    platform
        .post_with_key(RATING_REQUESTS, "k", named("Lee B."))
        .await
        .expect_problem(422, "idempotency_key_reused");
    platform
        .post_with_key(RATING_REQUESTS, "k", named("Lee"))
        .await
        .expect_replayed();
    assert_eq!(agent.events("c1", "rating_requested").await.len(), 1);
}

#[tokio::test]
async fn a_key_belongs_to_one_agent_conversation_and_route() {
    let (stack, kim) = stack().await;
    stack.conversation("c2").await;
    let lee = stack.agent("lee").await;
    for (agent, conversation) in [(&kim, "c1"), (&lee, "c1"), (&kim, "c2")] {
        let ask = format!("/v1/conversations/{conversation}/rating-requests");
        agent
            .post_with_key(&ask, "k", json!({}))
            .await
            .expect_first();
        agent
            .send_transcript_with_key(conversation, "k")
            .await
            .expect_first();
    }
    assert_eq!(stack.outbox().await.len(), 3);

    let platform = stack.platform().await;
    for agent in ["max", "ned"] {
        let body = json!({ "agent": { "id": agent } });
        platform
            .post_with_key(RATING_REQUESTS, "k", body)
            .await
            .expect_first();
    }
}

#[tokio::test]
async fn a_key_belongs_to_one_organisation() {
    let stack = Stack::start_with_organisations().await;
    stack.conversation("c1").await;
    stack.conversation_of("other", "c1").await;
    let ours = stack
        .agent("kim")
        .await
        .post_with_key(RATING_REQUESTS, "k", json!({}))
        .await
        .expect_first();
    let other_agent = stack.agent_of("other", "kim").await;
    let theirs = other_agent
        .post_with_key(RATING_REQUESTS, "k", json!({}))
        .await
        .expect_first();
    assert_ne!(ours["rating_request"]["id"], theirs["rating_request"]["id"]);
}

#[tokio::test]
async fn of_concurrent_requests_with_one_key_one_creates_a_rating_request() {
    let (_stack, agent) = stack().await;
    let replies =
        join_all((0..10).map(|_| agent.post_with_key(RATING_REQUESTS, "k", json!({})))).await;
    assert_done_once(replies);
    assert_eq!(agent.events("c1", "rating_requested").await.len(), 1);
}

#[tokio::test]
async fn of_concurrent_requests_with_one_key_one_sends_a_transcript() {
    let (stack, agent) = stack().await;
    let replies = join_all((0..10).map(|_| agent.send_transcript_with_key("c1", "k"))).await;
    assert_done_once(replies);
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(agent.remaining("c1").await, 4);
    assert_eq!(agent.events("c1", "transcript_sent").await.len(), 1);
}

/// Asserts that one response is the first of its key, and that all others replay it or report that the key is in use.
fn assert_done_once(replies: Vec<Reply>) {
    let (done, in_use): (Vec<_>, Vec<_>) =
        replies.into_iter().partition(|reply| reply.status == 201);
    for reply in in_use {
        reply.expect_problem(409, "idempotency_key_in_use");
    }
    let is_first = |reply: &&Reply| reply.header("idempotent-replayed").is_empty();
    assert_eq!(done.iter().filter(is_first).count(), 1);
    assert!(done.iter().all(|reply| reply.body == done[0].body));
}

#[tokio::test]
async fn a_refused_rating_request_is_not_replayed() {
    let (stack, agent) = stack().await;
    let platform = stack.platform().await;
    let channel = async |channel: &str| {
        let body = json!({ "channel": channel });
        platform.put("/v1/conversations/c1", body).await.expect(200)
    };
    channel("voice").await;
    agent
        .post_with_key(RATING_REQUESTS, "k", json!({}))
        .await
        .expect_problem(409, "channel_not_supported");
    channel("widget").await;
    agent
        .post_with_key(RATING_REQUESTS, "k", json!({}))
        .await
        .expect_first();

    agent
        .post_with_key(RATING_REQUESTS, "early", json!({}))
        .await
        .expect_problem(429, "rating_already_requested");
    stack.advance(7 * 24 * 60 * 60).await;
    agent
        .post_with_key(RATING_REQUESTS, "early", json!({}))
        .await
        .expect_first();
}

#[tokio::test]
async fn a_refused_transcript_is_not_replayed() {
    let (stack, agent) = stack().await;
    agent
        .post_with_key(
            TRANSCRIPTS,
            "k",
            json!({ "from": "other@example.com", "sender_name": "Acme" }),
        )
        .await
        .expect_problem(422, "sender_not_verified");
    stack.next_sends(&["reject"]).await;
    agent
        .send_transcript_with_key("c1", "k")
        .await
        .expect_problem(502, "email_refused");
    stack.next_sends(&["throttle", "throttle"]).await;
    agent
        .send_transcript_with_key("c1", "k")
        .await
        .expect_problem(503, "email_unavailable");

    agent
        .send_transcript_with_key("c1", "k")
        .await
        .expect_first();
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(agent.remaining("c1").await, 4);

    for _ in 0..4 {
        agent.send_transcript("c1").await.expect(201);
    }
    agent
        .send_transcript_with_key("c1", "late")
        .await
        .expect_problem(429, "transcript_limit_reached");
    stack.begin_an_hour().await;
    agent
        .send_transcript_with_key("c1", "late")
        .await
        .expect_first();
}

#[tokio::test]
async fn an_unknown_outcome_is_replayed_and_not_sent_again() {
    let (stack, agent) = stack().await;
    stack.next_sends(&["lost_reply"]).await;
    let unknown = agent.send_transcript_with_key("c1", "k").await;
    assert_eq!(unknown.header("idempotent-replayed"), "");
    unknown.expect_problem(504, "email_outcome_unknown");
    for _ in 0..2 {
        let retry = agent.send_transcript_with_key("c1", "k").await;
        assert_eq!(retry.header("idempotent-replayed"), "true");
        retry.expect_problem(504, "email_outcome_unknown");
    }
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(agent.remaining("c1").await, 4);
}

#[tokio::test]
async fn a_key_is_in_use_during_its_send_and_its_outcome_is_unknown_after_30_seconds() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    prepare(&stack).await;
    let agent = stack.agent("kim").await;
    let sending = aws.hold(|call: &AwsCall| call.is("ses:SendEmail"));
    let meanwhile = sending.meanwhile(async {
        agent
            .send_transcript_with_key("c1", "k")
            .await
            .expect_problem(409, "idempotency_key_in_use");
        stack.advance(31).await;
        let late = agent.send_transcript_with_key("c1", "k").await;
        assert_eq!(late.header("idempotent-replayed"), "true");
        late.expect_problem(504, "email_outcome_unknown");
    });
    let (reply, ()) = tokio::join!(agent.send_transcript_with_key("c1", "k"), meanwhile);
    let sent = reply.expect_first();
    assert_eq!(
        agent
            .send_transcript_with_key("c1", "k")
            .await
            .expect_replayed(),
        sent
    );
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_retry_whose_first_request_took_the_last_slot_gets_its_response() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    prepare(&stack).await;
    let agent = stack.agent("kim").await;
    for _ in 0..4 {
        agent.send_transcript("c1").await.expect(201);
    }
    // The slots are read after the transcript with the key was not found.
    let reads_slots = |call: &AwsCall| call.is("dynamodb:BatchGetItem") && call.mentions("QUOTA#");
    aws.inject(1, reads_slots, FaultInjection::LeaveUnprocessed("QUOTA#"));
    let counting = aws.hold(move |call| reads_slots(call) && !call.mentions("TRANSCRIPT#"));
    let meanwhile = async {
        counting.arrived().await;
        let sent = agent
            .send_transcript_with_key("c1", "k")
            .await
            .expect_first();
        counting.release();
        sent
    };
    let (retry, sent) = tokio::join!(agent.send_transcript_with_key("c1", "k"), meanwhile);
    assert_eq!(retry.expect_replayed(), sent);
    assert_eq!(stack.outbox().await.len(), 5);
}

#[tokio::test]
async fn a_transcript_whose_send_was_not_recorded_is_not_sent_again() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    prepare(&stack).await;
    let agent = stack.agent("kim").await;
    let records = |call: &AwsCall| call.mentions("transcript_sent");
    aws.inject_always(records, FaultInjection::Refuse(AwsError::Internal));
    agent
        .send_transcript_with_key("c1", "k")
        .await
        .expect_first();
    agent
        .send_transcript_with_key("c1", "k")
        .await
        .expect_problem(409, "idempotency_key_in_use");
    stack.advance(31).await;
    agent
        .send_transcript_with_key("c1", "k")
        .await
        .expect_problem(504, "email_outcome_unknown");
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_response_is_replayed_after_a_lost_dynamodb_response() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    prepare(&stack).await;
    let agent = stack.agent("kim").await;
    let writes = |call: &AwsCall| call.is("dynamodb:TransactWriteItems");
    aws.inject(1, writes, FaultInjection::LoseReply);
    let created = agent
        .post_with_key(RATING_REQUESTS, "k", json!({}))
        .await
        .expect(201);
    assert_eq!(
        agent
            .post_with_key(RATING_REQUESTS, "k", json!({}))
            .await
            .expect_replayed(),
        created
    );

    aws.inject(1, writes, FaultInjection::LoseReply);
    let sent = agent.send_transcript_with_key("c1", "k").await.expect(201);
    assert_eq!(
        agent
            .send_transcript_with_key("c1", "k")
            .await
            .expect_replayed(),
        sent
    );
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_key_has_1_to_255_printable_ascii_characters() {
    let (stack, agent) = stack().await;
    for key in ["", &"k".repeat(256), "clé"] {
        for (path, body) in [(RATING_REQUESTS, json!({})), (TRANSCRIPTS, transcript())] {
            let problem = agent
                .post_with_key(path, key, body)
                .await
                .expect_problem(422, "invalid_request");
            assert_eq!(problem["field"], "Idempotency-Key");
        }
    }
    assert_eq!(stack.outbox().await.len(), 0);

    let longest = "k".repeat(255);
    let created = agent
        .post_with_key(RATING_REQUESTS, &longest, json!({}))
        .await
        .expect_first();
    let retry = agent
        .post_with_key(RATING_REQUESTS, &longest, json!({}))
        .await;
    assert_eq!(retry.expect_replayed(), created);
}
