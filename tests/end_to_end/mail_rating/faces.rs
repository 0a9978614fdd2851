//! The faces at the end of a transcript.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tests::{Stack, message, tokens_of};

use crate::mail_rating::Setup;

const LABELS: [&str; 5] = [
    "Very dissatisfied",
    "Dissatisfied",
    "Neutral",
    "Satisfied",
    "Very satisfied",
];

#[tokio::test]
async fn a_transcript_ends_with_five_labelled_face_links() {
    let setup = Setup::start().await;
    let mailed = setup.request_rating().await;
    let mail = setup.last_mail().await;
    let token = mailed.link.token();
    let parts = ["text", "html"].map(|part| mail[part].as_str().unwrap());
    for part in parts {
        assert_eq!(tokens_of(part), [token; 5]);
        assert!(part.find("Hello") < part.find("/rate#"), "{part}");
    }
    let [text, html] = parts;
    for (label, score) in LABELS.iter().zip(1..) {
        let url = format!("{}/rate#{token}/{score}", setup.stack.url());
        assert!(text.contains(&format!("\n{label}:\n{url}")), "{text}");
        let (_, link) = html.split_once(&format!("href=\"{url}\"")).unwrap();
        let (link, _) = link.split_once("</a>").unwrap();
        assert!(link.ends_with(label), "{link}");
    }
}

#[tokio::test]
async fn the_response_contains_the_same_rating_request_as_one_made_in_the_chat() {
    let setup = Setup::start().await;
    let sent = setup.request_rating().await.sent;
    let requested_at = sent["transcript"]["sent_at"].as_str().unwrap();
    let available_at: Timestamp = format!("{}Z", &requested_at[..19]).parse().unwrap();
    let available_at = available_at + SignedDuration::from_hours(7 * 24);
    let request = &sent["rating_request"];
    assert_eq!(
        *request,
        json!({
            "id": request["id"],
            "conversation_id": "c1",
            "agent_id": "kim",
            "requested_at": requested_at,
            "next_request_at": format!("{available_at:.3}"),
        })
    );
    let shown = setup.visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], request["id"]);
    let events = setup.agent.events("c1", "rating_requested").await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["rating_request_id"], request["id"]);
    let problem = setup.agent.ask("c1").await;
    let problem = problem.expect_problem(429, "rating_already_requested");
    assert_eq!(problem["available_at"], request["next_request_at"]);
}

#[tokio::test]
async fn a_long_transcript_has_faces_in_the_body_and_none_in_the_attached_file() {
    let setup = Setup::start().await;
    let platform = setup.stack.platform().await;
    let messages: Vec<_> = (10..60)
        .map(|n| {
            let words = format!("message-{n}. {}", "blah ".repeat(800));
            message(&format!("m{n}"), &format!("2026-01-05T10:{n}:00Z"), &words)
        })
        .collect();
    let messages = json!({ "messages": messages });
    let path = "/v1/conversations/c1/messages";
    platform.post(path, messages).await.expect(200);
    let mailed = setup.request_rating().await;

    let mail = setup.last_mail().await;
    let html = mail["html"].as_str().unwrap();
    assert!(html.len() < 90_000, "{} bytes", html.len());
    assert_eq!(tokens_of(html), [mailed.link.token(); 5]);
    assert!(html.contains("message-59.") && !html.contains("message-10."));
    let file = mail["attachments"][0]["base64"].as_str().unwrap();
    let file = String::from_utf8(BASE64_STANDARD.decode(file).unwrap()).unwrap();
    assert!(file.contains("message-10."));
    assert!(!file.contains("/rate"));
    assert!(!file.contains(mailed.link.token()));
}

#[tokio::test]
async fn the_faces_lead_to_the_public_url_of_the_stack() {
    let public_url = "https://chat.example.com";
    let setup = Setup::start_with(Stack::options_with(&[("PublicUrl", public_url)])).await;
    let mailed = setup.request_rating().await;
    let mail = setup.last_mail().await;
    let start = format!("{public_url}/rate#{}/", mailed.link.token());
    for part in ["text", "html"] {
        let part = mail[part].as_str().unwrap();
        assert_eq!(part.matches(&start).count(), 5, "{part}");
        assert!(!part.contains(setup.stack.url()), "{part}");
    }
}
