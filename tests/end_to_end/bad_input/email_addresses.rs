//! Invalid e-mail addresses and sender names.

use reqwest::Method;
use serde_json::{Value, json};
use tests::SENDER;

use crate::bad_input::{ERASURES, Fixture, TRANSCRIPTS, invalid};

/// Addresses that are invalid or unsafe to send mail to.
const BAD_ADDRESSES: [&str; 16] = [
    "",
    "jo",
    "jo@",
    "@example.com",
    "jo@example",
    "jo@@example.com",
    "jo@example.com@example.net",
    "jo@example.com\r\nBcc: eve@example.net",
    "jo\n@example.com",
    "jo@example.com\0",
    "jo@example.com, eve@example.net",
    "Jo <jo@example.com>",
    " jo@example.com",
    "josé@example.com",
    "jo@exämple.com",
    "jo@example.com\u{2028}",
];

/// Sender names that are empty, or that could be read as more than a name.
const BAD_SENDER_NAMES: [&str; 14] = [
    "",
    "   ",
    "Acme\r\nBcc: eve@example.net",
    "Acme\nSubject: You have won",
    "Acme\0",
    "Acme\u{2028}Bcc: eve",
    "\"Acme\"",
    "Acme\\",
    "Acme <ceo@example.com>",
    "ceo@example.com",
    "ceo＠example.com",
    "ceo﹫example.com",
    "Acme ＜ceo＞",
    "Acme \u{202e}moc.elpmaxe",
];

#[tokio::test]
async fn an_invalid_sender_address_in_the_path_is_refused() {
    let fixture = Fixture::start().await;
    let longer = format!("{}%40example.com", "a".repeat(5_000));
    for address in [
        "sales",
        "sales%40",
        "sales%40example",
        "sales%40%40example.com",
        "sales%40example.com%40example.net",
        "sales%40example.com%0D%0ABcc%3A%20eve%40example.net",
        "sales%40ex%C3%A4mple.com",
        "s%C3%A4les%40example.com",
        "%22sales%22%40example.com",
        "sales%40example.com%00",
        "sales%2540example.com",
        "sa%25les%40example.com",
        "sales%3F%40example.com",
        "example.com",
        &longer,
    ] {
        let path = format!("/v1/senders/{address}");
        for method in [Method::PUT, Method::DELETE] {
            let route = (&fixture.agent, method, path.as_str());
            fixture
                .assert_refused(route, "{}", invalid("address"))
                .await;
        }
    }
}

#[tokio::test]
async fn erasing_a_visitor_requires_one_valid_address() {
    let fixture = Fixture::start().await;
    let addresses = BAD_ADDRESSES.map(Value::from);
    let others = [json!(null), json!(5), json!(["ana@example.org"]), json!({})];
    for address in addresses.into_iter().chain(others) {
        let body = json!({ "email": address }).to_string();
        let route = (&fixture.agent, Method::POST, ERASURES);
        fixture.assert_refused(route, body, invalid("email")).await;
    }
    let route = (&fixture.agent, Method::POST, ERASURES);
    fixture.assert_refused(route, "{}", invalid("email")).await;
}

#[tokio::test]
async fn an_invalid_email_address_is_refused_in_every_member() {
    let fixture = Fixture::start().await;
    let longer = format!("{}@example.com", "a".repeat(5_000));
    for address in BAD_ADDRESSES.iter().copied().chain([&*longer]) {
        let body = json!({ "visitor": { "email": address } });
        fixture
            .assert_recording_refused(body, "visitor.email")
            .await;
        for (member, code) in [("to", "invalid_recipient"), ("from", "invalid_request")] {
            fixture
                .assert_transcript_refused(member, json!(address), code)
                .await;
        }
    }
    for wrong_type in [
        json!(null),
        json!(5),
        json!([SENDER]),
        json!({ "address": SENDER }),
    ] {
        fixture
            .assert_transcript_refused("to", wrong_type, "invalid_recipient")
            .await;
    }
}

#[tokio::test]
async fn a_misleading_sender_name_is_refused_on_every_route() {
    let fixture = Fixture::start().await;
    let long = "a".repeat(129);
    let names = BAD_SENDER_NAMES.iter().copied().chain([&*long]);
    for name in names.map(Value::from).chain([json!(5), json!(null)]) {
        fixture
            .assert_transcript_refused("sender_name", name.clone(), "invalid_sender_name")
            .await;
        let path = format!("/v1/senders/{SENDER}");
        let route = (&fixture.agent, Method::PUT, path.as_str());
        let body = json!({ "name": name }).to_string();
        fixture.assert_refused(route, body, invalid("name")).await;
    }
}

#[tokio::test]
async fn a_transcript_requires_a_verified_sender_and_a_sender_name() {
    let fixture = Fixture::start().await;
    let route = (&fixture.agent, Method::POST, TRANSCRIPTS);
    for (body, code, field) in [
        (json!({}), "invalid_request", "from"),
        (json!({ "sender_name": "Acme" }), "invalid_request", "from"),
        (
            json!({ "from": SENDER }),
            "invalid_sender_name",
            "sender_name",
        ),
        (
            json!({ "from": "nobody@example.com", "sender_name": "Acme" }),
            "sender_not_verified",
            "from",
        ),
    ] {
        fixture
            .assert_refused(route.clone(), body.to_string(), (422, code, Some(field)))
            .await;
    }
}
