//! Limits on the messages of a request.

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::json;
use tests::{Stack, message, note};

use crate::recording::{MESSAGES, SENT_AT, messages, record};

fn at(offset: SignedDuration, now: &str) -> String {
    let now: Timestamp = now.parse().unwrap();
    format!("{:.3}", now + offset)
}

#[tokio::test]
async fn a_request_may_contain_up_to_100_messages() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let mut batch: Vec<_> = (0..101)
        .map(|number| message(&format!("n{number}"), SENT_AT, "Hi"))
        .collect();
    let before = stack.items().await;
    for batch in [&batch[..], &[]] {
        let problem = record(&platform, batch)
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "messages");
    }
    assert_eq!(stack.items().await, before);

    batch.pop();
    let body = record(&platform, &batch).await.expect(200);
    assert_eq!(body, json!({ "recorded": 100 }));
    assert_eq!(stack.items().await.len(), before.len() + 100);
}

#[tokio::test]
async fn the_maximum_length_of_a_text_is_in_characters_not_bytes() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    for character in ["a", "é", "漢", "😀"] {
        let longest = character.repeat(32_000);
        record(&platform, &[message("m2", SENT_AT, &longest)])
            .await
            .expect(200);
        let agent = stack.agent("kim").await;
        assert_eq!(messages(&agent).await[1].0, longest);

        let before = stack.all_data().await;
        let too_long = format!("{longest}{character}");
        let problem = record(&platform, &[message("m2", SENT_AT, &too_long)])
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "messages[0].text");
        assert_eq!(stack.all_data().await, before);
    }
}

#[tokio::test]
async fn a_message_may_be_at_most_5_minutes_in_the_future() {
    let stack = Stack::start().await;
    stack.stop_clock();
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let lead = SignedDuration::from_mins(5);
    let now = stack.now().await;
    let before = stack.all_data().await;
    let further = at(lead + SignedDuration::from_millis(1), &now);
    let problem = record(&platform, &[message("m2", &further, "Hi")])
        .await
        .expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "messages[0].sent_at");
    assert_eq!(stack.all_data().await, before);
    record(&platform, &[message("m2", &at(lead, &now), "Hi")])
        .await
        .expect(200);
}

#[tokio::test]
async fn a_message_id_must_not_be_repeated_in_one_request() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let before = stack.all_data().await;
    let twice = [
        message("m2", SENT_AT, "Hi"),
        message("m3", SENT_AT, "Hi"),
        note("m2", "2026-01-05T09:45:00Z", "Hi"),
    ];
    let problem = record(&platform, &twice)
        .await
        .expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "messages[2].id");
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn a_request_with_one_invalid_message_records_none() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let before = stack.all_data().await;
    let batch = [
        message("m2", SENT_AT, "Hi"),
        message("m3", "yesterday", "Hi"),
    ];
    let problem = record(&platform, &batch)
        .await
        .expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "messages[1].sent_at");
    assert_eq!(stack.all_data().await, before);
}

#[tokio::test]
async fn a_body_of_1_mb_is_accepted_and_a_larger_one_refused() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let body = json!({ "messages": [message("m2", SENT_AT, "Hi")] }).to_string();
    let padded = |bytes: usize| format!("{body}{}", " ".repeat(bytes - body.len()));

    let before = stack.all_data().await;
    platform
        .send(Method::POST, MESSAGES, padded(1_000_001))
        .await
        .expect_problem(413, "body_too_large");
    // The gateway itself refuses a much larger body.
    let refused = platform
        .send(Method::POST, MESSAGES, padded(11_000_000))
        .await
        .expect(413);
    assert_eq!(refused, json!({ "message": "Request Entity Too Large" }));
    assert_eq!(stack.all_data().await, before);

    platform
        .send(Method::POST, MESSAGES, padded(1_000_000))
        .await
        .expect(200);
}
