use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::{Caller, Reply, Stack};

/// A conversation `c1` in which `kim` has asked the visitor for a rating.
struct Asked {
    stack: Stack,
    visitor: Caller,
    agent: Caller,
    request: String,
}

impl Asked {
    async fn start() -> Self {
        let stack = Stack::start().await;
        let visitor = stack.conversation("c1").await;
        let agent = stack.agent("kim").await;
        let request = agent.asked("c1").await;
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

fn nothing() -> Value {
    json!({ "rating_request": null, "rating": null })
}

#[tokio::test]
async fn a_visitor_who_is_not_asked_is_shown_nothing() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    assert_eq!(visitor.rating_request().await, nothing());
}

#[tokio::test]
async fn a_visitor_who_is_asked_is_shown_five_faces_with_their_labels() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack
        .with_claims(json!({ "sub": "kim", "name": "Kim Sato" }))
        .await;
    let asked = agent.ask("c1").await.expect(201);
    assert_eq!(
        visitor.rating_request().await,
        json!({
            "rating_request": {
                "id": asked["rating_request"]["id"],
                "requested_at": asked["rating_request"]["requested_at"],
                "agent_name": "Kim Sato",
                "faces": [
                    { "score": 1, "emoji": "😑", "label": "Very dissatisfied" },
                    { "score": 2, "emoji": "😟", "label": "Dissatisfied" },
                    { "score": 3, "emoji": "😐", "label": "Neutral" },
                    { "score": 4, "emoji": "😊", "label": "Satisfied" },
                    { "score": 5, "emoji": "😍", "label": "Very satisfied" },
                ],
            },
            "rating": null,
        })
    );
}

#[tokio::test]
async fn an_agent_without_a_name_is_not_named_to_the_visitor() {
    let asked = Asked::start().await;
    let shown = asked.visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], asked.request);
    assert!(shown["rating_request"].get("agent_name").is_none());
}

