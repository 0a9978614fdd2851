//! The language and the texts in which a visitor is asked.

use reqwest::Method;
use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::{Value, json};
use tests::{Caller, Reply, SENDER, Stack, transcript_with_faces};

const PATH: &str = "/v1/visitor/rating-request";

/// A stack with these settings, and a visitor with the language `tag` who is asked by Kim Sato.
async fn asked(settings: Value, tag: Value) -> (Stack, Caller) {
    let stack = Stack::start().await;
    let agent = stack
        .with_claims(json!({ "sub": "kim", "name": "Kim Sato" }))
        .await;
    agent.put("/v1/settings", settings).await.expect(200);
    let visitor = stack.conversation("c1").await;
    let change = json!({ "visitor": { "language": tag } });
    let platform = stack.platform().await;
    platform
        .put("/v1/conversations/c1", change)
        .await
        .expect(200);
    agent.ask("c1").await.expect(201);
    (stack, visitor)
}

async fn question(visitor: &Caller) -> Value {
    visitor.rating_request().await["rating_request"].clone()
}

async fn question_in(visitor: &Caller, query: &str, accepted: &str) -> Value {
    let path = format!("{PATH}{query}");
    let request = visitor.request(Method::GET, &path);
    let reply = Reply::of(request.header(ACCEPT_LANGUAGE, accepted)).await;
    reply.expect(200)["rating_request"].clone()
}

#[tokio::test]
async fn the_visitors_language_comes_before_the_default_one_and_english() {
    for (settings, tag, language) in [
        (json!({}), json!("pl"), "pl"),
        (json!({}), json!("pt-BR"), "pt"),
        (json!({ "default_language": "de" }), json!("pl-PL"), "pl"),
        (json!({ "default_language": "de" }), json!("fi"), "de"),
        (json!({ "default_language": "de" }), Value::Null, "de"),
        (json!({}), json!("fi"), "en"),
        (json!({}), Value::Null, "en"),
    ] {
        let (_stack, visitor) = asked(settings.clone(), tag.clone()).await;
        let question = question(&visitor).await;
        assert_eq!(question["language"], language, "{settings} {tag}");
    }
}

#[tokio::test]
async fn a_page_can_ask_in_its_own_language() {
    let (_stack, visitor) = asked(json!({}), Value::Null).await;
    for (query, accepted, language) in [
        ("?language=ja", "fr", "ja"),
        ("?language=fi", "fr", "fr"),
        ("", "fi, de;q=0.9, fr;q=0.8", "de"),
        ("", "*", "en"),
    ] {
        let question = question_in(&visitor, query, accepted).await;
        assert_eq!(question["language"], language, "{query} {accepted}");
    }
    let reply = visitor.get(&format!("{PATH}?language=en_US")).await;
    let problem = reply.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "language");
}

#[tokio::test]
async fn the_default_language_comes_before_the_browsers() {
    let settings = json!({ "default_language": "de" });
    let (_stack, visitor) = asked(settings, Value::Null).await;
    assert_eq!(question_in(&visitor, "", "fr").await["language"], "de");
    let explicit = question_in(&visitor, "?language=pl", "fr").await;
    assert_eq!(explicit["language"], "pl");
}

#[tokio::test]
async fn texts_of_the_settings_replace_built_in_ones_one_by_one() {
    let settings = json!({
        "brand": { "name": "Sklep", "logo_url": "https://e.example/l.png", "accent_color": "#0A7A3C" },
        "texts": { "pl": {
            "question_about": "Jak poszło z {agent}?",
            "faces": ["Fatalnie", "Słabo", "Tak sobie", "Dobrze", "Super"],
        } },
    });
    let (_stack, visitor) = asked(settings, json!("pl")).await;
    let question = question(&visitor).await;
    assert_eq!(question["question"], "Jak poszło z Kim Sato?");
    assert_eq!(
        question["faces"][4],
        json!({ "score": 5, "emoji": "😍", "label": "Super" })
    );
    assert_eq!(
        question["thanks"],
        texts::VisitorLanguage::Polish.prompt_texts().thanks
    );
    assert_eq!(
        question["brand"],
        json!({
            "name": "Sklep",
            "logo_url": "https://e.example/l.png",
            "accent_color": "#0a7a3c",
        })
    );
}

#[tokio::test]
async fn without_settings_the_brand_is_that_of_the_stack() {
    let (_stack, visitor) = asked(json!({}), Value::Null).await;
    let question = question(&visitor).await;
    assert_eq!(question["brand"], json!({ "name": "Support" }));
    assert_eq!(
        question["question"],
        "How was your conversation with Kim Sato?"
    );
}

#[tokio::test]
async fn the_reader_of_a_mail_sees_the_question_of_the_link_only() {
    let (stack, visitor) = asked(json!({ "default_language": "fr" }), Value::Null).await;
    stack.verified_sender().await;
    let change = json!({ "visitor": { "email": "ana@example.org" } });
    let platform = stack.platform().await;
    platform
        .put("/v1/conversations/c1", change)
        .await
        .expect(200);
    let lee = stack.agent("lee").await;
    let mut body = transcript_with_faces();
    body["from"] = json!(SENDER);
    let sent = lee.send_transcript_as("c1", body).await.expect(201);
    let token = stack.link_tokens().await.remove(0);
    let reader = visitor.with_token(&token);
    let id = sent["rating_request"]["id"].as_str().unwrap();
    let path = format!("/v1/visitor/rating-requests/{id}");

    let view = reader.get(&path).await.expect(200);
    assert_eq!(view["rating_request"]["language"], "fr");
    assert_eq!(view, visitor.get(&path).await.expect(200));
    reader.rate(id, json!({ "score": 4 })).await.expect(201);
    let view = reader.get(&path).await.expect(200);
    assert_eq!(view["rating"]["score"], 4);

    let sam = stack.agent("sam").await;
    let newer = sam.ask_for_id("c1").await;
    let nothing = json!({ "rating_request": null, "rating": null });
    assert_eq!(reader.get(&path).await.expect(200), nothing);
    assert_eq!(visitor.get(&path).await.expect(200), nothing);
    let of_newer = format!("/v1/visitor/rating-requests/{newer}");
    for (caller, path) in [(&reader, &*of_newer), (&reader, PATH)] {
        let reply = caller.get(path).await;
        reply.expect_problem(401, "invalid_visitor_token");
    }
    let (ids, _secret) = token.rsplit_once('.').unwrap();
    let other = visitor.with_token(&format!("{ids}.{}", "A".repeat(43)));
    let reply = other.get(&path).await;
    reply.expect_problem(401, "invalid_visitor_token");
}
