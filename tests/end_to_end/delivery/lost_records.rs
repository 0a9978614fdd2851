use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{AwsError, FaultInjection, Reply, transcript, transcript_with_faces};

use crate::delivery::{
    conversation_in, count_events, event_of, put, records_send, stack, state_of,
};

const PATH: &str = "/v1/conversations/c1/transcripts";

fn assert_replays(replay: Reply, first: &Value) {
    assert_eq!(replay.header("idempotent-replayed"), "true");
    assert_eq!(replay.expect(201), *first);
}

#[tokio::test]
async fn the_first_delivery_event_adds_a_missing_transcript_sent_event() {
    let (stack, aws, agent) = stack().await;
    for state in ["reserved", "unknown"] {
        for (sample, end) in [
            ("mail-sent", "sent"),
            ("mail-delivered", "delivered"),
            ("mail-bounced", "bounced"),
            ("mail-automatic-reply", "sent"),
        ] {
            let id = format!("{state}-{sample}");
            conversation_in(&stack, &aws, &agent, &id, state).await;
            put(&stack, event_of(&agent, &id, sample).await).await;
            assert_eq!(state_of(&agent, &id).await, end, "{id}");
            let [event] = agent
                .events(&id, "transcript_sent")
                .await
                .try_into()
                .unwrap();
            assert_eq!(event["to"], "a•••@example.org");
            assert_eq!(event["agent"]["id"], "kim");
        }
    }
}

#[tokio::test]
async fn a_backfilled_transcript_has_the_same_attributes_as_a_recorded_one() {
    let (stack, aws, agent) = stack().await;
    conversation_in(&stack, &aws, &agent, "c1", "sent").await;
    conversation_in(&stack, &aws, &agent, "c2", "reserved").await;
    put(&stack, event_of(&agent, "c2", "mail-sent").await).await;
    let items = stack.items().await;
    let shape = |conversation: &str| -> Vec<BTreeSet<String>> {
        let partition = json!({ "S": format!("main#{conversation}") });
        let items = items.iter().filter(|item| item["pk"] == partition);
        let names = items.map(|item| item.as_object().unwrap().keys().cloned().collect());
        names.collect()
    };
    assert_eq!(shape("c1"), shape("c2"));
}

#[tokio::test]
async fn a_retry_after_a_lost_record_gets_its_201_after_the_first_delivery_event() {
    let (stack, aws, agent) = stack().await;
    stack.conversation("c1").await;
    aws.inject_always(records_send, FaultInjection::Refuse(AwsError::Internal));
    let first = agent
        .post_with_key(PATH, "k1", transcript_with_faces())
        .await
        .expect(201);
    assert!(first["rating_request"]["id"].is_string(), "{first}");
    aws.stop_faults();
    let too_soon = agent
        .post_with_key(PATH, "k1", transcript_with_faces())
        .await;
    too_soon.expect_problem(409, "idempotency_key_in_use");

    put(&stack, event_of(&agent, "c1", "mail-sent").await).await;
    assert_replays(
        agent
            .post_with_key(PATH, "k1", transcript_with_faces())
            .await,
        &first,
    );
    put(&stack, event_of(&agent, "c1", "mail-bounced").await).await;
    assert_replays(
        agent
            .post_with_key(PATH, "k1", transcript_with_faces())
            .await,
        &first,
    );
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_retry_after_a_lost_record_includes_the_refusal_of_the_rating_request() {
    let (stack, aws, agent) = stack().await;
    stack.conversation("c1").await;
    agent.ask_for_id("c1").await;
    aws.inject_always(records_send, FaultInjection::Refuse(AwsError::Internal));
    let first = agent
        .post_with_key(PATH, "k1", transcript_with_faces())
        .await
        .expect(201);
    let refused = &first["rating_request"]["refused"]["code"];
    assert_eq!(refused, "rating_already_requested", "{first}");
    aws.stop_faults();
    put(&stack, event_of(&agent, "c1", "mail-sent").await).await;
    assert_replays(
        agent
            .post_with_key(PATH, "k1", transcript_with_faces())
            .await,
        &first,
    );
}

#[tokio::test]
async fn a_retry_after_an_unknown_outcome_gets_a_201_after_the_first_delivery_event() {
    let (stack, _aws, agent) = stack().await;
    stack.conversation("c1").await;
    stack.next_sends(&["lost_reply"]).await;
    for _ in 0..2 {
        let reply = agent.post_with_key(PATH, "k1", transcript()).await;
        reply.expect_problem(504, "email_outcome_unknown");
    }
    put(&stack, event_of(&agent, "c1", "mail-delivered").await).await;
    let replay = agent.post_with_key(PATH, "k1", transcript()).await;
    assert_eq!(replay.header("idempotent-replayed"), "true");
    let body = replay.expect(201);
    assert_eq!(body["transcript"]["to"], "ana@example.org");
    assert_eq!(body["quota"]["remaining"], 4);
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_delivery_event_before_the_record_adds_one_transcript_sent_event() {
    let (stack, aws, agent) = stack().await;
    for (id, sample, end) in [
        ("c1", "mail-sent", "sent"),
        ("c2", "mail-delivered", "delivered"),
        ("c3", "mail-bounced", "bounced"),
    ] {
        stack.conversation(id).await;
        let record = aws.hold(records_send);
        let sending = agent.send_transcript(id);
        let meanwhile = record.meanwhile(async {
            put(&stack, event_of(&agent, id, sample).await).await;
            assert_eq!(state_of(&agent, id).await, end);
        });
        let (sent, ()) = tokio::join!(sending, meanwhile);
        assert_eq!(sent.expect(201)["quota"]["remaining"], 4);
        assert_eq!(state_of(&agent, id).await, end);
        assert_eq!(count_events(&agent, id).await[0], 1);
    }
}

#[tokio::test]
async fn a_delivery_event_before_the_record_of_an_unknown_outcome_is_kept() {
    let (stack, aws, agent) = stack().await;
    stack.conversation("c1").await;
    stack.next_sends(&["lost_reply"]).await;
    let record = aws.hold(|call| call.is("dynamodb:UpdateItem") && call.mentions("unknown"));
    let sending = agent.send_transcript("c1");
    let meanwhile = record.meanwhile(async {
        put(&stack, event_of(&agent, "c1", "mail-delivered").await).await;
    });
    let (reply, ()) = tokio::join!(sending, meanwhile);
    reply.expect_problem(504, "email_outcome_unknown");
    assert_eq!(state_of(&agent, "c1").await, "delivered");
    assert_eq!(count_events(&agent, "c1").await, [1, 0, 0]);
}

#[tokio::test]
async fn two_copies_of_a_delivery_event_at_once_add_one_transcript_sent_event() {
    let (stack, aws, agent) = stack().await;
    conversation_in(&stack, &aws, &agent, "c1", "reserved").await;
    let event = event_of(&agent, "c1", "mail-delivered").await;
    let backfill = aws.hold(records_send);
    let first = put(&stack, event.clone());
    let meanwhile = backfill.meanwhile(async {
        put(&stack, event).await;
        assert_eq!(state_of(&agent, "c1").await, "delivered");
    });
    tokio::join!(first, meanwhile);
    assert_eq!(state_of(&agent, "c1").await, "delivered");
    assert_eq!(count_events(&agent, "c1").await, [1, 0, 0]);
}
