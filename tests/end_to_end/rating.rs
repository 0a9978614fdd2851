use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::{Caller, Reply, Stack};

/// A conversation `c1` with an open rating request of the agent `kim`.
struct OpenRequest {
    stack: Stack,
    visitor: Caller,
    agent: Caller,
    request: String,
}

impl OpenRequest {
    async fn start() -> Self {
        let stack = Stack::start().await;
        let visitor = stack.conversation("c1").await;
        let agent = stack.agent("kim").await;
        let request = agent.ask_for_id("c1").await;
        Self {
            stack,
            visitor,
            agent,
            request,
        }
    }

    async fn rate(&self, answer: Value) -> Reply {
        self.visitor.rate(&self.request, answer).await
    }

    async fn events(&self, kind: &str) -> Vec<Value> {
        self.agent.events("c1", kind).await
    }
}

fn a_day_after(moment: &Value) -> String {
    let moment: Timestamp = moment.as_str().unwrap().parse().unwrap();
    format!("{:.3}", moment + SignedDuration::from_hours(24))
}

fn no_request() -> Value {
    json!({ "rating_request": null, "rating": null, "transcript": { "state": "hidden" } })
}

#[tokio::test]
async fn a_visitor_who_was_not_asked_sees_no_rating_request() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    assert_eq!(visitor.rating_request().await, no_request());
}

#[tokio::test]
async fn a_visitor_who_was_asked_sees_five_faces_with_labels() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack
        .with_claims(json!({ "sub": "kim", "name": "Kim Sato" }))
        .await;
    let created = agent.ask("c1").await.expect(201);
    assert_eq!(
        visitor.rating_request().await,
        json!({
            "rating_request": {
                "id": created["rating_request"]["id"],
                "requested_at": created["rating_request"]["requested_at"],
                "agent_name": "Kim Sato",
                "language": "en",
                "question": "How was your conversation with Kim Sato?",
                "faces": [
                    { "score": 1, "emoji": "😑", "label": "Very dissatisfied" },
                    { "score": 2, "emoji": "😟", "label": "Dissatisfied" },
                    { "score": 3, "emoji": "😐", "label": "Neutral" },
                    { "score": 4, "emoji": "😊", "label": "Satisfied" },
                    { "score": 5, "emoji": "😍", "label": "Very satisfied" },
                ],
                "thanks": "Thank you for your rating!",
                "comment_label": "Would you like to add something?",
                "reasons": [],
                "brand": { "name": "Support" },
            },
            "rating": null,
            "transcript": { "state": "hidden" },
        })
    );
}

#[tokio::test]
async fn a_request_of_an_agent_without_a_name_shows_the_visitor_no_name() {
    let open = OpenRequest::start().await;
    let shown = open.visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], open.request);
    assert!(shown["rating_request"].get("agent_name").is_none());
}

#[tokio::test]
async fn the_first_answer_creates_the_rating() {
    let open = OpenRequest::start().await;
    let body = open
        .rate(json!({ "score": 2, "comment": "Slow" }))
        .await
        .expect(201);
    let rated_at = &body["rating"]["rated_at"];
    assert_eq!(
        body,
        json!({
            "rating": {
                "score": 2,
                "comment": "Slow",
                "rated_at": rated_at,
                "changeable_until": a_day_after(rated_at),
            }
        })
    );
    let shown = open.visitor.rating_request().await;
    assert_eq!(shown["rating"], body["rating"]);
    assert_eq!(shown["rating_request"]["id"], open.request);
    assert_eq!(
        open.agent.conversation("c1").await["rating"],
        json!({
            "score": 2,
            "sentiment": "negative",
            "comment": "Slow",
            "rated_at": rated_at,
            "agent_id": "kim",
        })
    );
    assert_eq!(
        open.events("rating_submitted").await,
        [json!({
            "type": "rating_submitted",
            "rating_request_id": open.request,
            "score": 2,
            "sentiment": "negative",
            "comment": "Slow",
        })]
    );
}

#[tokio::test]
async fn each_score_has_its_sentiment() {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    for (score, sentiment) in [
        (1, "negative"),
        (2, "negative"),
        (3, "neutral"),
        (4, "positive"),
        (5, "positive"),
    ] {
        let id = format!("c{score}");
        let visitor = stack.conversation(&id).await;
        let request = agent.ask_for_id(&id).await;
        visitor
            .rate(&request, json!({ "score": score }))
            .await
            .expect(201);
        let rating = &agent.conversation(&id).await["rating"];
        assert_eq!(rating["score"], score);
        assert_eq!(rating["sentiment"], sentiment, "{score}");
    }
}

#[tokio::test]
async fn an_empty_comment_in_the_first_answer_is_not_stored() {
    let open = OpenRequest::start().await;
    let body = open
        .rate(json!({ "score": 3, "comment": "" }))
        .await
        .expect(201);
    assert!(body["rating"].get("comment").is_none());
    assert!(
        open.events("rating_submitted").await[0]
            .get("comment")
            .is_none()
    );
}

