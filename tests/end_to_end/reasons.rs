//! The reasons that a visitor chooses for a score.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Caller, Stack};

/// A stack with settings, and a conversation with an open rating request.
struct Asked {
    stack: Stack,
    agent: Caller,
    visitor: Caller,
    request: String,
}

fn reason(id: &str, scores: &[u8]) -> Value {
    json!({ "id": id, "scores": scores, "labels": { "en": format!("Label of {id}") } })
}

fn settings() -> Value {
    json!({
        "reasons": [
            reason("slow", &[1, 2]),
            reason("rude", &[1]),
            reason("friendly", &[4, 5]),
            reason("price", &[1, 2, 3, 4, 5]),
            reason("other", &[1, 2]),
            reason("a", &[1]),
        ],
    })
}

impl Asked {
    async fn start() -> Self {
        let stack = Stack::start().await;
        let agent = stack.agent("kim").await;
        agent.put("/v1/settings", settings()).await.expect(200);
        let visitor = stack.conversation("c1").await;
        let request = agent.ask_for_id("c1").await;
        Self {
            stack,
            agent,
            visitor,
            request,
        }
    }

    /// Rates, and returns the rating.
    async fn rate(&self, answer: Value) -> Value {
        let reply = self.visitor.rate(&self.request, answer).await;
        assert!(matches!(reply.status, 200 | 201), "{}", reply.body);
        reply.body["rating"].clone()
    }
}

#[tokio::test]
async fn the_visitor_sees_the_reasons_with_their_scores() {
    let asked = Asked::start().await;
    let view = asked.visitor.rating_request().await;
    let reasons = view["rating_request"]["reasons"].as_array().unwrap();
    let expected = json!({ "id": "slow", "label": "Label of slow", "scores": [1, 2] });
    assert_eq!(reasons[0], expected);
    assert_eq!(reasons.len(), 6);
}

#[tokio::test]
async fn chosen_reasons_are_shown_wherever_the_comment_is() {
    let asked = Asked::start().await;
    let answer = json!({ "score": 1, "comment": "Hm", "reasons": ["price", "slow"] });
    let rating = asked.rate(answer).await;
    // They are in the order of the settings.
    let chosen = json!(["slow", "price"]);
    assert_eq!(rating["reasons"], chosen);

    let view = asked.visitor.rating_request().await;
    assert_eq!(view["rating"]["reasons"], chosen);
    let read = asked.agent.conversation("c1").await;
    assert_eq!(read["rating"]["reasons"], chosen);
    let events = asked.agent.events("c1", "rating_submitted").await;
    assert_eq!(events[0]["reasons"], chosen);

    let changed = asked.rate(json!({ "score": 2 })).await;
    assert_eq!(changed["reasons"], chosen);
    let events = asked.agent.events("c1", "rating_changed").await;
    assert_eq!(events[0]["old"]["reasons"], chosen);
    assert_eq!(events[0]["new"]["reasons"], chosen);
}

#[tokio::test]
async fn absent_reasons_are_kept_empty_ones_are_removed_and_a_new_score_drops_what_it_does_not_offer()
 {
    let asked = Asked::start().await;
    asked
        .rate(json!({ "score": 1, "reasons": ["slow", "rude", "price"] }))
        .await;
    let kept = asked.rate(json!({ "score": 1, "comment": "Yes" })).await;
    assert_eq!(kept["reasons"], json!(["slow", "rude", "price"]));
    let lower = asked.rate(json!({ "score": 2 })).await;
    assert_eq!(lower["reasons"], json!(["slow", "price"]));
    let higher = asked.rate(json!({ "score": 5 })).await;
    assert_eq!(higher["reasons"], json!(["price"]));
    let removed = asked.rate(json!({ "score": 5, "reasons": [] })).await;
    assert!(removed.get("reasons").is_none());
}

