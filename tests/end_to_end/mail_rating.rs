//! Rating from the mail: the faces beneath a transcript, and the links that they are.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use local::Options;
use serde_json::{Value, json};
use tests::{Caller, Lambda, SENDER, Stack, asking, message, tokens_of, transcript};

const A_DAY_SECONDS: u64 = 24 * 60 * 60;
const TRANSCRIPTS: &str = "/v1/conversations/c1/transcripts";
const LABELS: [&str; 5] = [
    "Very dissatisfied",
    "Dissatisfied",
    "Neutral",
    "Satisfied",
    "Very satisfied",
];

/// A stack in a new hour, with a verified sender and the conversation `c1`.
struct Desk {
    stack: Stack,
    visitor: Caller,
    agent: Caller,
}

impl Desk {
    async fn open() -> Self {
        Self::open_with(Stack::options()).await
    }

    async fn open_with(options: Options) -> Self {
        let stack = Stack::start_with(options).await;
        stack.begin_an_hour().await;
        stack.verified_sender().await;
        Self {
            visitor: stack.conversation("c1").await,
            agent: stack.agent("kim").await,
            stack,
        }
    }

    /// Has `agent` ask beneath a transcript.
    async fn ask_as(&self, agent: &Caller) -> Asked {
        let sent = agent.send_transcript_as("c1", asking()).await.expect(201);
        let links = self.stack.links().await;
        assert_eq!(links.len(), 5);
        Asked {
            request: id_of(&sent),
            link: self.stack.bearer(&links[0]),
            sent,
        }
    }

    async fn ask(&self) -> Asked {
        self.ask_as(&self.agent).await
    }

    async fn last_mail(&self) -> Value {
        self.stack.outbox().await.pop().expect("a mail was sent")
    }

    /// Asserts that the latest mail asks nothing.
    async fn assert_no_faces(&self) {
        let mail = self.last_mail().await;
        for part in ["text", "html"] {
            let part = mail[part].as_str().unwrap();
            assert!(part.contains("Hello"), "{part}");
            assert!(!part.contains("/rate"), "{part}");
            assert!(!part.contains("How was your conversation?"), "{part}");
        }
    }

    /// How often the visitor of a conversation was asked.
    async fn askings(&self, conversation: &str) -> usize {
        let events = self.agent.events(conversation, "rating_requested").await;
        events.len()
    }
}

/// A rating that is asked for beneath a transcript.
struct Asked {
    sent: Value,
    request: String,
    /// Someone with the link.
    link: Caller,
}

impl Asked {
    /// The link's token in its four parts.
    fn parts(&self) -> [&str; 4] {
        let parts: Vec<_> = self.link.token().split('.').collect();
        parts.try_into().expect("a link's token has four parts")
    }
}

fn id_of(sent: &Value) -> String {
    sent["rating_request"]["id"].as_str().unwrap().to_owned()
}

fn refused(code: &str) -> Value {
    json!({ "refused": { "code": code } })
}

/// Asserts that `token` does not answer `request`, and that nothing changes.
async fn assert_opens_nothing(stack: &Stack, token: &str, request: &str) {
    let before = stack.kept().await;
    let reply = stack
        .bearer(token)
        .rate(request, json!({ "score": 1 }))
        .await;
    reply.expect_problem(401, "invalid_visitor_token");
    assert_eq!(stack.kept().await, before);
}

#[tokio::test]
async fn a_transcript_ends_with_five_labelled_face_links() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    let mail = desk.last_mail().await;
    let token = asked.link.token();
    let parts = ["text", "html"].map(|part| mail[part].as_str().unwrap());
    for part in parts {
        assert_eq!(tokens_of(part), [token; 5]);
        assert!(part.find("Hello") < part.find("/rate#"), "{part}");
    }
    let [text, html] = parts;
    for (label, score) in LABELS.iter().zip(1..) {
        let url = format!("{}/rate#{token}/{score}", desk.stack.url());
        assert!(text.contains(&format!("\n{label}:\n{url}")), "{text}");
        let (_, link) = html.split_once(&format!("href=\"{url}\"")).unwrap();
        let (link, _) = link.split_once("</a>").unwrap();
        assert!(link.ends_with(label), "{link}");
    }
}

