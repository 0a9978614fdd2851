//! Settings that are refused, each with the path of the setting.

use reqwest::Method;
use reqwest::header::{ETAG, IF_MATCH};
use serde_json::{Map, Value, json};
use tests::{Caller, Reply, Stack};

const PATH: &str = "/v1/settings";

async fn start() -> (Stack, Caller) {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    (stack, agent)
}

fn reasons(reasons: Value) -> Value {
    json!({ "reasons": reasons })
}

#[tokio::test]
async fn each_invalid_setting_is_refused_with_its_path_and_changes_nothing() {
    let (_stack, agent) = start().await;
    let valid = json!({ "brand": { "name": "Acme" } });
    let stored = agent.put(PATH, valid).await.expect(200);
    let en = |label: &str| json!({ "en": label });
    for (document, field) in [
        (json!({ "default_language": "xx" }), "default_language"),
        (json!({ "default_language": "pl-PL" }), "default_language"),
        (json!({ "default_language": 1 }), "default_language"),
        (json!({ "texts": { "sv": {} } }), "texts.sv"),
        (json!({ "texts": [] }), "texts"),
        (
            json!({ "texts": { "pl": { "question": "" } } }),
            "texts.pl.question",
        ),
        (
            json!({ "texts": { "pl": { "question": "a\u{7}b" } } }),
            "texts.pl.question",
        ),
        (
            json!({ "texts": { "pl": { "question": "a\r\nBcc: x@e.example" } } }),
            "texts.pl.question",
        ),
        (
            json!({ "texts": { "pl": { "question": "\u{202E}abc" } } }),
            "texts.pl.question",
        ),
        (
            json!({ "texts": { "pl": { "question": "x".repeat(201) } } }),
            "texts.pl.question",
        ),
        (
            json!({ "texts": { "pl": { "question": "{agent}" } } }),
            "texts.pl.question",
        ),
        (
            json!({ "texts": { "pl": { "question_about": "{agnet}" } } }),
            "texts.pl.question_about",
        ),
        (
            json!({ "texts": { "pl": { "mail_subject": "{agent}" } } }),
            "texts.pl.mail_subject",
        ),
        (
            json!({ "texts": { "pl": { "mail_subject": "a\nBcc: x@e.example" } } }),
            "texts.pl.mail_subject",
        ),
        (
            json!({ "texts": { "pl": { "mail_intro": "{date}" } } }),
            "texts.pl.mail_intro",
        ),
        (
            json!({ "texts": { "pl": { "faces": ["a", "b", "c", "d"] } } }),
            "texts.pl.faces",
        ),
        (
            json!({ "texts": { "pl": { "faces": ["a", "b", "c", "d", 5] } } }),
            "texts.pl.faces",
        ),
        (
            json!({ "brand": { "logo_url": "javascript:alert(1)" } }),
            "brand.logo_url",
        ),
        (
            json!({ "brand": { "logo_url": "http://e.example/l.png" } }),
            "brand.logo_url",
        ),
        (
            json!({ "brand": { "logo_url": "https://" } }),
            "brand.logo_url",
        ),
        (
            json!({ "brand": { "accent_color": "red;background:url(x)" } }),
            "brand.accent_color",
        ),
        (
            json!({ "brand": { "accent_color": "#fff" } }),
            "brand.accent_color",
        ),
        (
            json!({ "brand": { "reply_to": "a@b.example, c@d.example" } }),
            "brand.reply_to",
        ),
        (json!({ "brand": { "name": "a\nb" } }), "brand.name"),
        (json!({ "brand": { "slogan": "x" } }), "brand.slogan"),
        (
            reasons(json!([{ "id": "a", "scores": [1], "labels": en("x") },
            { "id": "a", "scores": [2], "labels": en("y") }])),
            "reasons[1].id",
        ),
        (
            reasons(json!([{ "id": "a", "scores": [], "labels": en("x") }])),
            "reasons[0].scores",
        ),
        (
            reasons(json!([{ "id": "a", "scores": [1.5], "labels": en("x") }])),
            "reasons[0].scores",
        ),
        (
            reasons(json!([{ "id": "a", "scores": [1], "labels": {} }])),
            "reasons[0].labels.en",
        ),
        (
            reasons(json!([{ "id": "a", "scores": [1], "labels": { "pl": "x" } }])),
            "reasons[0].labels.en",
        ),
        (
            reasons(json!([{ "id": "a", "scores": [1], "labels": { "en": "x", "sv": "y" } }])),
            "reasons[0].labels.sv",
        ),
        (
            reasons(json!([{ "id": "a", "scores": [1] }])),
            "reasons[0].labels",
        ),
        (
            reasons(json!(vec![
                json!({ "id": "a", "scores": [1], "labels": en("x") });
                13
            ])),
            "reasons",
        ),
        (json!({ "asking": { "surveys": [] } }), "asking.surveys"),
        (
            json!({ "asking": { "on_resolve": { "conditions": { "labels_any": ["a\nb"] } } } }),
            "asking.on_resolve.conditions.labels_any",
        ),
        (
            json!({ "asking": { "on_resolve": { "after_minutes": 10_081 } } }),
            "asking.on_resolve.after_minutes",
        ),
        (
            json!({ "transcripts": { "on_resolve": { "enabled": true } } }),
            "transcripts.from",
        ),
        (
            json!({ "transcripts": { "from": "Acme <help@acme.example>" } }),
            "transcripts.from",
        ),
        (
            json!({ "transcripts": { "from": "help@acme.example\r\nBcc: eve@example.net" } }),
            "transcripts.from",
        ),
        (
            json!({ "transcripts": { "sender_name": "Acme\nBcc: eve@example.net" } }),
            "transcripts.sender_name",
        ),
        (
            json!({ "transcripts": {
                "from": format!("{}@acme.example", "a".repeat(64)), "sender_name": "é".repeat(128)
            } }),
            "transcripts.sender_name",
        ),
        (
            json!({ "transcripts": { "visitor_may_request": "true" } }),
            "transcripts.visitor_may_request",
        ),
        (
            json!({ "transcripts": { "visitor_may_request": true, "from": null } }),
            "transcripts.from",
        ),
        (
            json!({ "transcripts": { "redact_card_numbers": null } }),
            "transcripts.redact_card_numbers",
        ),
        (json!({ "transcripts": [] }), "transcripts"),
        (json!({ "version": 2 }), "version"),
    ] {
        let reply = agent.put(PATH, document.clone()).await;
        let problem = reply.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], field, "{document}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with(&format!("{field} ")), "{detail}");
    }
    assert_eq!(agent.get(PATH).await.expect(200), stored);
}

