//! The brand and the texts of the settings in a transcript's mail.

use serde_json::{Value, json};
use tests::{Caller, SENDER, Stack, message};

use crate::mail::Setup;

/// A stack with these settings and parameters, and a conversation with a Polish visitor.
async fn start(settings: Value, parameters: &[(&str, &str)]) -> Setup {
    let setup = Setup::start_with(parameters, json!({ "language": "pl" })).await;
    setup
        .record(&[message("m1", "2026-11-27T21:35:00Z", "Hello")])
        .await;
    setup.agent.put("/v1/settings", settings).await.expect(200);
    setup
}

async fn send_in(stack: &Stack, agent: &Caller, language: Option<&str>) -> Value {
    let mut body = json!({ "from": SENDER, "sender_name": "Sklep", "ask_for_rating": true });
    if let Some(language) = language {
        body["language"] = json!(language);
    }
    agent.send_transcript_as("c1", body).await.expect(201);
    stack.outbox().await.pop().unwrap()
}

#[tokio::test]
async fn a_mail_has_the_brand_and_the_texts_of_its_language() {
    let settings = json!({
        "brand": {
            "name": "Sklep",
            "reply_to": "pomoc@sklep.example",
            "logo_url": "https://sklep.example/logo.png",
            "accent_color": "#0a7a3c",
        },
        "texts": { "pl": {
            "mail_subject": "{brand}: rozmowa {conversation} z {date}",
            "mail_intro": "Dziękujemy, {brand}",
            "question": "Jak poszło?",
        } },
    });
    let Setup { stack, agent, .. } = start(settings, &[("ReplyTo", "stack@example.com")]).await;
    let mail = send_in(&stack, &agent, None).await;
    assert_eq!(mail["subject"], "Sklep: rozmowa c1 z 27 listopada 2026");
    assert_eq!(mail["headers"]["Reply-To"], "pomoc@sklep.example");
    let html = mail["html"].as_str().unwrap();
    for expected in [
        "src=\"https://sklep.example/logo.png\" alt=\"Sklep\"",
        "a { color: #0a7a3c; }",
        "Dziękujemy, Sklep",
        "Jak poszło?",
    ] {
        assert!(html.contains(expected), "{expected}: {html}");
    }
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("Dziękujemy, Sklep") && text.contains("--- Jak poszło? ---"));

    let german = send_in(&stack, &agent, Some("de")).await;
    assert_eq!(german["subject"], "Ihr Gespräch mit Sklep");
    assert!(!german["text"].as_str().unwrap().contains("Dziękujemy"));
}

#[tokio::test]
async fn parameters_of_the_stack_are_the_defaults_of_the_settings() {
    let parameters = [
        ("BrandName", "Stack"),
        ("ReplyTo", "stack@example.com"),
        ("MailSubject", "Chat with {brand}"),
    ];
    let Setup { stack, agent, .. } = start(json!({ "default_language": "pl" }), &parameters).await;
    let mail = send_in(&stack, &agent, None).await;
    assert_eq!(mail["subject"], "Chat with Stack");
    assert_eq!(mail["headers"]["Reply-To"], "stack@example.com");
    let english = send_in(&stack, &agent, Some("en")).await;
    assert_eq!(english["subject"], "Your conversation with Stack");
}

#[tokio::test]
async fn a_mail_to_a_visitor_whose_language_has_no_texts_is_in_the_default_language() {
    let Setup { stack, agent, .. } = start(json!({ "default_language": "de" }), &[]).await;
    let platform = stack.platform().await;
    let change = json!({ "visitor": { "email": "ana@example.org", "language": "fi" } });
    platform
        .put("/v1/conversations/c1", change)
        .await
        .expect(200);
    let mail = send_in(&stack, &agent, None).await;
    assert_eq!(mail["subject"], "Ihr Gespräch mit Support");
}
