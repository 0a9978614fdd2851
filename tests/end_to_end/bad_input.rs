use reqwest::{Body, Method};
use serde_json::{Value, json};
use tests::{Caller, SENDER, Stack, message, transcript};

const CONVERSATION: &str = "/v1/conversations/c1";
const MESSAGES: &str = "/v1/conversations/c1/messages";
const RATING_REQUESTS: &str = "/v1/conversations/c1/rating-requests";
const TRANSCRIPTS: &str = "/v1/conversations/c1/transcripts";
const ERASURES: &str = "/v1/visitors/erase";

/// Ids as they stand in a URL, none of which is one.
const BAD_IDS: [&str; 14] = [
    "a%23b",
    "a%00b",
    "a%0Ab",
    "a%0D%0Ab",
    "a%7Fb",
    "a%20b",
    "a+b",
    "%20",
    "%C3%A9",
    "%F0%9F%98%8A",
    "%FF",
    "a%zzb",
    "%25",
    // Decoded once this is a%23b, and no more than once.
    "a%2523b",
];

/// Addresses that are none, or that mail cannot safely go to.
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

/// Names beside a From address that could pass for more than a name.
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

/// A stack in which all that is asked for could be done, were it not for the request.
struct World {
    stack: Stack,
    platform: Caller,
    agent: Caller,
    visitor: Caller,
    rating: String,
    kept: Value,
}

/// What a bad request is answered with: status, code and field. A problem that is not about one
/// field names none.
type Answer<'a> = (u16, &'a str, Option<&'a str>);

const NOT_JSON: Answer<'static> = (400, "invalid_json", None);

fn invalid(field: &str) -> Answer<'_> {
    (422, "invalid_request", Some(field))
}

impl World {
    async fn start() -> Self {
        let stack = Stack::start().await;
        stack.verified_sender().await;
        let visitor = stack.conversation("c1").await;
        let request = stack.agent("lee").await.asked("c1").await;
        Self {
            platform: stack.platform().await,
            agent: stack.agent("kim").await,
            visitor,
            rating: format!("/v1/visitor/rating-requests/{request}/rating"),
            kept: stack.kept().await,
            stack,
        }
    }

    /// Every route that reads a body, with its caller.
    fn routes(&self) -> [(&Caller, Method, &str); 7] {
        [
            (&self.platform, Method::PUT, CONVERSATION),
            (&self.platform, Method::POST, MESSAGES),
            (&self.agent, Method::POST, RATING_REQUESTS),
            (&self.agent, Method::POST, TRANSCRIPTS),
            (&self.visitor, Method::PUT, &self.rating),
            (&self.agent, Method::PUT, "/v1/senders/sales@example.com"),
            (&self.agent, Method::POST, ERASURES),
        ]
    }

    /// This request is refused with this answer, and changes nothing.
    async fn refuse(
        &self,
        (caller, method, path): (&Caller, Method, &str),
        body: impl Into<Body>,
        (status, code, field): Answer<'_>,
    ) {
        let reply = caller.send(method, path, body).await;
        let request_id = reply.header("apigw-requestid").to_owned();
        let problem = reply.expect_problem(status, code);
        assert_eq!(
            problem.get("field"),
            field.map(Value::from).as_ref(),
            "{problem}"
        );
        assert_eq!(problem["type"], format!("urn:afterchat:problem:{code}"));
        assert_eq!(problem["request_id"], request_id);
        for text in ["title", "detail"] {
            let length = problem[text].as_str().unwrap().len();
            assert!((1..300).contains(&length), "{problem}");
        }
        assert_eq!(self.stack.kept().await, self.kept, "{problem}");
    }

    async fn refuse_recording(&self, told: Value, field: &str) {
        let route = (&self.platform, Method::PUT, CONVERSATION);
        self.refuse(route, told.to_string(), invalid(field)).await;
    }

    /// Refuses a message that differs from a good one in `member`.
    async fn refuse_message(&self, member: &str, value: Value, field: &str) {
        let mut told = message("m2", "2026-01-05T09:30:00Z", "Hi");
        told[member] = value;
        let body = json!({ "messages": [told] }).to_string();
        let route = (&self.platform, Method::POST, MESSAGES);
        self.refuse(route, body, invalid(&format!("messages[0].{field}")))
            .await;
    }

    /// Refuses a transcript that differs from a good one in `member`.
    async fn refuse_transcript(&self, member: &str, value: Value, code: &str) {
        let mut body = transcript();
        body[member] = value;
        let route = (&self.agent, Method::POST, TRANSCRIPTS);
        self.refuse(route, body.to_string(), (422, code, Some(member)))
            .await;
    }