#[tokio::test]
async fn a_comment_of_2000_characters_is_stored_unchanged() {
    let open = OpenRequest::start().await;
    let comment = "😍".repeat(2_000);
    let body = open
        .rate(json!({ "score": 5, "comment": comment }))
        .await
        .expect(201);
    assert_eq!(body["rating"]["comment"], comment);
    let read = open.agent.conversation("c1").await;
    assert_eq!(read["rating"]["comment"], comment);
}

#[tokio::test]
async fn a_whole_score_may_be_written_with_a_decimal_point() {
    let open = OpenRequest::start().await;
    let body = open.rate(json!({ "score": 4.0 })).await.expect(201);
    assert_eq!(body["rating"]["score"], 4);
}

#[tokio::test]
async fn sending_the_same_answer_again_changes_nothing() {
    let open = OpenRequest::start().await;
    let answer = json!({ "score": 4, "comment": "Thanks" });
    let first = open.rate(answer.clone()).await.expect(201);
    let before = open.stack.all_data().await;
    for same in [answer, json!({ "score": 4 })] {
        assert_eq!(open.rate(same).await.expect(200), first);
        assert_eq!(open.stack.all_data().await, before);
    }
}

#[tokio::test]
async fn a_changed_rating_adds_an_event_with_the_old_and_the_new_value() {
    let open = OpenRequest::start().await;
    let first = open
        .rate(json!({ "score": 2, "comment": "Slow" }))
        .await
        .expect(201);
    let changed = open
        .rate(json!({ "score": 5, "comment": "Solved" }))
        .await
        .expect(200);
    // The 24 hours for changes start with the first answer.
    assert_eq!(
        changed["rating"],
        json!({
            "score": 5,
            "comment": "Solved",
            "rated_at": first["rating"]["rated_at"],
            "changeable_until": first["rating"]["changeable_until"],
        })
    );
    assert_eq!(
        open.events("rating_changed").await,
        [json!({
            "type": "rating_changed",
            "rating_request_id": open.request,
            "old": { "score": 2, "sentiment": "negative", "comment": "Slow" },
            "new": { "score": 5, "sentiment": "positive", "comment": "Solved" },
        })]
    );
    assert_eq!(open.events("rating_submitted").await.len(), 1);
    let read = open.agent.conversation("c1").await;
    assert_eq!(read["rating"]["score"], 5);
    assert_eq!(read["rating"]["comment"], "Solved");
}

#[tokio::test]
async fn an_absent_comment_keeps_the_old_one_and_an_empty_one_removes_it() {
    let open = OpenRequest::start().await;
    open.rate(json!({ "score": 2, "comment": "Slow" }))
        .await
        .expect(201);
    let kept = open.rate(json!({ "score": 3 })).await.expect(200);
    assert_eq!(kept["rating"]["comment"], "Slow");

    let removed = open
        .rate(json!({ "score": 3, "comment": "" }))
        .await
        .expect(200);
    assert!(removed["rating"].get("comment").is_none());
    let read = open.agent.conversation("c1").await;
    assert!(read["rating"].get("comment").is_none());
    let removal = json!({
        "type": "rating_changed",
        "rating_request_id": open.request,
        "old": { "score": 3, "sentiment": "neutral", "comment": "Slow" },
        "new": { "score": 3, "sentiment": "neutral" },
    });
    assert!(open.events("rating_changed").await.contains(&removal));
}

#[tokio::test]
async fn a_rating_can_be_changed_until_exactly_24_hours_after_the_first_answer() {
    let open = OpenRequest::start().await;
    let body = open.rate(json!({ "score": 1 })).await.expect(201);
    let end = body["rating"]["changeable_until"].as_str().unwrap();

    open.stack.stop_clock_a_second_before(end).await;
    open.rate(json!({ "score": 2 })).await.expect(200);
    let shown = open.visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], open.request);

    open.stack.advance(1).await;
    let before = open.stack.all_data().await;
    open.rate(json!({ "score": 3 }))
        .await
        .expect_problem(409, "rating_closed");
    assert_eq!(open.stack.all_data().await, before);

    // The request is no longer shown and the rating is. Sending the same answer again is accepted.
    let shown = open.visitor.rating_request().await;
    assert_eq!(shown["rating_request"], Value::Null);
    assert_eq!(shown["rating"]["score"], 2);
    open.rate(json!({ "score": 2 })).await.expect(200);
    assert_eq!(open.stack.all_data().await, before);
}

#[tokio::test]
async fn an_unanswered_request_stays_open() {
    let open = OpenRequest::start().await;
    open.stack.advance(30 * 24 * 60 * 60).await;
    let shown = open.visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], open.request);
    open.rate(json!({ "score": 4 })).await.expect(201);
}