#[tokio::test]
async fn the_response_contains_the_same_rating_request_as_one_made_in_the_chat() {
    let desk = Desk::open().await;
    let sent = desk.ask().await.sent;
    let requested_at = sent["transcript"]["sent_at"].as_str().unwrap();
    let opens_at: Timestamp = format!("{}Z", &requested_at[..19]).parse().unwrap();
    let opens_at = opens_at + SignedDuration::from_hours(7 * 24);
    let request = &sent["rating_request"];
    assert_eq!(
        *request,
        json!({
            "id": request["id"],
            "conversation_id": "c1",
            "agent_id": "kim",
            "requested_at": requested_at,
            "next_request_at": format!("{opens_at:.3}"),
        })
    );
    let shown = desk.visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], request["id"]);
    let events = desk.agent.events("c1", "rating_requested").await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["rating_request_id"], request["id"]);
    let problem = desk.agent.ask("c1").await;
    let problem = problem.expect_problem(429, "rating_already_requested");
    assert_eq!(problem["available_at"], request["next_request_at"]);
}

#[tokio::test]
async fn a_link_rates_its_rating_request() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    let answer = json!({ "score": 5, "comment": "Thank you" });
    let rated = asked.link.rate(&asked.request, answer).await.expect(201);
    assert_eq!(rated["rating"]["score"], 5);

    let read = desk.agent.conversation("c1").await;
    assert_eq!(read["rating"]["score"], 5);
    assert_eq!(read["rating"]["comment"], "Thank you");
    assert_eq!(read["rating"]["agent_id"], "kim");
    let events = desk.agent.events("c1", "rating_submitted").await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["rating_request_id"], *asked.request);
    let shown = desk.visitor.rating_request().await;
    assert_eq!(shown["rating"]["score"], 5);
}

#[tokio::test]
async fn a_link_works_after_the_visitors_token_was_renewed() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    let renewal = json!({ "renew_visitor_token": true });
    let platform = desk.stack.platform().await;
    platform
        .put("/v1/conversations/c1", renewal)
        .await
        .expect(200);
    let answer = json!({ "score": 4 });
    let with_old_token = desk.visitor.rate(&asked.request, answer.clone()).await;
    with_old_token.expect_problem(401, "invalid_visitor_token");
    asked.link.rate(&asked.request, answer).await.expect(201);
}

#[tokio::test]
async fn a_rating_by_link_can_be_repeated_and_changed_for_a_day() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    let rate = async |score: u8| {
        asked
            .link
            .rate(&asked.request, json!({ "score": score }))
            .await
    };
    let first = rate(2).await.expect(201);
    assert_eq!(rate(2).await.expect(200), first);
    let changed = rate(4).await.expect(200);
    assert_eq!(changed["rating"]["score"], 4);
    let until = changed["rating"]["changeable_until"].as_str().unwrap();
    assert_eq!(desk.agent.events("c1", "rating_submitted").await.len(), 1);
    assert_eq!(desk.agent.events("c1", "rating_changed").await.len(), 1);

    desk.stack.stop_clock_a_second_before(until).await;
    rate(5).await.expect(200);
    desk.stack.advance(1).await;
    rate(1).await.expect_problem(409, "rating_closed");
    let read = desk.agent.conversation("c1").await;
    assert_eq!(read["rating"]["score"], 5);
}

#[tokio::test]
async fn a_rating_in_the_chat_can_be_changed_by_the_link() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    let by_widget = desk.visitor.rate(&asked.request, json!({ "score": 3 }));
    by_widget.await.expect(201);
    let by_link = asked.link.rate(&asked.request, json!({ "score": 4 }));
    by_link.await.expect(200);
    assert_eq!(desk.agent.events("c1", "rating_changed").await.len(), 1);
}