#[tokio::test]
async fn the_first_answer_makes_the_rating() {
    let asked = Asked::start().await;
    let body = asked
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
    let shown = asked.visitor.rating_request().await;
    assert_eq!(shown["rating"], body["rating"]);
    assert_eq!(shown["rating_request"]["id"], asked.request);
    assert_eq!(
        asked.agent.conversation("c1").await["rating"],
        json!({
            "score": 2,
            "sentiment": "negative",
            "comment": "Slow",
            "rated_at": rated_at,
            "agent_id": "kim",
        })
    );
    assert_eq!(
        asked.events("rating_submitted").await,
        [json!({
            "type": "rating_submitted",
            "rating_request_id": asked.request,
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
        let request = agent.asked(&id).await;
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
async fn an_empty_comment_on_the_first_answer_is_no_comment() {
    let asked = Asked::start().await;
    let body = asked
        .rate(json!({ "score": 3, "comment": "" }))
        .await
        .expect(201);
    assert!(body["rating"].get("comment").is_none());
    assert!(
        asked.events("rating_submitted").await[0]
            .get("comment")
            .is_none()
    );
}

#[tokio::test]
async fn a_comment_is_measured_in_characters_and_kept_as_it_is() {
    let asked = Asked::start().await;
    let comment = "😍".repeat(2_000);
    let body = asked
        .rate(json!({ "score": 5, "comment": comment }))
        .await
        .expect(201);
    assert_eq!(body["rating"]["comment"], comment);
    let read = asked.agent.conversation("c1").await;
    assert_eq!(read["rating"]["comment"], comment);
}

#[tokio::test]
async fn a_whole_score_may_be_written_with_a_decimal_point() {
    let asked = Asked::start().await;
    let body = asked.rate(json!({ "score": 4.0 })).await.expect(201);
    assert_eq!(body["rating"]["score"], 4);
}

#[tokio::test]
async fn the_same_answer_again_changes_nothing_at_all() {
    let asked = Asked::start().await;
    let answer = json!({ "score": 4, "comment": "Thanks" });
    let first = asked.rate(answer.clone()).await.expect(201);
    let before = asked.stack.kept().await;
    for again in [answer, json!({ "score": 4 })] {
        assert_eq!(asked.rate(again).await.expect(200), first);
        assert_eq!(asked.stack.kept().await, before);
    }
}

#[tokio::test]
async fn a_change_is_an_event_with_the_old_and_the_new_value() {
    let asked = Asked::start().await;
    let first = asked
        .rate(json!({ "score": 2, "comment": "Slow" }))
        .await
        .expect(201);
    let changed = asked
        .rate(json!({ "score": 5, "comment": "Solved" }))
        .await
        .expect(200);
    // The time for changes still counts from the first answer.
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
        asked.events("rating_changed").await,
        [json!({
            "type": "rating_changed",
            "rating_request_id": asked.request,
            "old": { "score": 2, "sentiment": "negative", "comment": "Slow" },
            "new": { "score": 5, "sentiment": "positive", "comment": "Solved" },
        })]
    );
    assert_eq!(asked.events("rating_submitted").await.len(), 1);
    let read = asked.agent.conversation("c1").await;
    assert_eq!(read["rating"]["score"], 5);
    assert_eq!(read["rating"]["comment"], "Solved");
}

#[tokio::test]
async fn an_absent_comment_leaves_the_old_one_and_an_empty_one_removes_it() {
    let asked = Asked::start().await;
    asked
        .rate(json!({ "score": 2, "comment": "Slow" }))
        .await
        .expect(201);
    let kept = asked.rate(json!({ "score": 3 })).await.expect(200);
    assert_eq!(kept["rating"]["comment"], "Slow");

    let removed = asked
        .rate(json!({ "score": 3, "comment": "" }))
        .await
        .expect(200);
    assert!(removed["rating"].get("comment").is_none());
    let read = asked.agent.conversation("c1").await;
    assert!(read["rating"].get("comment").is_none());
    let removal = json!({
        "type": "rating_changed",
        "rating_request_id": asked.request,
        "old": { "score": 3, "sentiment": "neutral", "comment": "Slow" },
        "new": { "score": 3, "sentiment": "neutral" },
    });
    assert!(asked.events("rating_changed").await.contains(&removal));
}

#[tokio::test]
async fn a_rating_may_be_changed_to_the_last_second_of_24_hours_and_is_closed_at_their_end() {
    let asked = Asked::start().await;
    let body = asked.rate(json!({ "score": 1 })).await.expect(201);
    let end = body["rating"]["changeable_until"].as_str().unwrap();

    asked.stack.stop_clock_a_second_before(end).await;
    asked.rate(json!({ "score": 2 })).await.expect(200);
    let shown = asked.visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], asked.request);

    asked.stack.advance(1).await;
    let before = asked.stack.kept().await;
    asked
        .rate(json!({ "score": 3 }))
        .await
        .expect_problem(409, "rating_closed");
    assert_eq!(asked.stack.kept().await, before);

    // The request is no longer shown, the answer is, and to give it again is no change.
    let shown = asked.visitor.rating_request().await;
    assert_eq!(shown["rating_request"], Value::Null);
    assert_eq!(shown["rating"]["score"], 2);
    asked.rate(json!({ "score": 2 })).await.expect(200);
    assert_eq!(asked.stack.kept().await, before);
}

#[tokio::test]
async fn a_request_that_was_never_answered_stays_open() {
    let asked = Asked::start().await;
    asked.stack.advance(30 * 24 * 60 * 60).await;
    let shown = asked.visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], asked.request);
    asked.rate(json!({ "score": 4 })).await.expect(201);
}

#[tokio::test]
async fn a_visitor_cannot_answer_a_request_that_its_conversation_does_not_have() {
    let asked = Asked::start().await;
    let stranger = asked.stack.conversation("c2").await;
    let before = asked.stack.kept().await;
    let unknown = "0".repeat(32);
    for (visitor, request) in [(&asked.visitor, &unknown), (&stranger, &asked.request)] {
        visitor
            .rate(request, json!({ "score": 5 }))
            .await
            .expect_problem(404, "rating_request_not_found");
    }
    assert_eq!(asked.stack.kept().await, before);
}