#[tokio::test]
async fn a_visitor_cannot_answer_an_unknown_request_or_one_of_another_conversation() {
    let open = OpenRequest::start().await;
    let stranger = open.stack.conversation("c2").await;
    let before = open.stack.all_data().await;
    let unknown = "0".repeat(32);
    for (visitor, request) in [(&open.visitor, &unknown), (&stranger, &open.request)] {
        visitor
            .rate(request, json!({ "score": 5 }))
            .await
            .expect_problem(404, "rating_request_not_found");
    }
    assert_eq!(open.stack.all_data().await, before);
}

#[tokio::test]
async fn a_superseded_request_can_be_neither_answered_nor_changed() {
    let open = OpenRequest::start().await;
    let lee = open.stack.agent("lee").await;
    open.rate(json!({ "score": 5 })).await.expect(201);
    let second = lee.ask_for_id("c1").await;
    let max = open.stack.agent("max").await;
    max.ask_for_id("c1").await;

    let before = open.stack.all_data().await;
    for request in [&open.request, &second] {
        open.visitor
            .rate(request, json!({ "score": 1 }))
            .await
            .expect_problem(410, "rating_request_superseded");
    }
    assert_eq!(open.stack.all_data().await, before);
}

#[tokio::test]
async fn agents_see_the_previous_rating_until_the_newer_request_is_answered() {
    let open = OpenRequest::start().await;
    open.rate(json!({ "score": 2 })).await.expect(201);
    let lee = open.stack.agent("lee").await;
    let newer = lee.ask_for_id("c1").await;

    // The visitor sees only the new request. The agents still see the previous rating.
    let shown = open.visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], newer);
    assert_eq!(shown["rating"], Value::Null);
    let rating = &lee.conversation("c1").await["rating"];
    assert_eq!(
        (&rating["score"], &rating["agent_id"]),
        (&json!(2), &json!("kim"))
    );

    open.visitor
        .rate(&newer, json!({ "score": 4 }))
        .await
        .expect(201);
    let rating = &lee.conversation("c1").await["rating"];
    assert_eq!(
        (&rating["score"], &rating["agent_id"]),
        (&json!(4), &json!("lee"))
    );
    assert_eq!(open.events("rating_submitted").await.len(), 2);
}

#[tokio::test]
async fn a_get_request_never_records_a_rating() {
    let open = OpenRequest::start().await;
    let before = open.stack.all_data().await;
    for query in ["", "?score=5", "?rating=5&comment=x"] {
        let path = format!("/v1/visitor/rating-request{query}");
        open.visitor.get(&path).await.expect(200);
    }
    let path = format!(
        "/v1/visitor/rating-requests/{}/rating?score=5",
        open.request
    );
    let body = open.visitor.get(&path).await.expect(404);
    assert_eq!(body, json!({ "message": "Not Found" }));
    assert_eq!(open.stack.all_data().await, before);
}

#[tokio::test]
async fn concurrent_first_answers_create_one_rating() {
    let open = OpenRequest::start().await;
    let replies = join_all((0..30).map(|_| open.rate(json!({ "score": 5 })))).await;
    let mut statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[..29], [200; 29]);
    assert_eq!(statuses[29], 201);
    assert_eq!(open.events("rating_submitted").await.len(), 1);
    assert_eq!(open.events("rating_changed").await.len(), 0);
}

#[tokio::test]
async fn a_rating_can_be_changed_at_most_100_times() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect(201);
    for change in 1..=100 {
        let score = json!({ "score": 1 + change % 2 });
        visitor.rate(&request, score).await.expect(200);
    }
    let before = stack.all_data().await;
    let comment = json!({ "score": 1, "comment": "x".repeat(2_000) });
    visitor
        .rate(&request, comment)
        .await
        .expect_problem(409, "rating_closed");
    // Sending the current score again is still accepted.
    visitor
        .rate(&request, json!({ "score": 1 }))
        .await
        .expect(200);
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn concurrent_changes_are_applied_one_after_another() {
    let open = OpenRequest::start().await;
    let answers = (1..=5).map(|score| open.rate(json!({ "score": score })));
    let mut statuses: Vec<_> = join_all(answers)
        .await
        .iter()
        .map(|reply| reply.status)
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 201]);

    // Each change starts from the result of another, and the last result is the stored rating.
    let mut changes = open.events("rating_changed").await;
    assert_eq!(changes.len(), 4);
    let mut score = open.events("rating_submitted").await[0]["score"].clone();
    while let Some(next) = changes
        .iter()
        .position(|change| change["old"]["score"] == score)
    {
        score = changes.remove(next)["new"]["score"].take();
    }
    assert_eq!(changes, [] as [Value; 0]);
    let read = open.agent.conversation("c1").await;
    assert_eq!(read["rating"]["score"], score);
    let shown = open.visitor.rating_request().await;
    assert_eq!(shown["rating"]["score"], score);
}