#[tokio::test]
async fn a_link_works_only_for_its_own_rating_request() {
    let desk = Desk::open().await;
    let first = desk.ask().await;
    let lee = desk.stack.agent("lee").await;
    let second = desk.ask_as(&lee).await;
    let [organisation, conversation, request, _] = second.parts();
    let [.., foreign_secret] = first.parts();
    let in_the_chat = desk.stack.agent("max").await.asked("c1").await;
    let stack = &desk.stack;

    assert_opens_nothing(stack, first.link.token(), &second.request).await;
    assert_opens_nothing(stack, second.link.token(), &first.request).await;
    // Nor does its secret under another request's name, not even that of one without a link.
    let forged = format!("{organisation}.{conversation}.{request}.{foreign_secret}");
    assert_opens_nothing(stack, &forged, &second.request).await;
    let request = BASE64_URL_SAFE_NO_PAD.encode(&in_the_chat);
    let forged = format!("{organisation}.{conversation}.{request}.{foreign_secret}");
    assert_opens_nothing(stack, &forged, &in_the_chat).await;
}

#[tokio::test]
async fn a_link_whose_secret_differs_in_one_bit_is_refused() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    let [organisation, conversation, request, secret] = asked.parts();
    let secret = BASE64_URL_SAFE_NO_PAD.decode(secret).unwrap();
    assert_eq!(secret.len(), 32);
    for index in [0, 31] {
        let mut guess = secret.clone();
        guess[index] ^= 1;
        let guess = BASE64_URL_SAFE_NO_PAD.encode(guess);
        let token = format!("{organisation}.{conversation}.{request}.{guess}");
        assert_opens_nothing(&desk.stack, &token, &asked.request).await;
    }
    // The same goes for one who answered already.
    let answer = json!({ "score": 4 });
    asked.link.rate(&asked.request, answer).await.expect(201);
    let guess = BASE64_URL_SAFE_NO_PAD.encode([0; 32]);
    let token = format!("{organisation}.{conversation}.{request}.{guess}");
    assert_opens_nothing(&desk.stack, &token, &asked.request).await;
}

#[tokio::test]
async fn a_link_with_unknown_ids_is_refused() {
    let desk = Desk::open().await;
    desk.stack.conversation("c2").await;
    let asked = desk.ask().await;
    let [organisation, conversation, request, secret] = asked.parts();
    let encode = |id: &str| BASE64_URL_SAFE_NO_PAD.encode(id);
    for (id, token) in [
        (
            "unknown",
            format!(
                "{organisation}.{conversation}.{}.{secret}",
                encode("unknown")
            ),
        ),
        (
            &asked.request,
            format!("{organisation}.{}.{request}.{secret}", encode("unknown")),
        ),
        (
            &asked.request,
            format!("{organisation}.{}.{request}.{secret}", encode("c2")),
        ),
        (
            &asked.request,
            format!("{}.{conversation}.{request}.{secret}", encode("other")),
        ),
        // Without its request it is no visitor's token.
        (
            &asked.request,
            format!("{organisation}.{conversation}.{secret}"),
        ),
    ] {
        assert_opens_nothing(&desk.stack, &token, id).await;
    }
}

#[tokio::test]
async fn a_link_cannot_read_the_rating_request() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    let reply = asked.link.get("/v1/visitor/rating-request").await;
    reply.expect_problem(401, "invalid_visitor_token");
}

#[tokio::test]
async fn a_link_to_a_superseded_rating_request_returns_410() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    desk.stack.agent("lee").await.asked("c1").await;
    let reply = asked.link.rate(&asked.request, json!({ "score": 5 })).await;
    reply.expect_problem(410, "rating_request_superseded");
    assert_eq!(desk.agent.conversation("c1").await["rating"], Value::Null);
}

#[tokio::test]
async fn a_link_works_for_thirty_days_to_the_second() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    let requested_at = asked.sent["rating_request"]["requested_at"].as_str();
    let requested_at: Timestamp = requested_at.unwrap().parse().unwrap();
    let expires_at = requested_at + SignedDuration::from_hours(30 * 24);
    let stack = &desk.stack;
    stack
        .stop_clock_a_second_before(&expires_at.to_string())
        .await;
    let answer = json!({ "score": 5 });
    let in_time = asked.link.rate(&asked.request, answer.clone()).await;
    in_time.expect(201);
    stack.advance(1).await;
    let late = asked.link.rate(&asked.request, answer.clone()).await;
    late.expect_problem(410, "rating_link_expired");
    // The request itself goes on, and so does its visitor's token.
    let by_widget = desk.visitor.rate(&asked.request, answer).await;
    by_widget.expect(200);
}

