//! The content of a transcript's mail.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tests::{Caller, SENDER, Stack, message, note, transcript};

/// A stack with a verified sender and a conversation without messages.
pub(crate) struct Setup {
    pub(crate) stack: Stack,
    platform: Caller,
    pub(crate) agent: Caller,
}

impl Setup {
    async fn start() -> Self {
        Self::start_with(&[], json!({})).await
    }

    /// `visitor` is added to the visitor of the conversation.
    pub(crate) async fn start_with(parameters: &[(&str, &str)], visitor: Value) -> Self {
        let stack = Stack::start_with(Stack::options_with(parameters)).await;
        stack.begin_an_hour().await;
        stack.verified_sender().await;
        let platform = stack.platform().await;
        let agent = stack
            .with_claims(json!({ "sub": "kim", "name": "Kim" }))
            .await;
        let mut conversation =
            json!({ "channel": "widget", "visitor": { "email": "ana@example.org" } });
        for (name, value) in visitor.as_object().unwrap() {
            conversation["visitor"][name] = value.clone();
        }
        platform
            .put("/v1/conversations/c1", conversation)
            .await
            .expect(201);
        Self {
            stack,
            platform,
            agent,
        }
    }

    pub(crate) async fn record(&self, messages: &[Value]) {
        for messages in messages.chunks(20) {
            self.platform
                .post(
                    "/v1/conversations/c1/messages",
                    json!({ "messages": messages }),
                )
                .await
                .expect(200);
        }
    }

    /// Sends the transcript and returns its mail.
    async fn send_mail(&self) -> Value {
        self.send_mail_with(transcript()).await
    }

    async fn send_mail_with(&self, body: Value) -> Value {
        let before = self.stack.outbox().await.len();
        self.agent.send_transcript_as("c1", body).await.expect(201);
        let mut mails = self.stack.outbox().await;
        assert_eq!(mails.len(), before + 1);
        mails.pop().unwrap()
    }
}

fn text(mail: &Value) -> &str {
    mail["text"].as_str().unwrap()
}

fn html(mail: &Value) -> &str {
    mail["html"].as_str().unwrap()
}

/// Both parts of a mail.
fn parts(mail: &Value) -> [&str; 2] {
    [text(mail), html(mail)]
}

#[tokio::test]
async fn a_mail_has_its_sender_recipient_and_auto_submitted_header() {
    let setup = Setup::start().await;
    setup
        .record(&[message("m1", "2026-01-05T09:00:00Z", "Hello")])
        .await;
    let mail = setup.send_mail().await;
    assert_eq!(mail["from"], format!("Acme support <{SENDER}>"));
    assert_eq!(mail["to"], json!(["ana@example.org"]));
    assert_eq!(mail["subject"], "Your conversation with Support");
    assert_eq!(mail["attachments"], json!([]));
    let headers = &mail["headers"];
    assert_eq!(headers["Auto-Submitted"], "auto-generated");
    assert_eq!(headers["Reply-To"], Value::Null);
    assert_eq!(headers["X-SES-CONFIGURATION-SET"], "afterchat");
    for part in parts(&mail) {
        assert!(part.contains("Your conversation with Support"), "{part}");
    }
}

#[tokio::test]
async fn the_stacks_parameters_set_brand_subject_and_reply_to() {
    let setup = Setup::start_with(
        &[
            ("BrandName", "Ünïted <Chairs> & Co"),
            ("MailSubject", "{brand}: our chat"),
            ("ReplyTo", "answers@example.com"),
        ],
        json!({}),
    )
    .await;
    setup
        .record(&[message("m1", "2026-01-05T09:00:00Z", "Hello")])
        .await;
    let mail = setup.send_mail().await;
    assert_eq!(mail["subject"], "Ünïted <Chairs> & Co: our chat");
    assert_eq!(mail["headers"]["Reply-To"], "answers@example.com");
    assert!(text(&mail).contains("Ünïted <Chairs> & Co"));
    assert!(!html(&mail).contains("<Chairs>"));
}

#[tokio::test]
async fn a_subject_can_contain_the_conversation_and_its_first_day_in_the_visitors_time_zone() {
    let subject = ("MailSubject", "{brand}: {conversation}, {date}");
    let setup = Setup::start_with(&[subject], json!({ "time_zone": "Asia/Tokyo" })).await;
    setup
        .record(&[
            message("m1", "2026-01-05T16:00:00Z", "Hello"),
            message("m2", "2026-01-07T09:00:00Z", "Hello again"),
        ])
        .await;
    for _ in 0..2 {
        let mail = setup.send_mail().await;
        assert_eq!(mail["subject"], "Support: c1, 6 January 2026");
        assert!(text(&mail).contains("from 6 January 2026 to 7 January 2026"));
    }
}

