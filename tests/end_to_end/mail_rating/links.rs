//! Ratings by the link of a face.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::mail_rating::{A_DAY_SECONDS, Setup, assert_refused};

#[tokio::test]
async fn a_link_rates_its_rating_request() {
    let setup = Setup::start().await;
    let mailed = setup.request_rating().await;
    let answer = json!({ "score": 5, "comment": "Thank you" });
    let rated = mailed.link.rate(&mailed.request, answer).await.expect(201);
    assert_eq!(rated["rating"]["score"], 5);

    let read = setup.agent.conversation("c1").await;
    assert_eq!(read["rating"]["score"], 5);
    assert_eq!(read["rating"]["comment"], "Thank you");
    assert_eq!(read["rating"]["agent_id"], "kim");
    let events = setup.agent.events("c1", "rating_submitted").await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["rating_request_id"], *mailed.request);
    let shown = setup.visitor.rating_request().await;
    assert_eq!(shown["rating"]["score"], 5);
}

#[tokio::test]
async fn a_link_works_after_the_visitors_token_was_renewed() {
    let setup = Setup::start().await;
    let mailed = setup.request_rating().await;
    let renewal = json!({ "renew_visitor_token": true });
    let platform = setup.stack.platform().await;
    platform
        .put("/v1/conversations/c1", renewal)
        .await
        .expect(200);
    let answer = json!({ "score": 4 });
    let with_old_token = setup.visitor.rate(&mailed.request, answer.clone()).await;
    with_old_token.expect_problem(401, "invalid_visitor_token");
    mailed.link.rate(&mailed.request, answer).await.expect(201);
}

#[tokio::test]
async fn a_rating_by_link_can_be_repeated_and_changed_for_a_day() {
    let setup = Setup::start().await;
    let mailed = setup.request_rating().await;
    let rate = async |score: u8| {
        mailed
            .link
            .rate(&mailed.request, json!({ "score": score }))
            .await
    };
    let first = rate(2).await.expect(201);
    assert_eq!(rate(2).await.expect(200), first);
    let changed = rate(4).await.expect(200);
    assert_eq!(changed["rating"]["score"], 4);
    let until = changed["rating"]["changeable_until"].as_str().unwrap();
    assert_eq!(setup.agent.events("c1", "rating_submitted").await.len(), 1);
    assert_eq!(setup.agent.events("c1", "rating_changed").await.len(), 1);

    setup.stack.stop_clock_a_second_before(until).await;
    rate(5).await.expect(200);
    setup.stack.advance(1).await;
    rate(1).await.expect_problem(409, "rating_closed");
    let read = setup.agent.conversation("c1").await;
    assert_eq!(read["rating"]["score"], 5);
}

#[tokio::test]
async fn a_rating_in_the_chat_can_be_changed_by_the_link() {
    let setup = Setup::start().await;
    let mailed = setup.request_rating().await;
    let by_widget = setup.visitor.rate(&mailed.request, json!({ "score": 3 }));
    by_widget.await.expect(201);
    let by_link = mailed.link.rate(&mailed.request, json!({ "score": 4 }));
    by_link.await.expect(200);
    assert_eq!(setup.agent.events("c1", "rating_changed").await.len(), 1);
}

#[tokio::test]
async fn a_link_cannot_read_the_rating_request() {
    let setup = Setup::start().await;
    let mailed = setup.request_rating().await;
    let reply = mailed.link.get("/v1/visitor/rating-request").await;
    reply.expect_problem(401, "invalid_visitor_token");
}

#[tokio::test]
async fn a_link_to_a_superseded_rating_request_returns_410() {
    let setup = Setup::start().await;
    let mailed = setup.request_rating().await;
    setup.stack.agent("lee").await.ask_for_id("c1").await;
    let reply = mailed
        .link
        .rate(&mailed.request, json!({ "score": 5 }))
        .await;
    reply.expect_problem(410, "rating_request_superseded");
    assert_eq!(setup.agent.conversation("c1").await["rating"], Value::Null);
}

#[tokio::test]
async fn a_link_works_for_thirty_days_to_the_second() {
    let setup = Setup::start().await;
    let mailed = setup.request_rating().await;
    let requested_at = mailed.sent["rating_request"]["requested_at"].as_str();
    let requested_at: Timestamp = requested_at.unwrap().parse().unwrap();
    let expires_at = requested_at + SignedDuration::from_hours(30 * 24);
    let stack = &setup.stack;
    stack
        .stop_clock_a_second_before(&expires_at.to_string())
        .await;
    let answer = json!({ "score": 5 });
    let in_time = mailed.link.rate(&mailed.request, answer.clone()).await;
    in_time.expect(201);
    stack.advance(1).await;
    let late = mailed.link.rate(&mailed.request, answer.clone()).await;
    late.expect_problem(410, "rating_link_expired");
    // The rating request and the visitor's token remain valid.
    let by_widget = setup.visitor.rate(&mailed.request, answer).await;
    by_widget.expect(200);
}

#[tokio::test]
async fn an_expired_link_records_no_rating() {
    let setup = Setup::start().await;
    let mailed = setup.request_rating().await;
    setup.stack.advance(30 * A_DAY_SECONDS).await;
    let reply = mailed
        .link
        .rate(&mailed.request, json!({ "score": 5 }))
        .await;
    reply.expect_problem(410, "rating_link_expired");
    assert_eq!(setup.agent.conversation("c1").await["rating"], Value::Null);
    // The secret is checked before the expiry, so that a wrong secret does not reveal whether a link existed.
    let [organisation, conversation, request, _] = mailed.parts();
    let guess = BASE64_URL_SAFE_NO_PAD.encode([0; 32]);
    let token = format!("{organisation}.{conversation}.{request}.{guess}");
    assert_refused(&setup.stack, &token, &mailed.request).await;
}