#[tokio::test]
async fn an_expired_link_records_no_rating() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    desk.stack.advance(30 * A_DAY_SECONDS).await;
    let reply = asked.link.rate(&asked.request, json!({ "score": 5 })).await;
    reply.expect_problem(410, "rating_link_expired");
    assert_eq!(desk.agent.conversation("c1").await["rating"], Value::Null);
    // The secret goes before the date: a stranger does not learn that there was a link.
    let [organisation, conversation, request, _] = asked.parts();
    let guess = BASE64_URL_SAFE_NO_PAD.encode([0; 32]);
    let token = format!("{organisation}.{conversation}.{request}.{guess}");
    assert_opens_nothing(&desk.stack, &token, &asked.request).await;
}

#[tokio::test]
async fn during_the_agents_cooldown_the_transcript_is_sent_without_faces() {
    let desk = Desk::open().await;
    desk.agent.asked("c1").await;
    let sent = desk.agent.send_transcript_as("c1", asking()).await;
    let sent = sent.expect(201);
    assert_eq!(sent["rating_request"], refused("rating_already_requested"));
    assert_eq!(sent["quota"]["remaining"], 4);
    desk.assert_no_faces().await;
    assert_eq!(desk.askings("c1").await, 1);
    assert_eq!(desk.agent.events("c1", "transcript_sent").await.len(), 1);
}

#[tokio::test]
async fn a_second_transcript_requests_a_rating_only_after_seven_days() {
    let desk = Desk::open().await;
    let first = desk.ask().await;
    let again = desk.agent.send_transcript_as("c1", asking()).await;
    let again = again.expect(201);
    assert_eq!(again["rating_request"], refused("rating_already_requested"));
    desk.assert_no_faces().await;
    let opens_at = first.sent["rating_request"]["next_request_at"].as_str();
    let stack = &desk.stack;
    stack.stop_clock_a_second_before(opens_at.unwrap()).await;
    stack.advance(1).await;
    let second = desk.ask().await;
    assert_ne!(second.request, first.request);
    assert_ne!(second.link.token(), first.link.token());
}

#[tokio::test]
async fn on_an_unsupported_channel_the_transcript_is_sent_without_faces() {
    let desk = Desk::open().await;
    let platform = desk.stack.platform().await;
    for channel in ["voice", "messenger"] {
        let path = format!("/v1/conversations/{channel}");
        let visitor = json!({ "email": "ana@example.org" });
        let recorded = json!({ "channel": channel, "visitor": visitor });
        platform.put(&path, recorded).await.expect(201);
        let hello = message("m1", "2026-01-05T09:00:00Z", "Hello");
        let messages = json!({ "messages": [hello] });
        let path = format!("{path}/messages");
        platform.post(&path, messages).await.expect(200);

        let sent = desk.agent.send_transcript_as(channel, asking()).await;
        let sent = sent.expect(201);
        assert_eq!(sent["rating_request"], refused("channel_not_supported"));
        desk.assert_no_faces().await;
        assert_eq!(desk.askings(channel).await, 0);
    }
}

#[tokio::test]
async fn a_rating_cannot_be_requested_from_another_recipient() {
    let desk = Desk::open().await;
    let before = desk.stack.kept().await;
    let mut body = asking();
    body["to"] = json!("bo@example.net");
    let problem = desk.agent.send_transcript_as("c1", body.clone()).await;
    let problem = problem.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "ask_for_rating");
    assert_eq!(desk.stack.kept().await, before);
    assert_eq!(desk.agent.remaining("c1").await, 5);
    assert_eq!(desk.askings("c1").await, 0);

    body["to"] = json!("ANA@Example.org");
    let sent = desk.agent.send_transcript_as("c1", body).await.expect(201);
    assert!(sent["rating_request"]["id"].is_string(), "{sent}");
}

#[tokio::test]
async fn a_rating_cannot_be_requested_if_the_visitors_address_is_unknown() {
    let desk = Desk::open().await;
    let platform = desk.stack.platform().await;
    let path = "/v1/conversations/c2";
    let recorded = json!({ "channel": "widget" });
    platform.put(path, recorded).await.expect(201);
    let mut body = asking();
    let problem = desk.agent.send_transcript_as("c2", body.clone()).await;
    problem.expect_problem(422, "recipient_required");
    body["to"] = json!("ana@example.org");
    let problem = desk.agent.send_transcript_as("c2", body).await;
    let problem = problem.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "ask_for_rating");
    assert_eq!(desk.askings("c2").await, 0);
}