#[tokio::test]
async fn a_hundred_languages_are_refused_at_the_first_that_does_not_exist() {
    let (_stack, agent) = start().await;
    let texts: Map<String, Value> = (0..100)
        .map(|number| (format!("x{number}"), json!({ "question": "?" })))
        .collect();
    let reply = agent.put(PATH, json!({ "texts": texts })).await;
    let problem = reply.expect_problem(422, "invalid_request");
    assert!(problem["field"].as_str().unwrap().starts_with("texts.x"));
}

#[tokio::test]
async fn a_document_of_a_megabyte_is_refused() {
    let (_stack, agent) = start().await;
    let text = "x".repeat(1_000_000);
    let reply = agent.put(PATH, json!({ "brand": { "name": text } })).await;
    reply.expect_problem(413, "body_too_large");
    let padded = format!("{{{}}}", " ".repeat(64 * 1024));
    let reply = agent.send(Method::PUT, PATH, padded).await;
    reply.expect_problem(413, "body_too_large");
}

#[tokio::test]
async fn a_body_that_is_not_an_object_is_refused() {
    let (_stack, agent) = start().await;
    for body in ["", "{", "[]", "null", "1", "{\"a\":1,\"a\":2}"] {
        let reply = agent.send(Method::PUT, PATH, body).await;
        assert!(matches!(reply.status, 400 | 422), "{body}");
    }
    assert_eq!(agent.get(PATH).await.expect(200)["version"], "0");
}

#[tokio::test]
async fn an_unsuitable_if_match_is_refused() {
    let (_stack, agent) = start().await;
    for tag in ["a", "W/\"a\"", "\"", "\"a\" \"b\""] {
        let request = agent.request(Method::PUT, PATH).header(IF_MATCH, tag);
        let reply = Reply::of(request.json(&json!({}))).await;
        let problem = reply.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "If-Match");
    }
    let first = Reply::of(
        agent
            .request(Method::PUT, PATH)
            .header(IF_MATCH, "\"0\"")
            .json(&json!({})),
    );
    let first = first.await;
    let tag = first.headers[ETAG].clone();
    first.expect(200);
    for (tag, status) in [("\"0\"", 412), (tag.to_str().unwrap(), 200), ("*", 200)] {
        let request = agent.request(Method::PUT, PATH).header(IF_MATCH, tag);
        let reply = Reply::of(request.json(&json!({}))).await;
        assert_eq!(reply.status, status, "{tag}");
    }
}

#[tokio::test]
async fn only_the_scope_settings_write_gives_access() {
    let (stack, _agent) = start().await;
    let reader = stack
        .with_claims(json!({ "sub": "kim", "scopes": ["ratings:read"] }))
        .await;
    assert_eq!(reader.get(PATH).await.status, 403);
    assert_eq!(reader.put(PATH, json!({})).await.status, 403);
    assert_eq!(stack.nobody().get(PATH).await.status, 401);
}

#[tokio::test]
async fn a_document_of_a_newer_version_is_shown_and_used_as_far_as_it_is_known() {
    let (stack, agent) = start().await;
    agent
        .put(PATH, json!({ "default_language": "pl" }))
        .await
        .expect(200);
    let newer = json!({
        "default_language": "de",
        "texts": { "sv": { "question": "Hur?" }, "de": { "question": "Na?", "tone": "formal" } },
        "asking": { "on_resolve": { "enabled": true } },
    });
    stack
        .change("main#ORGANISATION#SETTINGS", "SETTINGS", |item| {
            item["document"] = json!({ "S": newer.to_string() });
        })
        .await;
    assert_eq!(agent.get(PATH).await.expect(200)["settings"], newer);
    let visitor = stack.conversation("c1").await;
    agent.ask("c1").await.expect(201);
    let view = visitor.rating_request().await;
    assert_eq!(view["rating_request"]["question"], "Na?");
}