    async fn refuse_rating(&self, body: &str, code: &str, field: &str) {
        let route = (&self.visitor, Method::PUT, self.rating.as_str());
        self.refuse(route, body.to_owned(), (422, code, Some(field)))
            .await;
    }
}

#[tokio::test]
async fn invalid_json_is_refused_on_every_route() {
    let world = World::start().await;
    for route in world.routes() {
        for text in [
            "{",
            "score=5",
            "{'score':5}",
            "{\"score\":5}}",
            "{\"score\":05}",
            "{\"score\":NaN}",
            "{\"score\":5,}",
            "\u{feff}{}",
            &"[".repeat(100_000),
        ] {
            world.refuse(route.clone(), text.to_owned(), NOT_JSON).await;
        }
        let not_utf_8 = b"{\"name\":\"\xff\"}".to_vec();
        world.refuse(route, not_utf_8, NOT_JSON).await;
    }
}

#[tokio::test]
async fn an_empty_body_is_refused_on_every_route_that_requires_one() {
    let world = World::start().await;
    for (caller, method, path) in world.routes() {
        if path != RATING_REQUESTS && !path.starts_with("/v1/senders/") {
            world.refuse((caller, method, path), "", NOT_JSON).await;
        }
    }
}

#[tokio::test]
async fn json_that_is_not_an_object_is_refused_on_every_route() {
    let world = World::start().await;
    for route in world.routes() {
        for text in ["[]", "null", "5", "\"score\"", "true"] {
            world.refuse(route.clone(), text, invalid("")).await;
        }
    }
}

#[tokio::test]
async fn a_body_over_1_mb_is_refused_on_every_route() {
    let world = World::start().await;
    for route in world.routes() {
        let body = format!("{{}}{}", " ".repeat(999_999));
        world
            .refuse(route, body, (413, "body_too_large", None))
            .await;
    }
}

#[tokio::test]
async fn an_unknown_field_is_refused_and_named_on_every_route() {
    let world = World::start().await;
    let bodies = [
        json!({ "channel": "widget" }),
        json!({ "messages": [message("m2", "2026-01-05T09:30:00Z", "Hi")] }),
        json!({}),
        transcript(),
        json!({ "score": 5 }),
        json!({ "name": "Sales" }),
        json!({ "email": "ana@example.org" }),
    ];
    for (route, body) in world.routes().into_iter().zip(bodies) {
        for unknown in ["organisation", "Score", "__proto__", ""] {
            let mut body = body.clone();
            body[unknown] = json!("other");
            world
                .refuse(route.clone(), body.to_string(), invalid(unknown))
                .await;
        }
    }
}

#[tokio::test]
async fn a_long_unknown_field_name_is_shortened_in_the_response() {
    let world = World::start().await;
    let body = json!({ "score": 5, "é".repeat(5_000): 1 }).to_string();
    world
        .refuse_rating(&body, "invalid_request", &"é".repeat(64))
        .await;
}

#[tokio::test]
async fn a_score_must_be_a_whole_number_from_1_to_5() {
    let world = World::start().await;
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
        world.refuse_rating(&body, "invalid_score", "score").await;
    }
    world.refuse_rating("{}", "invalid_score", "score").await;
    world
        .refuse_rating("{\"comment\":\"Good\"}", "invalid_score", "score")
        .await;
}

#[tokio::test]
async fn a_comment_must_be_text_of_at_most_2000_characters() {
    let world = World::start().await;
    for comment in [
        json!("x".repeat(2_001)),
        json!("😍".repeat(2_001)),
        json!(5),
        json!(null),
        json!(["Good"]),
        json!({ "text": "Good" }),
    ] {
        let body = json!({ "score": 5, "comment": comment }).to_string();
        world
            .refuse_rating(&body, "invalid_request", "comment")
            .await;
    }
}