#[tokio::test]
async fn ask_for_rating_must_be_true_or_false() {
    let desk = Desk::open().await;
    for wish in [json!("true"), json!(1), json!([]), json!({})] {
        let mut body = transcript();
        body["ask_for_rating"] = wish.clone();
        let problem = desk.agent.send_transcript_as("c1", body).await;
        let problem = problem.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "ask_for_rating", "{wish}");
    }
    assert_eq!(desk.stack.outbox().await.len(), 0);
}

#[tokio::test]
async fn without_ask_for_rating_neither_mail_nor_response_contains_a_rating_request() {
    let desk = Desk::open().await;
    let mut not_asking = asking();
    not_asking["ask_for_rating"] = json!(false);
    for body in [transcript(), not_asking] {
        let sent = desk.agent.send_transcript_as("c1", body).await.expect(201);
        assert!(sent.get("rating_request").is_none(), "{sent}");
        desk.assert_no_faces().await;
    }
    assert_eq!(desk.askings("c1").await, 0);
}

#[tokio::test]
async fn a_retry_replays_the_response_and_requests_one_rating() {
    let desk = Desk::open().await;
    for (key, is_asked) in [("first", true), ("second", false)] {
        let send = || desk.agent.post_once(TRANSCRIPTS, key, asking());
        let first = send().await.expect(201);
        assert_eq!(first["rating_request"]["id"].is_string(), is_asked);
        let again = send().await;
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!(again.expect(201), first);
    }
    assert_eq!(desk.askings("c1").await, 1);
    assert_eq!(desk.stack.outbox().await.len(), 2);
    let other = desk.agent.post_once(TRANSCRIPTS, "first", transcript());
    other.await.expect_problem(422, "idempotency_key_reused");
}

#[tokio::test]
async fn a_retry_of_a_refused_send_mails_the_links_of_the_first_rating_request() {
    let desk = Desk::open().await;
    let send = || desk.agent.post_once(TRANSCRIPTS, "key", asking());
    desk.stack.next_sends(&["reject"]).await;
    send().await.expect_problem(502, "email_refused");
    let made = desk.visitor.rating_request().await;
    let made = made["rating_request"]["id"].as_str().unwrap();
    assert_eq!(desk.stack.outbox().await.len(), 0);

    desk.stack.advance(60).await;
    let again = send().await;
    assert_eq!(again.header("idempotent-replayed"), "", "it is sent now");
    let sent = again.expect(201);
    assert_eq!(id_of(&sent), made);
    assert_eq!(desk.askings("c1").await, 1);
    let links = desk.stack.links().await;
    assert_eq!(links.len(), 5);
    let rated = desk.stack.bearer(&links[4]);
    rated.rate(made, json!({ "score": 5 })).await.expect(201);
}

#[tokio::test]
async fn a_refused_send_repeated_with_another_payload_reuses_the_rating_request() {
    let desk = Desk::open().await;
    desk.stack.identity(SENDER, false).await;
    let reply = desk.agent.post_once(TRANSCRIPTS, "key", asking()).await;
    reply.expect_problem(422, "sender_not_verified");
    desk.stack.identity(SENDER, true).await;
    let mut renamed = asking();
    renamed["sender_name"] = json!("Acme");
    let sent = desk.agent.post_once(TRANSCRIPTS, "key", renamed).await;
    let request = id_of(&sent.expect(201));
    assert_eq!(desk.askings("c1").await, 1);
    let links = desk.stack.links().await;
    let link = desk.stack.bearer(&links[0]);
    link.rate(&request, json!({ "score": 1 })).await.expect(201);
}

