//! Invalid messages.

use reqwest::Method;
use serde_json::json;
use tests::message;

use crate::bad_input::{Fixture, MESSAGES, invalid};

#[tokio::test]
async fn invalid_members_of_a_message_are_refused() {
    let fixture = Fixture::start().await;
    let file = |name: &str, url: &str| json!([{ "name": name, "url": url }]);
    let good = "https://files.example.com/a.pdf";
    for (member, value, field) in [
        ("visibility", json!("secret"), "visibility"),
        ("visibility", json!("Public"), "visibility"),
        ("visibility", json!(null), "visibility"),
        ("text", json!(5), "text"),
        ("text", json!(null), "text"),
        ("text", json!("a".repeat(32_001)), "text"),
        ("author", json!("visitor"), "author"),
        ("author", json!(null), "author"),
        ("author", json!({}), "author.kind"),
        ("author", json!({ "kind": "robot" }), "author.kind"),
        ("author", json!({ "kind": "bot", "id": "a#b" }), "author.id"),
        (
            "author",
            json!({ "kind": "bot", "name": "\u{85}" }),
            "author.name",
        ),
        ("author", json!({ "kind": "bot", "age": 5 }), "author.age"),
        ("attachments", json!({}), "attachments"),
        ("attachments", json!(["a.pdf"]), "attachments[0]"),
        (
            "attachments",
            json!([{ "url": good }]),
            "attachments[0].name",
        ),
        (
            "attachments",
            json!([{ "name": "a" }]),
            "attachments[0].url",
        ),
        ("attachments", file("", good), "attachments[0].name"),
        ("attachments", file("a\nb", good), "attachments[0].name"),
        ("attachments", file("a", "a.pdf"), "attachments[0].url"),
        (
            "attachments",
            file("a", "ftp://example.com/a"),
            "attachments[0].url",
        ),
        (
            "attachments",
            file("a", "javascript:alert(1)"),
            "attachments[0].url",
        ),
        (
            "attachments",
            file("a", "data:text/html,x"),
            "attachments[0].url",
        ),
        ("attachments", file("a", "https://"), "attachments[0].url"),
        (
            "attachments",
            file("a", "https://a.example/\"x"),
            "attachments[0].url",
        ),
        (
            "attachments",
            file("a", "https://a.example/\r\nx"),
            "attachments[0].url",
        ),
        (
            "attachments",
            file("a", "https://ä.example/"),
            "attachments[0].url",
        ),
        (
            "attachments",
            json!([{ "name": "a", "url": good }, { "name": "b", "url": good, "bytes": -1 }]),
            "attachments[1].bytes",
        ),
        (
            "attachments",
            json!([{ "name": "a", "url": good, "bytes": 1.5 }]),
            "attachments[0].bytes",
        ),
        (
            "attachments",
            json!([{ "name": "a", "url": good, "content_type": "a\r\nb" }]),
            "attachments[0].content_type",
        ),
        (
            "attachments",
            json!(vec![json!({ "name": "a", "url": good }); 33]),
            "attachments",
        ),
        ("kind", json!("event"), "kind"),
        (
            "public_at",
            json!("2026-01-05T09:30:00.000Z#m2"),
            "public_at",
        ),
    ] {
        fixture.assert_message_refused(member, value, field).await;
    }
}

#[tokio::test]
async fn an_invalid_message_id_is_refused() {
    let fixture = Fixture::start().await;
    for id in [
        json!(""),
        json!("a#b"),
        json!("a/b"),
        json!("rating_submitted/0123456789abcdef0123456789abcdef"),
        json!("a b"),
        json!("a\nb"),
        json!("a\0b"),
        json!("é"),
        json!("a".repeat(129)),
        json!("a".repeat(5_000)),
        json!(5),
        json!(null),
    ] {
        fixture.assert_message_refused("id", id, "id").await;
    }
}

#[tokio::test]
async fn a_messages_time_must_be_rfc_3339_with_an_offset_in_the_years_1970_to_9999() {
    let fixture = Fixture::start().await;
    for sent_at in [
        json!(""),
        json!("yesterday"),
        json!("2026-01-05"),
        json!("2026-01-05T09:30:00"),
        json!("2026-01-05 09:30:00Z"),
        json!("2026-01-05T09:30Z"),
        json!("2026-01-05T09:30:00+0100"),
        json!("2026-01-05T09:30:00+25:00"),
        json!("2026-02-29T09:30:00Z"),
        json!("2026-13-01T09:30:00Z"),
        json!("2026-01-05T24:30:00Z"),
        json!("1969-12-31T23:59:59.999Z"),
        json!("1969-12-31T23:59:59.9999Z"),
        json!("1970-01-01T00:59:59+01:00"),
        json!("9999-12-31T23:59:59Z"),
        json!("9999-12-31T23:59:59-01:00"),
        json!("10000-01-01T00:00:00Z"),
        json!("+10000-01-01T00:00:00Z"),
        json!("-0001-01-01T00:00:00Z"),
        json!("2026-01-05T09:30:00Z#m1"),
        json!(1_767_605_400),
        json!(null),
    ] {
        fixture
            .assert_message_refused("sent_at", sent_at, "sent_at")
            .await;
    }
}

#[tokio::test]
async fn a_message_without_a_required_member_is_refused() {
    let fixture = Fixture::start().await;
    for member in ["id", "sent_at", "author", "visibility", "text"] {
        let mut message = message("m2", "2026-01-05T09:30:00Z", "Hi");
        message.as_object_mut().unwrap().remove(member);
        let body = json!({ "messages": [message] }).to_string();
        let route = (&fixture.platform, Method::POST, MESSAGES);
        fixture
            .assert_refused(route, body, invalid(&format!("messages[0].{member}")))
            .await;
    }
}

#[tokio::test]
async fn messages_must_be_a_list_of_objects() {
    let fixture = Fixture::start().await;
    for (body, field) in [
        (json!({}), "messages"),
        (json!({ "messages": null }), "messages"),
        (json!({ "messages": {} }), "messages"),
        (json!({ "messages": [] }), "messages"),
        (json!({ "messages": "Hi" }), "messages"),
        (json!({ "messages": ["Hi"] }), "messages[0]"),
        (json!({ "messages": [null] }), "messages[0]"),
        (json!({ "messages": [[]] }), "messages[0]"),
    ] {
        let route = (&fixture.platform, Method::POST, MESSAGES);
        fixture
            .assert_refused(route, body.to_string(), invalid(field))
            .await;
    }
}