#[tokio::test]
async fn a_superseded_request_takes_no_answer_whether_it_has_one_or_not() {
    let asked = Asked::start().await;
    let lee = asked.stack.agent("lee").await;
    asked.rate(json!({ "score": 5 })).await.expect(201);
    let second = lee.asked("c1").await;
    let max = asked.stack.agent("max").await;
    max.asked("c1").await;

    let before = asked.stack.kept().await;
    for request in [&asked.request, &second] {
        asked
            .visitor
            .rate(request, json!({ "score": 1 }))
            .await
            .expect_problem(410, "rating_request_superseded");
    }
    assert_eq!(asked.stack.kept().await, before);
}

#[tokio::test]
async fn a_superseded_requests_score_stays_with_its_agent_until_the_newer_is_answered() {
    let asked = Asked::start().await;
    asked.rate(json!({ "score": 2 })).await.expect(201);
    let lee = asked.stack.agent("lee").await;
    let newer = lee.asked("c1").await;

    // The visitor is asked afresh, and the inbox keeps what was said.
    let shown = asked.visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], newer);
    assert_eq!(shown["rating"], Value::Null);
    let rating = &lee.conversation("c1").await["rating"];
    assert_eq!(
        (&rating["score"], &rating["agent_id"]),
        (&json!(2), &json!("kim"))
    );

    asked
        .visitor
        .rate(&newer, json!({ "score": 4 }))
        .await
        .expect(201);
    let rating = &lee.conversation("c1").await["rating"];
    assert_eq!(
        (&rating["score"], &rating["agent_id"]),
        (&json!(4), &json!("lee"))
    );
    assert_eq!(asked.events("rating_submitted").await.len(), 2);
}

#[tokio::test]
async fn a_get_never_records() {
    let asked = Asked::start().await;
    let before = asked.stack.kept().await;
    for query in ["", "?score=5", "?rating=5&comment=x"] {
        let path = format!("/v1/visitor/rating-request{query}");
        asked.visitor.get(&path).await.expect(200);
    }
    let path = format!(
        "/v1/visitor/rating-requests/{}/rating?score=5",
        asked.request
    );
    let body = asked.visitor.get(&path).await.expect(404);
    assert_eq!(body, json!({ "message": "Not Found" }));
    assert_eq!(asked.stack.kept().await, before);
}

#[tokio::test]
async fn of_many_first_answers_at_once_one_is_the_first() {
    let asked = Asked::start().await;
    let replies = join_all((0..30).map(|_| asked.rate(json!({ "score": 5 })))).await;
    let mut statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[..29], [200; 29]);
    assert_eq!(statuses[29], 201);
    assert_eq!(asked.events("rating_submitted").await.len(), 1);
    assert_eq!(asked.events("rating_changed").await.len(), 0);
}

#[tokio::test]
async fn a_rating_may_be_changed_a_hundred_times_and_then_stands() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let request = agent.asked("c1").await;
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect(201);
    for change in 1..=100 {
        let score = json!({ "score": 1 + change % 2 });
        visitor.rate(&request, score).await.expect(200);
    }
    let before = stack.kept().await;
    let comment = json!({ "score": 1, "comment": "x".repeat(2_000) });
    visitor
        .rate(&request, comment)
        .await
        .expect_problem(409, "rating_closed");
    // What it says already may still be said again.
    visitor
        .rate(&request, json!({ "score": 1 }))
        .await
        .expect(200);
    assert_eq!(stack.kept().await, before);
}

#[tokio::test]
async fn changes_at_once_follow_upon_each_other() {
    let asked = Asked::start().await;
    let answers = (1..=5).map(|score| asked.rate(json!({ "score": score })));
    let mut statuses: Vec<_> = join_all(answers)
        .await
        .iter()
        .map(|reply| reply.status)
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 201]);

    // Each change begins where another ended, and the last is what stands.
    let mut changes = asked.events("rating_changed").await;
    assert_eq!(changes.len(), 4);
    let mut score = asked.events("rating_submitted").await[0]["score"].clone();
    while let Some(next) = changes
        .iter()
        .position(|change| change["old"]["score"] == score)
    {
        score = changes.remove(next)["new"]["score"].take();
    }
    assert_eq!(changes, [] as [Value; 0]);
    let read = asked.agent.conversation("c1").await;
    assert_eq!(read["rating"]["score"], score);
    let shown = asked.visitor.rating_request().await;
    assert_eq!(shown["rating"]["score"], score);
}