#[tokio::test]
async fn a_long_transcript_has_faces_in_the_body_and_none_in_the_attached_file() {
    let desk = Desk::open().await;
    let platform = desk.stack.platform().await;
    let messages: Vec<_> = (10..60)
        .map(|n| {
            let words = format!("message-{n}. {}", "blah ".repeat(800));
            message(&format!("m{n}"), &format!("2026-01-05T10:{n}:00Z"), &words)
        })
        .collect();
    let messages = json!({ "messages": messages });
    let path = "/v1/conversations/c1/messages";
    platform.post(path, messages).await.expect(200);
    let asked = desk.ask().await;

    let mail = desk.last_mail().await;
    let html = mail["html"].as_str().unwrap();
    assert!(html.len() < 90_000, "{} bytes", html.len());
    assert_eq!(tokens_of(html), [asked.link.token(); 5]);
    assert!(html.contains("message-59.") && !html.contains("message-10."));
    let file = mail["attachments"][0]["base64"].as_str().unwrap();
    let file = String::from_utf8(BASE64_STANDARD.decode(file).unwrap()).unwrap();
    assert!(file.contains("message-10."));
    assert!(!file.contains("/rate"));
    assert!(!file.contains(asked.link.token()));
}

#[tokio::test]
async fn the_faces_lead_to_the_public_url_of_the_stack() {
    let public_url = "https://chat.example.com";
    let desk = Desk::open_with(Options {
        parameters: [("PublicUrl".to_owned(), public_url.to_owned())].into(),
        ..Stack::options()
    })
    .await;
    let asked = desk.ask().await;
    let mail = desk.last_mail().await;
    let start = format!("{public_url}/rate#{}/", asked.link.token());
    for part in ["text", "html"] {
        let part = mail[part].as_str().unwrap();
        assert_eq!(part.matches(&start).count(), 5, "{part}");
        assert!(!part.contains(desk.stack.url()), "{part}");
    }
}

#[tokio::test]
async fn a_links_secret_is_in_the_url_fragment_and_in_no_response() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    let secret = asked.parts()[3];
    let mail = desk.last_mail().await;
    let text = mail["text"].as_str().unwrap();
    for line in text.lines().filter(|line| line.contains(secret)) {
        let (address, fragment) = line.split_once('#').unwrap();
        assert!(!address.contains(secret) && !address.contains('?'));
        assert!(fragment.contains(secret) && !fragment.contains('?'));
    }
    let rated = asked.link.rate(&asked.request, json!({ "score": 5 })).await;
    for answer in [
        asked.sent.clone(),
        rated.expect(201),
        desk.agent.conversation("c1").await,
        desk.visitor.rating_request().await,
    ] {
        assert!(!answer.to_string().contains(secret), "{answer}");
    }
    // It is kept in one place: on the request.
    let items = desk.stack.items().await;
    let mut keeping = items.iter().filter(|it| it.to_string().contains(secret));
    let kept = keeping.next().expect("the request keeps it");
    assert_eq!(kept["request_id"]["S"], *asked.request);
    assert_eq!(keeping.count(), 0);
}

#[tokio::test]
async fn a_links_secret_is_in_no_log() {
    let lambda = Lambda::start().await;
    lambda.aws().identity(SENDER, true).await;
    let agent = lambda.agent("kim");
    let sender = format!("/v1/senders/{SENDER}");
    agent.put(&sender, json!({})).await.expect(201);
    let visitor = json!({ "email": "ana@example.org" });
    let conversation = json!({ "channel": "widget", "visitor": visitor });
    agent
        .put("/v1/conversations/c1", conversation)
        .await
        .expect(201);
    let hello = message("m1", "2026-01-05T09:00:00Z", "Hello");
    let messages = json!({ "messages": [hello] });
    let path = "/v1/conversations/c1/messages";
    agent.post(path, messages).await.expect(200);
    let sent = agent.post(TRANSCRIPTS, asking()).await.expect(201);
    let links = lambda.aws().links().await;
    let token = &links[0];

    let request = id_of(&sent);
    let path = format!("/v1/visitor/rating-requests/{request}/rating");
    let link = lambda.visitor(token);
    link.put(&path, json!({ "score": 5 })).await.expect(201);
    link.put(&path, json!({ "score": 9 })).await.expect(422);
    let shown = link.get("/v1/visitor/rating-request").await;
    shown.expect_problem(401, "invalid_visitor_token");
    let other = path.replace(&request, "other");
    link.put(&other, json!({ "score": 5 })).await.expect(401);

    let secret = token.rsplit('.').next().unwrap();
    for (function, ended) in lambda.terminate().await {
        for log in [&ended.log, &ended.errors] {
            assert!(!log.contains(secret), "{function}: {log}");
        }
    }
}