#[tokio::test]
async fn reasons_that_are_not_offered_are_refused_and_change_nothing() {
    let asked = Asked::start().await;
    asked.rate(json!({ "score": 1, "reasons": ["slow"] })).await;
    for (score, reasons) in [
        (3, json!(["slow"])),
        (1, json!(["unknown"])),
        (1, json!(["slow", "slow"])),
        (
            1,
            json!(["slow", "rude", "price", "other", "a", "friendly"]),
        ),
        (1, json!(["Slow"])),
        (1, json!([""])),
        (1, json!([1])),
        (1, json!("slow")),
        (1, json!({ "slow": true })),
        (1, json!(["slow,rude"])),
    ] {
        let answer = json!({ "score": score, "reasons": reasons });
        let reply = asked.visitor.rate(&asked.request, answer).await;
        let problem = reply.expect_problem(422, "invalid_reason");
        assert_eq!(problem["field"], "reasons", "{reasons}");
    }
    let view = asked.visitor.rating_request().await;
    assert_eq!(view["rating"]["score"], 1);
    assert_eq!(view["rating"]["reasons"], json!(["slow"]));
}

#[tokio::test]
async fn a_stranger_does_not_learn_which_reasons_are_offered() {
    let asked = Asked::start().await;
    let (ids, _secret) = asked.visitor.token().rsplit_once('.').unwrap();
    let stranger = asked
        .visitor
        .with_token(&format!("{ids}.{}", "A".repeat(43)));
    for reason in ["slow", "unknown"] {
        let answer = json!({ "score": 1, "reasons": [reason] });
        let reply = stranger.rate(&asked.request, answer).await;
        reply.expect_problem(401, "invalid_visitor_token");
    }
}

#[tokio::test]
async fn without_settings_no_reason_is_offered() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;
    let view = visitor.rating_request().await;
    assert_eq!(view["rating_request"]["reasons"], json!([]));
    let answer = json!({ "score": 1, "reasons": ["slow"] });
    let reply = visitor.rate(&request, answer).await;
    reply.expect_problem(422, "invalid_reason");
    let rating = visitor
        .rate(&request, json!({ "score": 1, "reasons": [] }))
        .await;
    rating.expect(201);
}

#[tokio::test]
async fn the_same_reasons_again_change_nothing() {
    let asked = Asked::start().await;
    let answer = json!({ "score": 1, "reasons": ["slow", "rude"] });
    let first = asked.rate(answer.clone()).await;
    let turned = json!({ "score": 1, "reasons": ["rude", "slow"] });
    assert_eq!(asked.rate(turned).await, first);
    assert_eq!(asked.rate(answer).await, first);
    assert!(asked.agent.events("c1", "rating_changed").await.is_empty());
}

#[tokio::test]
async fn concurrent_answers_with_different_reasons_are_all_recorded_one_after_the_other() {
    let asked = Asked::start().await;
    asked.rate(json!({ "score": 1 })).await;
    let ids = ["slow", "rude", "price"];
    let answers = ids.map(|id| {
        let answer = json!({ "score": 1, "reasons": [id] });
        asked.visitor.rate(&asked.request, answer)
    });
    let replies = join_all(answers).await;
    assert!(replies.iter().all(|reply| reply.status == 200));
    let events = asked.agent.events("c1", "rating_changed").await;
    assert_eq!(events.len(), 3);
    for (earlier, later) in events.iter().zip(&events[1..]) {
        let (earlier, later) = (earlier["at"].as_str(), later["at"].as_str());
        assert!(earlier <= later);
    }
    let view = asked.visitor.rating_request().await;
    let last = &view["rating"]["reasons"];
    assert!(ids.iter().any(|id| *last == json!([id])), "{last}");
}

#[tokio::test]
async fn a_copy_of_the_settings_is_used_for_60_seconds() {
    let asked = Asked::start().await;
    asked.visitor.rating_request().await;
    asked.agent.put("/v1/settings", json!({})).await.expect(200);
    let rating = asked.rate(json!({ "score": 1, "reasons": ["slow"] })).await;
    assert_eq!(rating["reasons"], json!(["slow"]));
    asked.stack.advance(61).await;
    let answer = json!({ "score": 1, "reasons": ["rude"] });
    let reply = asked.visitor.rate(&asked.request, answer).await;
    reply.expect_problem(422, "invalid_reason");
    let view = asked.visitor.rating_request().await;
    // What was chosen before remains, and the same answer again is no error.
    assert_eq!(view["rating"]["reasons"], json!(["slow"]));
    let again = asked.rate(json!({ "score": 1, "reasons": ["slow"] })).await;
    assert_eq!(again, view["rating"]);
}
