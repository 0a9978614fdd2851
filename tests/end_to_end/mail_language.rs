//! The language of a transcript's mail.

use serde_json::{Value, json};
use tests::{SENDER, Stack, message, transcript_with_faces};

use crate::mail::Setup;

/// A stack with a conversation whose visitor has the language `tag`.
async fn start(tag: Value) -> Setup {
    let visitor = json!({ "language": tag, "time_zone": "Europe/Warsaw" });
    let setup = Setup::start_with(&[], visitor).await;
    setup
        .record(&[message("m1", "2026-11-27T21:35:00Z", "Hello")])
        .await;
    setup
}

fn transcript_in(language: Value) -> Value {
    json!({ "from": SENDER, "sender_name": "Acme support", "language": language })
}

async fn last_mail(stack: &Stack) -> Value {
    stack.outbox().await.pop().unwrap()
}

#[tokio::test]
async fn a_transcript_is_in_the_visitors_language() {
    let Setup { stack, agent, .. } = start(json!("pl-PL")).await;
    let sent = agent
        .send_transcript_as("c1", transcript_with_faces())
        .await
        .expect(201);
    assert_eq!(sent["transcript"]["language"], "pl");

    let mail = last_mail(&stack).await;
    assert_eq!(mail["subject"], "Twoja rozmowa z Support");
    let text = mail["text"].as_str().unwrap();
    for expected in [
        "1 wiadomość z 27 listopada 2026. Godziny podano w strefie czasowej Europe/Warsaw.",
        "--- piątek, 27 listopada 2026 ---",
        "22:35  Ana",
        "--- Jak oceniasz rozmowę? ---",
        "Bardzo dobrze:",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let html = mail["html"].as_str().unwrap();
    assert!(html.contains("<html lang=\"pl\" dir=\"ltr\">"), "{html}");
}

#[tokio::test]
async fn the_request_chooses_another_language() {
    let Setup { stack, agent, .. } = start(json!("pl")).await;
    for (language, expected, subject) in [
        (json!("ar-EG"), "ar", "محادثتك مع \u{2068}Support\u{2069}"),
        (json!("en-US"), "en", "Your conversation with Support"),
        // There are no texts in Finnish.
        (json!("fi"), "pl", "Twoja rozmowa z Support"),
    ] {
        let sent = agent
            .send_transcript_as("c1", transcript_in(language))
            .await;
        assert_eq!(sent.expect(201)["transcript"]["language"], expected);
        assert_eq!(last_mail(&stack).await["subject"], subject);
    }
}

#[tokio::test]
async fn a_malformed_language_is_refused_and_uses_no_slot() {
    let setup = start(json!("pl")).await;
    for language in [
        json!("en_US"),
        json!(""),
        json!(1),
        json!(["pl"]),
        json!("../pl"),
    ] {
        let reply = setup
            .agent
            .send_transcript_as("c1", transcript_in(language))
            .await;
        let problem = reply.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "language");
    }
    assert_eq!(setup.agent.remaining("c1").await, 5);
}

#[tokio::test]
async fn without_a_known_language_a_transcript_is_in_english() {
    for tag in [Value::Null, json!("fi"), json!("tlh")] {
        let Setup { stack, agent, .. } = start(tag).await;
        let sent = agent.send_transcript("c1").await.expect(201);
        assert_eq!(sent["transcript"]["language"], "en");
        assert_eq!(
            last_mail(&stack).await["subject"],
            "Your conversation with Support"
        );
    }
}

#[tokio::test]
async fn a_replayed_transcript_shows_the_language_of_its_mail() {
    let Setup { stack, agent, .. } = start(json!("ja")).await;
    let path = "/v1/conversations/c1/transcripts";
    let body = json!({ "from": SENDER, "sender_name": "Acme support" });
    for _ in 0..2 {
        let sent = agent
            .post_with_key(path, "k1", body.clone())
            .await
            .expect(201);
        assert_eq!(sent["transcript"]["language"], "ja");
        let change = json!({ "visitor": { "language": "de" } });
        stack
            .platform()
            .await
            .put("/v1/conversations/c1", change)
            .await
            .expect(200);
    }
    assert_eq!(stack.outbox().await.len(), 1);
}