#[tokio::test]
async fn all_mails_of_a_conversation_and_no_others_have_the_same_references_header() {
    let setup = Setup::start().await;
    setup
        .record(&[message("m1", "2026-01-05T09:00:00Z", "Hello")])
        .await;
    setup.stack.conversation("c2").await;
    let mut references = Vec::new();
    for conversation in ["c1", "c1", "c2"] {
        setup.agent.send_transcript(conversation).await.expect(201);
        let mail = setup.stack.outbox().await.pop().unwrap();
        let reference = mail["headers"]["References"].as_str().unwrap().to_owned();
        assert!(reference.starts_with('<') && reference.ends_with("@example.com>"));
        assert!(!reference.contains(conversation), "{reference}");
        references.push(reference);
    }
    assert_eq!(references[0], references[1]);
    assert_ne!(references[0], references[2]);
}

#[tokio::test]
async fn a_link_in_right_to_left_text_is_surrounded_by_whitespace() {
    let setup = Setup::start().await;
    let link = "https://example.com/track/123";
    let lines = [
        format!("המעקב כאן: {link}"),
        format!("{link} هنا"),
        format!("כאן {link} או כאן"),
        format!("Here: {link}\u{200F}"),
    ];
    let mut written = message("m1", "2026-01-05T09:00:00Z", &lines.join("\n"));
    written["author"]["name"] = json!(format!("ענת {link}"));
    written["attachments"] = json!([
        { "name": format!("קבלה {link}"), "url": "https://files.example.com/1", "bytes": 9 },
    ]);
    setup.record(&[written]).await;
    let mail = setup
        .send_mail_with(json!({ "from": SENDER, "sender_name": "Acme", "ask_for_rating": true }))
        .await;
    let words = text(&mail).split_whitespace();
    let links: Vec<_> = words.filter(|word| word.contains("://")).collect();
    let (faces, links): (Vec<_>, Vec<_>) = links.into_iter().partition(|it| it.contains("/rate#"));
    assert_eq!(links[..6], [link; 6]);
    assert_eq!(links[6..], ["https://files.example.com/1"]);
    assert_eq!(faces.len(), 5);
    for face in faces {
        assert!(face.starts_with("http") && face.is_ascii(), "{face}");
    }
}

#[tokio::test]
async fn a_link_leads_to_the_url_or_address_that_it_shows() {
    let setup = Setup::start().await;
    let written = "See (https://example.com/a?b=1&c=2). Or write to ana@example.org!\n\
                   https://bank.example@evil.example javascript:alert(1)";
    setup
        .record(&[message("m1", "2026-01-05T09:00:00Z", written)])
        .await;
    let mail = setup.send_mail().await;
    let html = html(&mail);
    let rel = "rel=\"noopener noreferrer nofollow\"";
    let url = "https://example.com/a?b=1&#38;c=2";
    assert!(html.contains(&format!("(<a href=\"{url}\" {rel}>{url}</a>).")));
    let address = "<a href=\"mailto:ana@example.org\">ana@example.org</a>!";
    assert!(html.contains(address), "{html}");
    assert_eq!(html.matches("<a ").count(), 2, "{html}");
}

#[tokio::test]
async fn a_mail_contains_every_public_message_once_and_no_private_one() {
    let setup = Setup::start().await;
    let messages: Vec<_> = (10..50)
        .map(|n| {
            let at = format!("2026-01-05T09:{n}:00Z");
            match n % 2 {
                0 => message(&format!("m{n}"), &at, &format!("public-{n}.")),
                _ => note(&format!("n{n}"), &at, &format!("private-{n}.")),
            }
        })
        .collect();
    setup.record(&messages).await;
    setup.record(&messages).await;
    let sent = setup.agent.send_transcript("c1").await.expect(201);
    assert_eq!(sent["transcript"]["message_count"], 20);
    let mail = &setup.stack.outbox().await[0];
    for part in parts(mail) {
        for n in (10..50).step_by(2) {
            assert_eq!(part.matches(&format!("public-{n}.")).count(), 1, "{n}");
        }
        assert!(!part.contains("private-"), "{part}");
        assert!(!part.contains("Kim"), "{part}");
    }
}

