//! Invalid scores and comments.

use serde_json::json;

use crate::bad_input::Fixture;

#[tokio::test]
async fn a_score_must_be_a_whole_number_from_1_to_5() {
    let fixture = Fixture::start().await;
    for score in [
        "0",
        "-0",
        "6",
        "-1",
        "3.5",
        "5.0000001",
        "\"5\"",
        "\"\"",
        "1e30",
        "1000000000000000000000000000000",
        "4294967297",
        "18446744073709551617",
        "-1e30",
        "true",
        "null",
        "[5]",
        "{}",
    ] {
        let body = format!("{{\"score\":{score}}}");
        fixture
            .assert_rating_refused(&body, "invalid_score", "score")
            .await;
    }
    fixture
        .assert_rating_refused("{}", "invalid_score", "score")
        .await;
    fixture
        .assert_rating_refused("{\"comment\":\"Good\"}", "invalid_score", "score")
        .await;
}

#[tokio::test]
async fn a_comment_must_be_text_of_at_most_2000_characters() {
    let fixture = Fixture::start().await;
    for comment in [
        json!("x".repeat(2_001)),
        json!("😍".repeat(2_001)),
        json!(5),
        json!(null),
        json!(["Good"]),
        json!({ "text": "Good" }),
    ] {
        let body = json!({ "score": 5, "comment": comment }).to_string();
        fixture
            .assert_rating_refused(&body, "invalid_request", "comment")
            .await;
    }
}
