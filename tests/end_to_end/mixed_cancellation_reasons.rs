//! Cancelled transactions in which items conflict. DynamoDB then does not report the conditions of these items, so the
//! response must not depend on the reported conditions alone.

use futures_util::future::join_all;
use local::Options;
use serde_json::{Value, json};
use tests::{AwsCall, AwsProxy, Caller, Conflicting, Reply, Stack, message, note};

/// Which failed condition is reported while all other items conflict.
const REPORTED_CONDITIONS: [Conflicting; 2] = [
    Conflicting::AllButFirstRefused,
    Conflicting::AllButLastRefused,
];

/// A stack behind a proxy, in a new hour, with a verified sender, the conversation `c1`, its visitor and an
/// agent.
async fn stack(options: Options) -> (Stack, AwsProxy, Caller, Caller) {
    let (stack, aws) = Stack::start_behind_proxy(options).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    (stack, aws, visitor, agent)
}

/// Options with a limit of one transcript for each agent and hour.
fn one_transcript_per_agent() -> Options {
    Stack::options_with(&[("AgentTranscriptsPerHour", "1")])
}

fn transacts(call: &AwsCall) -> bool {
    call.is("dynamodb:TransactWriteItems")
}

/// Whether it is the transaction that reserves a transcript's slot.
fn reserves_slot(call: &AwsCall) -> bool {
    transacts(call) && call.mentions("ADD ids")
}

#[tokio::test]
async fn a_wrong_visitor_token_is_refused_while_the_conversation_is_busy() {
    for which in REPORTED_CONDITIONS {
        let (stack, aws, visitor, agent) = stack(Stack::options()).await;
        let request = agent.ask_for_id("c1").await;
        let answer = json!({ "score": 2, "comment": "It took too long." });
        visitor.rate(&request, answer.clone()).await.expect(201);
        let platform = stack.platform().await;
        let renew = json!({ "renew_visitor_token": true });
        let path = "/v1/conversations/c1";
        let renewed = platform.put(path, renew).await.expect(200);
        let before = stack.items().await;

        aws.mix_cancellation_reasons(which);
        for answer in [answer.clone(), json!({ "score": 2 }), json!({ "score": 5 })] {
            let refused = visitor.rate(&request, answer).await;
            let problem = refused.expect_problem(401, "invalid_visitor_token");
            assert!(!problem.to_string().contains("too long"), "{problem}");
        }
        assert_eq!(stack.items().await, before);

        // The new token still gets the rating.
        let visitor = stack.bearer(renewed["visitor_token"].as_str().unwrap());
        let unchanged = visitor.rate(&request, answer).await.expect(200);
        assert_eq!(unchanged["rating"]["comment"], "It took too long.");
    }
}

#[tokio::test]
async fn a_superseded_rating_request_cannot_be_answered_while_the_conversation_is_busy() {
    for which in REPORTED_CONDITIONS {
        let (stack, aws, visitor, agent) = stack(Stack::options()).await;
        let older = agent.ask_for_id("c1").await;
        visitor
            .rate(&older, json!({ "score": 2 }))
            .await
            .expect(201);
        stack.agent("lee").await.ask("c1").await.expect(201);
        let before = stack.items().await;

        aws.mix_cancellation_reasons(which);
        for score in [2, 5] {
            let refused = visitor.rate(&older, json!({ "score": score })).await;
            refused.expect_problem(410, "rating_request_superseded");
        }
        assert_eq!(stack.items().await, before);
    }
}

#[tokio::test]
async fn a_retry_with_the_same_key_creates_no_second_rating_request_while_the_conversation_is_busy()
{
    for which in REPORTED_CONDITIONS {
        let (stack, aws, _visitor, agent) = stack(Stack::options()).await;
        let path = "/v1/conversations/c1/rating-requests";
        let first = agent.post_with_key(path, "key", json!({})).await;
        let first = first.expect_first();
        let before = stack.items().await;

        aws.mix_cancellation_reasons(which);
        let retry = agent.post_with_key(path, "key", json!({})).await;
        assert_eq!(retry.status, 201, "{:?}", retry.body);
        let retry = retry.expect_replayed();
        assert_eq!(retry["rating_request"]["id"], first["rating_request"]["id"]);
        let other = agent.post_with_key(path, "other key", json!({})).await;
        let problem = other.expect_problem(429, "rating_already_requested");
        assert_eq!(
            problem["available_at"],
            first["rating_request"]["next_request_at"]
        );
        assert_eq!(stack.items().await, before);
    }
}

#[tokio::test]
async fn a_missing_conversation_is_not_found_while_its_items_are_busy() {
    for which in REPORTED_CONDITIONS {
        let (stack, aws, _visitor, agent) = stack(Stack::options()).await;
        agent.ask("c1").await.expect(201);
        agent.delete("/v1/conversations/c1").await.expect(200);
        let before = stack.items().await;
        aws.mix_cancellation_reasons(which);
        for conversation in ["c1", "c2"] {
            let refused = agent.ask(conversation).await;
            refused.expect_problem(404, "conversation_not_found");
            let refused = agent.send_transcript(conversation).await;
            refused.expect_problem(404, "conversation_not_found");
        }
        assert_eq!(stack.items().await, before);
    }
}