#[tokio::test]
async fn an_invalid_conversation_id_is_refused_on_every_route() {
    let world = World::start().await;
    let (long, longer) = ("a".repeat(129), "a".repeat(5_000));
    let (agent, platform) = (&world.agent, &world.platform);
    let recording = json!({ "channel": "widget" });
    let messages = json!({ "messages": [message("m2", "2026-01-05T09:30:00Z", "Hi")] });
    for id in BAD_IDS.iter().copied().chain([&*long, &*longer]) {
        for (caller, method, rest, body) in [
            (platform, Method::PUT, "", &recording),
            (platform, Method::POST, "/messages", &messages),
            (agent, Method::POST, "/rating-requests", &json!({})),
            (agent, Method::POST, "/transcripts", &transcript()),
            (agent, Method::GET, "", &json!({})),
        ] {
            let path = format!("/v1/conversations/{id}{rest}");
            let route = (caller, method, path.as_str());
            world
                .refuse(route, body.to_string(), invalid("conversation_id"))
                .await;
        }
    }
}

#[tokio::test]
async fn a_path_with_a_slash_in_the_conversation_id_has_no_route() {
    let world = World::start().await;
    for path in [
        "/v1/conversations/a/b",
        "/v1/conversations/a%2Fb",
        "/v1/conversations/",
        "/v1/conversations//c1",
    ] {
        let body = world.agent.get(path).await.expect(404);
        assert_eq!(body, json!({ "message": "Not Found" }), "{path}");
    }
}

#[tokio::test]
async fn an_invalid_rating_request_id_is_refused() {
    let world = World::start().await;
    let (long, longer) = ("a".repeat(129), "a".repeat(5_000));
    for id in BAD_IDS.iter().copied().chain([&*long, &*longer]) {
        let path = format!("/v1/visitor/rating-requests/{id}/rating");
        let route = (&world.visitor, Method::PUT, path.as_str());
        world
            .refuse(route, "{\"score\":5}", invalid("rating_request_id"))
            .await;
    }
}

#[tokio::test]
async fn an_invalid_sender_address_in_the_path_is_refused() {
    let world = World::start().await;
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
            let route = (&world.agent, method, path.as_str());
            world.refuse(route, "{}", invalid("address")).await;
        }
    }
}

#[tokio::test]
async fn erasing_a_visitor_requires_one_valid_address() {
    let world = World::start().await;
    let addresses = BAD_ADDRESSES.map(Value::from);
    let others = [json!(null), json!(5), json!(["ana@example.org"]), json!({})];
    for address in addresses.into_iter().chain(others) {
        let body = json!({ "email": address }).to_string();
        let route = (&world.agent, Method::POST, ERASURES);
        world.refuse(route, body, invalid("email")).await;
    }
    let route = (&world.agent, Method::POST, ERASURES);
    world.refuse(route, "{}", invalid("email")).await;
}

#[tokio::test]
async fn invalid_members_of_a_conversation_are_refused() {
    let world = World::start().await;
    for (told, field) in [
        (json!({ "channel": "" }), "channel"),
        (json!({ "channel": "a b" }), "channel"),
        (json!({ "channel": "wídget" }), "channel"),
        (json!({ "channel": "a".repeat(65) }), "channel"),
        (json!({ "channel": 5 }), "channel"),
        (json!({ "status": "closed" }), "status"),
        (json!({ "status": "Open" }), "status"),
        (json!({ "status": true }), "status"),
        (
            json!({ "renew_visitor_token": "true" }),
            "renew_visitor_token",
        ),
        (json!({ "renew_visitor_token": 1 }), "renew_visitor_token"),
        (json!({ "visitor": "Ana" }), "visitor"),
        (json!({ "visitor": [] }), "visitor"),
        (json!({ "visitor": { "phone": "1" } }), "visitor.phone"),
        (json!({ "visitor": { "name": "A\nB" } }), "visitor.name"),
        (
            json!({ "visitor": { "name": "a".repeat(201) } }),
            "visitor.name",
        ),
        (json!({ "visitor": { "language": 5 } }), "visitor.language"),
        (
            json!({ "visitor": { "time_zone": 60 } }),
            "visitor.time_zone",
        ),
        (json!({ "assignee": "kim" }), "assignee"),
        (json!({ "assignee": {} }), "assignee.id"),
        (json!({ "assignee": { "id": null } }), "assignee.id"),
        (json!({ "assignee": { "id": "" } }), "assignee.id"),
        (json!({ "assignee": { "id": "k#m" } }), "assignee.id"),
        (json!({ "assignee": { "id": "k\u{7}m" } }), "assignee.id"),
        (json!({ "assignee": { "id": "kím" } }), "assignee.id"),
        (
            json!({ "assignee": { "id": "k".repeat(256) } }),
            "assignee.id",
        ),
        (json!({ "assignee": { "id": 7 } }), "assignee.id"),
        (
            json!({ "assignee": { "id": "kim", "name": "\r\n" } }),
            "assignee.name",
        ),
        (
            json!({ "assignee": { "id": "kim", "mail": "" } }),
            "assignee.mail",
        ),
        (json!({ "rating": { "score": 5 } }), "rating"),
        (json!({ "current_request": null }), "current_request"),
        (json!({ "visitor_token": "x" }), "visitor_token"),
    ] {
        world.refuse_recording(told, field).await;
    }
}

