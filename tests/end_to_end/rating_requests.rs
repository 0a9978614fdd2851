use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Reply, Stack};

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

fn timestamp(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

/// The timestamp without its fraction of a second.
fn whole_second(moment: Timestamp) -> String {
    let second = Timestamp::from_second(moment.as_second()).unwrap();
    format!("{second:.3}")
}

#[tokio::test]
async fn a_created_request_is_returned_with_the_time_of_the_next_one() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let reply = stack.agent("kim").await.ask("c1").await;
    assert_eq!(reply.header("content-type"), "application/json");
    let body = reply.expect(201);

    let request = &body["rating_request"];
    let id = request["id"].as_str().unwrap();
    assert_eq!(id.len(), 32);
    let requested_at = timestamp(&request["requested_at"]);
    assert_eq!(
        body,
        json!({
            "rating_request": {
                "id": id,
                "conversation_id": "c1",
                "agent_id": "kim",
                "requested_at": format!("{requested_at:.3}"),
                "next_request_at": whole_second(requested_at + WEEK),
            }
        })
    );
}

#[tokio::test]
async fn a_rating_request_adds_a_private_event_that_names_the_agent() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack
        .with_claims(json!({ "sub": "kim", "name": "Kim" }))
        .await;
    let id = agent.ask_for_id("c1").await;
    let read = agent.conversation("c1").await;
    let entry = &read["thread"]["entries"][1];
    assert_eq!(
        *entry,
        json!({
            "id": format!("rating_requested/{id}"),
            "at": entry["at"],
            "kind": "event",
            "visibility": "private",
            "event": {
                "type": "rating_requested",
                "rating_request_id": id,
                "agent": { "id": "kim", "name": "Kim" },
                "by": "agent",
            },
        })
    );
}

#[tokio::test]
async fn an_absent_body_is_treated_as_an_empty_object() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let path = "/v1/conversations/c1/rating-requests";
    Reply::of(agent.request(Method::POST, path))
        .await
        .expect(201);
}

#[tokio::test]
async fn a_request_in_an_unknown_conversation_is_refused() {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    let before = stack.all_data().await;
    agent
        .ask("nowhere")
        .await
        .expect_problem(404, "conversation_not_found");
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn a_request_outside_the_widget_is_refused_with_the_presentation_of_the_control() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    for (channel, presentation) in [
        ("voice", "hidden"),
        ("messenger", "disabled"),
        ("instagram", "disabled"),
        ("carrier-pigeon", "disabled"),
        ("Widget", "disabled"),
    ] {
        platform
            .put("/v1/conversations/c1", json!({ "channel": channel }))
            .await
            .expect_success();
        let before = stack.all_data().await;
        let problem = agent
            .ask("c1")
            .await
            .expect_problem(409, "channel_not_supported");
        assert_eq!(problem["channel"], channel);
        assert_eq!(problem["presentation"], presentation, "{channel}");
        assert_eq!(stack.all_data().await, before);
    }
}

#[tokio::test]
async fn a_second_request_within_seven_days_is_refused_with_the_time_of_the_next_one() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let created = agent.ask("c1").await.expect(201);
    let before = stack.all_data().await;

    let earliest = timestamp(&json!(stack.now().await));
    let reply = agent.ask("c1").await;
    let latest = timestamp(&json!(stack.now().await));

    let retry_after: i64 = reply.header("retry-after").parse().unwrap();
    assert_eq!(
        reply.header("ratelimit"),
        format!("\"rating-requests\";r=0;t={retry_after}")
    );
    assert_eq!(
        reply.header("ratelimit-policy"),
        "\"rating-requests\";q=1;w=604800"
    );
    let problem = reply.expect_problem(429, "rating_already_requested");
    let available_at = &problem["available_at"];
    assert_eq!(*available_at, created["rating_request"]["next_request_at"]);

    // `Retry-After` is the smallest number of seconds after which the agent can ask again.
    let wait = SignedDuration::from_secs(retry_after);
    assert!(latest + wait >= timestamp(available_at));
    assert!(earliest + wait - SignedDuration::from_secs(1) < timestamp(available_at));
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn two_agents_may_each_ask_once_and_the_newer_request_supersedes_the_older() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let (kim, lee) = (stack.agent("kim").await, stack.agent("lee").await);
    let older = kim.ask_for_id("c1").await;
    let newer = lee.ask_for_id("c1").await;

    assert_eq!(
        visitor.rating_request().await["rating_request"]["id"],
        newer
    );
    visitor
        .rate(&older, json!({ "score": 5 }))
        .await
        .expect_problem(410, "rating_request_superseded");
    visitor
        .rate(&newer, json!({ "score": 5 }))
        .await
        .expect(201);
    for agent in [kim, lee] {
        agent
            .ask("c1")
            .await
            .expect_problem(429, "rating_already_requested");
    }
}

#[tokio::test]
async fn an_agent_may_ask_in_several_conversations_at_the_same_time() {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    for conversation in ["c1", "c2"] {
        stack.conversation(conversation).await;
        agent.ask(conversation).await.expect(201);
    }
}

#[tokio::test]
async fn an_agent_can_ask_again_exactly_seven_days_after_the_last_request() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let created = agent.ask("c1").await.expect(201);
    let next = created["rating_request"]["next_request_at"]
        .as_str()
        .unwrap();

    stack.stop_clock_a_second_before(next).await;
    let refused = agent.ask("c1").await;
    assert_eq!(refused.header("retry-after"), "1");
    refused.expect_problem(429, "rating_already_requested");

    stack.advance(1).await;
    let newer = agent.ask_for_id("c1").await;
    assert_eq!(
        visitor.rating_request().await["rating_request"]["id"],
        newer
    );
}

#[tokio::test]
async fn an_expired_cooldown_does_not_block_while_it_is_still_in_the_table() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    agent.ask("c1").await.expect(201);
    stack.advance(8 * 24 * 60 * 60).await;

    let cooldown = stack.item("main#c1", "ASK#kim").await;
    let expires_at = Timestamp::from_second(
        cooldown["expires_at"]["N"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap(),
    );
    assert!(expires_at.unwrap() < timestamp(&json!(stack.now().await)));
    agent.ask("c1").await.expect(201);
}

#[tokio::test]
async fn of_100_concurrent_requests_one_is_created() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let replies = join_all((0..100).map(|_| agent.ask("c1"))).await;
    let (created, refused): (Vec<_>, Vec<_>) =
        replies.into_iter().partition(|reply| reply.status == 201);
    assert_eq!((created.len(), refused.len()), (1, 99));
    let next = &created[0].body["rating_request"]["next_request_at"];
    for reply in refused {
        let problem = reply.expect_problem(429, "rating_already_requested");
        assert_eq!(problem["available_at"], *next);
    }
    assert_eq!(agent.events("c1", "rating_requested").await.len(), 1);
}