#[tokio::test]
async fn a_message_that_was_made_private_is_not_in_the_mail() {
    let setup = Setup::start().await;
    let slip = message("m2", "2026-01-05T09:01:00Z", "The slip");
    let mut hidden = slip.clone();
    hidden["visibility"] = json!("private");
    setup
        .record(&[message("m1", "2026-01-05T09:00:00Z", "Hello")])
        .await;
    for late in [slip.clone(), hidden, slip] {
        setup.record(&[late]).await;
    }
    let mail = setup.send_mail().await;
    for part in parts(&mail) {
        assert!(part.contains("Hello") && !part.contains("slip"), "{part}");
    }
}

#[tokio::test]
async fn events_are_not_in_the_mail() {
    let setup = Setup::start().await;
    setup
        .record(&[message("m1", "2026-01-05T09:00:00Z", "Hello")])
        .await;
    let first = setup.send_mail().await;
    setup.agent.ask_for_id("c1").await;
    let second = setup.send_mail().await;
    assert_eq!(second["text"], first["text"]);
    assert_eq!(second["html"], first["html"]);
}

#[tokio::test]
async fn messages_are_in_order_of_time_below_their_date_and_author() {
    let setup = Setup::start().await;
    let mut third = message("m3", "2026-01-06T10:30:00Z", "Third");
    third["author"] = json!({ "kind": "agent", "id": "kim", "name": "Kim Doe" });
    let mut nameless = message("m1", "2026-01-05T09:00:00Z", "First");
    nameless["author"] = json!({ "kind": "visitor" });
    let second = message("m2", "2026-01-05T23:59:59Z", "Second");
    setup.record(&[third, second, nameless]).await;
    let mail = setup.send_mail().await;
    for part in parts(&mail) {
        let positions: Vec<_> = [
            "Monday, 5 January 2026",
            "Visitor",
            "First",
            "Ana",
            "Second",
            "Tuesday, 6 January 2026",
            "Kim Doe",
            "Third",
        ]
        .map(|words| {
            part.find(words)
                .unwrap_or_else(|| panic!("{words}: {part}"))
        })
        .into();
        assert!(positions.is_sorted(), "{positions:?}: {part}");
    }
}

#[tokio::test]
async fn times_are_in_the_visitors_time_zone_if_it_is_known() {
    let at_night = message("m1", "2026-01-05T03:07:00Z", "Hello");
    let new_york = json!({ "time_zone": "America/New_York" });
    let setup = Setup::start_with(&[], new_york).await;
    setup.record(std::slice::from_ref(&at_night)).await;
    let mail = setup.send_mail().await;
    for part in parts(&mail) {
        assert!(part.contains("Sunday, 4 January 2026"), "{part}");
        assert!(part.contains("22:07"), "{part}");
        assert!(part.contains("America/New_York"), "{part}");
    }

    let setup = Setup::start().await;
    setup.record(&[at_night]).await;
    let mail = setup.send_mail().await;
    for part in parts(&mail) {
        assert!(part.contains("Monday, 5 January 2026"), "{part}");
        assert!(part.contains("03:07"), "{part}");
        assert!(part.contains("UTC"), "{part}");
    }
}

#[tokio::test]
async fn text_written_by_people_never_becomes_markup() {
    let setup = Setup::start().await;
    let attack = "<script>alert(1)</script><img src=x onerror='alert(2)'> & \"quotes\"";
    let mut evil = message("m1", "2026-01-05T09:00:00Z", attack);
    evil["author"]["name"] = json!("<b onclick=x>Ana</b>");
    evil["attachments"] = json!([{
        "name": "<i>a\".pdf",
        "url": "https://files.example.com/a?b='c'&d=1",
    }]);
    setup.record(&[evil]).await;
    let mail = setup.send_mail().await;
    assert!(text(&mail).contains(attack), "{}", text(&mail));
    let html = html(&mail);
    for markup in ["<script", "<img", "<b onclick", "<i>a", "a\".pdf", "'c'"] {
        assert!(!html.contains(markup), "{markup}: {html}");
    }
    assert!(html.contains("alert(1)") && html.contains("onclick=x"));
}