#[tokio::test]
async fn an_invalid_email_address_is_refused_in_every_member() {
    let world = World::start().await;
    let longer = format!("{}@example.com", "a".repeat(5_000));
    for address in BAD_ADDRESSES.iter().copied().chain([&*longer]) {
        let told = json!({ "visitor": { "email": address } });
        world.refuse_recording(told, "visitor.email").await;
        for (member, code) in [("to", "invalid_recipient"), ("from", "invalid_request")] {
            world.refuse_transcript(member, json!(address), code).await;
        }
    }
    for wrong_type in [
        json!(null),
        json!(5),
        json!([SENDER]),
        json!({ "address": SENDER }),
    ] {
        world
            .refuse_transcript("to", wrong_type, "invalid_recipient")
            .await;
    }
}

#[tokio::test]
async fn a_misleading_sender_name_is_refused_on_every_route() {
    let world = World::start().await;
    let long = "a".repeat(129);
    let names = BAD_SENDER_NAMES.iter().copied().chain([&*long]);
    for name in names.map(Value::from).chain([json!(5), json!(null)]) {
        world
            .refuse_transcript("sender_name", name.clone(), "invalid_sender_name")
            .await;
        let path = format!("/v1/senders/{SENDER}");
        let route = (&world.agent, Method::PUT, path.as_str());
        let body = json!({ "name": name }).to_string();
        world.refuse(route, body, invalid("name")).await;
    }
}

#[tokio::test]
async fn a_transcript_requires_a_verified_sender_and_a_sender_name() {
    let world = World::start().await;
    let route = (&world.agent, Method::POST, TRANSCRIPTS);
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
        world
            .refuse(route.clone(), body.to_string(), (422, code, Some(field)))
            .await;
    }
}

#[tokio::test]
async fn invalid_members_of_a_message_are_refused() {
    let world = World::start().await;
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
        world.refuse_message(member, value, field).await;
    }
}

#[tokio::test]
async fn an_invalid_message_id_is_refused() {
    let world = World::start().await;
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
        world.refuse_message("id", id, "id").await;
    }
}

#[tokio::test]
async fn a_messages_time_must_be_rfc_3339_with_an_offset_in_the_years_1970_to_9999() {
    let world = World::start().await;
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
        world.refuse_message("sent_at", sent_at, "sent_at").await;
    }
}

#[tokio::test]
async fn a_message_without_a_required_member_is_refused() {
    let world = World::start().await;
    for member in ["id", "sent_at", "author", "visibility", "text"] {
        let mut told = message("m2", "2026-01-05T09:30:00Z", "Hi");
        told.as_object_mut().unwrap().remove(member);
        let body = json!({ "messages": [told] }).to_string();
        let route = (&world.platform, Method::POST, MESSAGES);
        world
            .refuse(route, body, invalid(&format!("messages[0].{member}")))
            .await;
    }
}

#[tokio::test]
async fn messages_must_be_a_list_of_objects() {
    let world = World::start().await;
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
        let route = (&world.platform, Method::POST, MESSAGES);
        world.refuse(route, body.to_string(), invalid(field)).await;
    }
}

#[tokio::test]
async fn an_invalid_agent_in_a_request_body_is_refused() {
    let world = World::start().await;
    for (agent, field) in [
        (json!("kim"), "agent"),
        (json!(null), "agent"),
        (json!({}), "agent.id"),
        (json!({ "id": "" }), "agent.id"),
        (json!({ "id": "a#b" }), "agent.id"),
        (json!({ "id": "a".repeat(5_000) }), "agent.id"),
        (json!({ "id": "kim", "name": "" }), "agent.name"),
        (json!({ "id": "kim", "role": "boss" }), "agent.role"),
    ] {
        let mut sending = transcript();
        sending["agent"] = agent.clone();
        for (path, body) in [
            (RATING_REQUESTS, json!({ "agent": agent })),
            (TRANSCRIPTS, sending),
        ] {
            let route = (&world.platform, Method::POST, path);
            world.refuse(route, body.to_string(), invalid(field)).await;
        }
    }
}