#[tokio::test]
async fn a_retry_with_the_same_key_sends_no_second_transcript_while_its_items_are_busy() {
    for which in REPORTED_CONDITIONS {
        let (stack, aws, _visitor, agent) = stack(one_transcript_per_agent()).await;
        aws.mix_cancellation_reasons(which);
        // The retry looks for an earlier request before the first request reserves its slot.
        let held = aws.hold(reserves_slot);
        let retry = tokio::spawn({
            let agent = stack.bearer(agent.token());
            async move { agent.send_transcript_with_key("c1", "key").await }
        });
        held.arrived().await;
        let first = agent
            .send_transcript_with_key("c1", "key")
            .await
            .expect_first();
        held.release();
        let retry = retry.await.unwrap();
        assert_eq!(retry.status, 201, "{:?}", retry.body);
        let retry = retry.expect_replayed();
        assert_eq!(retry["transcript"]["id"], first["transcript"]["id"]);
        assert_eq!(stack.outbox().await.len(), 1);
        assert_eq!(agent.remaining("c1").await, 4);

        let other = agent.send_transcript_with_key("c1", "other key").await;
        other.expect_problem(429, "transcript_limit_reached");
        assert_eq!(stack.outbox().await.len(), 1);
    }
}

#[tokio::test]
async fn a_sixth_transcript_is_refused_by_the_conversations_limit_while_its_items_are_busy() {
    for which in REPORTED_CONDITIONS {
        let (stack, aws, _visitor, agent) = stack(Stack::options()).await;
        for _ in 0..5 {
            agent.send_transcript("c1").await.expect(201);
        }
        aws.mix_cancellation_reasons(which);
        let refused = agent.send_transcript("c1").await;
        assert!(
            refused
                .header("ratelimit-policy")
                .contains("\"transcripts\"")
        );
        refused.expect_problem(429, "transcript_limit_reached");
        assert_eq!(stack.outbox().await.len(), 5);
    }
}

#[tokio::test]
async fn private_notes_stay_private_and_new_messages_are_recorded_while_entries_are_busy() {
    let texts = |read: &Value| {
        let entries = read["thread"]["entries"].as_array().unwrap();
        let texts = entries.iter().map(|entry| {
            let text = entry["text"].as_str().unwrap().to_owned();
            (text, entry["visibility"] == "private")
        });
        texts.collect::<Vec<_>>()
    };
    for which in REPORTED_CONDITIONS {
        let (stack, aws, _visitor, agent) = stack(Stack::options()).await;
        let platform = stack.platform().await;
        let path = "/v1/conversations/c1/messages";
        let notes = ["n1", "n2"].map(|id| note(id, "2026-01-05T09:01:00Z", id));
        let recorded = platform.post(path, json!({ "messages": notes })).await;
        recorded.expect(200);

        aws.mix_cancellation_reasons(which);
        let messages = ["n1", "m2", "n2", "m3"];
        let messages = messages.map(|id| message(id, "2026-01-05T09:01:00Z", "Public"));
        let recorded = platform.post(path, json!({ "messages": messages })).await;
        assert_eq!(recorded.expect(200)["recorded"], 4);
        let texts = texts(&agent.conversation("c1").await);
        let private = texts.iter().filter(|(_, is_private)| *is_private);
        let private: Vec<_> = private.map(|(text, _)| text.as_str()).collect();
        assert_eq!(private, ["n1", "n2"]);
        let public = texts.iter().filter(|(text, _)| text == "Public");
        assert_eq!(public.count(), 2);
    }
}

/// The number of responses with this status.
fn count(replies: &[Reply], status: u16) -> usize {
    replies
        .iter()
        .filter(|reply| reply.status == status)
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bursts_are_limited_while_items_conflict_at_random() {
    for seed in [1, 2, 3] {
        let (stack, aws, visitor, agent) = stack(Stack::options()).await;
        aws.mix_cancellation_reasons(Conflicting::AtRandom(seed));
        let requested = join_all((0..20).map(|_| agent.ask("c1"))).await;
        assert_eq!((count(&requested, 201), count(&requested, 429)), (1, 19));
        assert_eq!(agent.events("c1", "rating_requested").await.len(), 1);

        let sent = join_all((0..20).map(|_| agent.send_transcript("c1"))).await;
        assert_eq!((count(&sent, 201), count(&sent, 429)), (5, 15));
        assert_eq!(stack.outbox().await.len(), 5);

        let request = visitor.rating_request().await["rating_request"]["id"].clone();
        let request = request.as_str().unwrap();
        let rate = || visitor.rate(request, json!({ "score": 5 }));
        let rated = join_all((0..20).map(|_| rate())).await;
        assert_eq!((count(&rated, 201), count(&rated, 200)), (1, 19));
        assert_eq!(agent.events("c1", "rating_submitted").await.len(), 1);
    }
}