#[tokio::test]
async fn text_written_by_people_never_becomes_a_header() {
    let setup = Setup::start_with(&[], json!({ "name": "Ana, \"Bcc: eve@example.net\"" })).await;
    let forged = "\r\nBcc: eve@example.net\r\nSubject: Forged\r\n\r\nBody";
    setup
        .record(&[message("m1", "2026-01-05T09:00:00Z", forged)])
        .await;
    let mail = setup
        .send_mail_with(
            json!({ "from": SENDER, "sender_name": "Bcc: eve, Acme; Zoë's =?UTF-8?Q?=0A?=" }),
        )
        .await;
    assert_eq!(mail["to"], json!(["ana@example.org"]));
    assert_eq!(
        mail["from"],
        format!("Bcc: eve, Acme; Zoë's =?UTF-8?Q?=0A?= <{SENDER}>")
    );
    assert_eq!(mail["subject"], "Your conversation with Support");
    let headers = mail["headers"].as_object().unwrap();
    assert!(!headers.contains_key("Bcc") && !headers.contains_key("Cc"));
    for value in headers.values() {
        assert!(!value.as_str().unwrap().contains(['\r', '\n']), "{value}");
    }
    assert!(text(&mail).contains("    Bcc: eve@example.net\n"));

    for (field, body) in [
        (
            "visitor.name",
            json!({ "visitor": { "name": "A\r\nBcc: e@example.net" } }),
        ),
        (
            "visitor.email",
            json!({ "visitor": { "email": "a@example.org\r\nBcc: e@example.net" } }),
        ),
    ] {
        let problem = setup
            .platform
            .put("/v1/conversations/c1", body)
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], field);
    }
}

#[tokio::test]
async fn attached_files_are_links_only_if_their_url_is_safe() {
    let setup = Setup::start().await;
    let mut with_files = message("m1", "2026-01-05T09:00:00Z", "Look");
    with_files["attachments"] = json!([
        { "name": "safe.pdf", "url": "https://files.example.com/safe", "bytes": 48_213 },
        { "name": "unsafe.pdf", "url": "http://files.example.com/unsafe" },
    ]);
    setup.record(&[with_files]).await;
    let mail = setup.send_mail().await;
    assert!(html(&mail).contains("href=\"https://files.example.com/safe\""));
    for part in parts(&mail) {
        assert!(part.contains("https://files.example.com/safe"), "{part}");
        assert!(part.contains("safe.pdf") && part.contains("unsafe.pdf"));
        assert!(!part.contains("http://files.example.com"), "{part}");
    }
}

#[tokio::test]
async fn a_long_conversation_is_attached_completely_and_its_latest_messages_are_shown() {
    let setup = Setup::start().await;
    let messages: Vec<_> = (100..200)
        .map(|n| {
            let minute = n - 100;
            let at = format!("2026-01-05T{:02}:{:02}:00Z", 9 + minute / 60, minute % 60);
            let words = format!("message-{n}. Grüße 😊 {}", "blah ".repeat(400));
            message(&format!("m{n}"), &at, &words)
        })
        .collect();
    setup.record(&messages).await;
    let mail = setup.send_mail().await;

    let html = html(&mail);
    assert!(html.len() < 90_000, "{} bytes", html.len());
    assert!(html.contains("message-199.") && !html.contains("message-100."));
    let files = mail["attachments"].as_array().unwrap();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0]["name"], "transcript.html");
    assert_eq!(files[0]["content_type"], "text/html; charset=utf-8");
    let file = BASE64_STANDARD.decode(files[0]["base64"].as_str().unwrap());
    let file = String::from_utf8(file.unwrap()).unwrap();
    for whole in [text(&mail), &file] {
        for n in 100..200 {
            let words = format!("message-{n}. Grüße 😊");
            assert_eq!(whole.matches(&words).count(), 1, "{n}");
        }
    }
    // Lines of a mail are shorter, so the file was encoded for the transport.
    assert!(file.lines().any(|line| line.len() > 1_000));
}

#[tokio::test]
async fn the_thread_masks_the_recipient_and_the_list_of_transcripts_shows_it() {
    let setup = Setup::start().await;
    setup
        .record(&[message("m1", "2026-01-05T09:00:00Z", "Hello")])
        .await;
    let sent = setup.agent.send_transcript("c1").await.expect(201);
    let read = setup.agent.conversation("c1").await;
    let entries = read["thread"]["entries"].as_array().unwrap();
    let event = entries.last().unwrap();
    assert_eq!(event["visibility"], "public");
    assert_eq!(
        event["event"],
        json!({
            "type": "transcript_sent",
            "transcript_id": sent["transcript"]["id"],
            "to": "a•••@example.org",
            "agent": { "id": "kim", "name": "Kim" },
        })
    );
    assert!(!read["thread"].to_string().contains("ana@example.org"));
    assert_eq!(read["transcripts"][0]["to"], "ana@example.org");
    assert_eq!(read["transcripts"][0]["from"], SENDER);
    assert_eq!(read["transcripts"][0]["sender_name"], "Acme support");
}
