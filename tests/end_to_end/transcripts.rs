//! Sending a transcript: its response, its limits and its refusals.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Reply, SENDER, Stack, note, transcript};

/// A stack in a new clock hour, with a verified sender and the conversation `c1`.
async fn stack_with(parameters: &[(&str, &str)]) -> Stack {
    let stack = Stack::start_with(Stack::options_with(parameters)).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    stack
}

async fn stack() -> Stack {
    stack_with(&[]).await
}

/// The body of a valid request with these members changed.
fn request_with(changes: Value) -> Value {
    let mut body = transcript();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn hour_of(time: &str) -> &str {
    &time[.."2026-01-31T09".len()]
}

/// Asserts a 429 whose headers name this policy and quota.
#[track_caller]
fn assert_limit_reached(reply: Reply, policy: &str, quota: u32) -> Value {
    assert_eq!(
        reply.header("ratelimit-policy"),
        format!("\"{policy}\";q={quota};w=3600")
    );
    let seconds = reply.header("retry-after").to_owned();
    assert!((1..=3_600).contains(&seconds.parse().unwrap()), "{seconds}");
    assert_eq!(
        reply.header("ratelimit"),
        format!("\"{policy}\";r=0;t={seconds}")
    );
    reply.expect_problem(429, "transcript_limit_reached")
}

#[tokio::test]
async fn a_sent_transcript_is_returned_with_the_remaining_quota() {
    let stack = stack().await;
    let before = stack.now().await;
    let sent = stack.agent("kim").await.send_transcript("c1").await;
    let after = stack.now().await;
    let sent = sent.expect(201);

    let id = sent["transcript"]["id"].as_str().unwrap();
    assert_eq!(id.len(), 32);
    let sent_at = sent["transcript"]["sent_at"].as_str().unwrap();
    assert!((before.as_str()..=after.as_str()).contains(&sent_at));
    let resets_at = sent["quota"]["resets_at"].as_str().unwrap();
    assert!(resets_at > sent_at && resets_at.ends_with(":00:00.000Z"));
    assert_eq!(
        sent,
        json!({
            "transcript": {
                "id": id,
                "to": "ana@example.org",
                "from": SENDER,
                "sender_name": "Acme support",
                "language": "en",
                "message_count": 1,
                "sent_at": sent_at,
            },
            "quota": { "limit": 5, "remaining": 4, "resets_at": resets_at },
        })
    );
}

#[tokio::test]
async fn the_sixth_transcript_of_a_conversation_in_an_hour_is_refused() {
    let stack = stack().await;
    let kim = stack.agent("kim").await;
    let lee = stack.agent("lee").await;
    for remaining in (0..5).rev() {
        let agent = if remaining % 2 == 0 { &kim } else { &lee };
        let sent = agent.send_transcript("c1").await.expect(201);
        assert_eq!(sent["quota"]["remaining"], remaining);
        assert_eq!(agent.remaining("c1").await, remaining);
    }
    let problem = assert_limit_reached(kim.send_transcript("c1").await, "transcripts", 5);
    let resets_at = problem["resets_at"].as_str().unwrap();
    assert!(resets_at.ends_with(":00:00.000Z"), "{resets_at}");
    assert_eq!(stack.outbox().await.len(), 5);

    stack.conversation("c2").await;
    let other = kim.send_transcript("c2").await.expect(201);
    assert_eq!(other["quota"]["remaining"], 4);
}

#[tokio::test]
async fn the_quota_is_reset_exactly_when_the_clock_hour_ends() {
    let stack = stack().await;
    let agent = stack.agent("kim").await;
    let mut end_of_hour = String::new();
    for _ in 0..5 {
        let sent = agent.send_transcript("c1").await.expect(201);
        end_of_hour = sent["quota"]["resets_at"].as_str().unwrap().to_owned();
    }

    stack.stop_clock_a_second_before(&end_of_hour).await;
    let refused = agent.send_transcript("c1").await;
    assert_eq!(refused.header("retry-after"), "1");
    let problem = assert_limit_reached(refused, "transcripts", 5);
    assert_eq!(problem["resets_at"], *end_of_hour);

    stack.advance(1).await;
    let sent = agent.send_transcript("c1").await.expect(201);
    assert_eq!(sent["quota"]["remaining"], 4);
    let sent_at = sent["transcript"]["sent_at"].as_str().unwrap();
    assert_eq!(hour_of(sent_at), hour_of(&end_of_hour));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_100_concurrent_sends_five_are_sent() {
    let stack = stack().await;
    let agent = stack.agent("kim").await;
    let replies = join_all((0..100).map(|_| agent.send_transcript("c1"))).await;
    let (sent, refused): (Vec<_>, Vec<_>) =
        replies.into_iter().partition(|reply| reply.status == 201);
    assert_eq!(sent.len(), 5);
    for reply in refused {
        assert_limit_reached(reply, "transcripts", 5);
    }
    assert_eq!(stack.outbox().await.len(), 5);
    let remaining: Vec<_> = sent
        .into_iter()
        .map(|reply| reply.body["quota"]["remaining"].as_u64().unwrap())
        .collect();
    assert!(remaining.iter().all(|left| *left < 5), "{remaining:?}");
    assert_eq!(agent.events("c1", "transcript_sent").await.len(), 5);
}

#[tokio::test]
async fn refused_sends_use_no_slot() {
    let stack = stack().await;
    let agent = stack.agent("kim").await;
    for refused in [
        json!({ "to": "nobody" }),
        json!({ "from": "other@example.com" }),
        json!({ "sender_name": "a@example.com" }),
        json!({ "unknown": 1 }),
    ] {
        agent
            .send_transcript_as("c1", request_with(refused))
            .await
            .expect(422);
    }
    assert_eq!(agent.remaining("c1").await, 5);
    assert_eq!(stack.outbox().await.len(), 0);
    let sent = agent.send_transcript("c1").await.expect(201);
    assert_eq!(sent["quota"]["remaining"], 4);
}

#[tokio::test]
async fn an_agent_cannot_exceed_agent_transcripts_per_hour() {
    let stack = stack_with(&[("AgentTranscriptsPerHour", "2")]).await;
    stack.conversation("c2").await;
    let kim = stack.agent("kim").await;
    kim.send_transcript("c1").await.expect(201);
    kim.send_transcript("c2").await.expect(201);
    assert_limit_reached(kim.send_transcript("c1").await, "agent-transcripts", 2);
    assert_eq!(kim.remaining("c1").await, 4, "the refused one uses no slot");

    let lee = stack.agent("lee").await;
    lee.send_transcript("c1").await.expect(201);
    stack.begin_an_hour().await;
    kim.send_transcript("c1").await.expect(201);
}

#[tokio::test]
async fn a_platform_that_acts_for_an_agent_has_the_same_limit() {
    let stack = stack_with(&[("AgentTranscriptsPerHour", "1")]).await;
    let platform = stack.platform().await;
    let for_kim = request_with(json!({ "agent": { "id": "kim" } }));
    platform
        .send_transcript_as("c1", for_kim.clone())
        .await
        .expect(201);
    let kim = stack.agent("kim").await;
    assert_limit_reached(kim.send_transcript("c1").await, "agent-transcripts", 1);
    let reply = platform.send_transcript_as("c1", for_kim).await;
    assert_limit_reached(reply, "agent-transcripts", 1);
}

#[tokio::test]
async fn an_organisation_cannot_exceed_organisation_transcripts_per_hour() {
    let stack = stack_with(&[("OrganisationTranscriptsPerHour", "2")]).await;
    stack.conversation("c2").await;
    let kim = stack.agent("kim").await;
    let lee = stack.agent("lee").await;
    kim.send_transcript("c1").await.expect(201);
    lee.send_transcript("c2").await.expect(201);
    let max = stack.agent("max").await;
    let reply = max.send_transcript("c1").await;
    assert_limit_reached(reply, "organisation-transcripts", 2);
    assert_eq!(max.remaining("c1").await, 4);

    stack.begin_an_hour().await;
    max.send_transcript("c1").await.expect(201);
}

#[tokio::test]
async fn a_transcript_is_sent_to_the_recipient_that_the_agent_names() {
    let stack = stack().await;
    let agent = stack.agent("kim").await;
    let to_bo = request_with(json!({ "to": "Bo@Example.NET" }));
    let sent = agent.send_transcript_as("c1", to_bo).await.expect(201);
    assert_eq!(sent["transcript"]["to"], "Bo@example.net");
    assert_eq!(stack.outbox().await[0]["to"], json!(["Bo@example.net"]));
}

#[tokio::test]
async fn without_allow_other_recipients_only_the_visitors_address_is_accepted() {
    let stack = stack_with(&[("AllowOtherRecipients", "false")]).await;
    let agent = stack.agent("kim").await;
    let other = request_with(json!({ "to": "bo@example.net" }));
    let problem = agent
        .send_transcript_as("c1", other)
        .await
        .expect_problem(422, "invalid_recipient");
    assert_eq!(problem["field"], "to");
    assert_eq!(stack.outbox().await.len(), 0);

    agent.send_transcript("c1").await.expect(201);
    let in_capitals = request_with(json!({ "to": "ANA@Example.org" }));
    agent
        .send_transcript_as("c1", in_capitals)
        .await
        .expect(201);

    let platform = stack.platform().await;
    record(&stack, "c2", json!({ "channel": "widget" })).await;
    let unknown = platform
        .send_transcript_as(
            "c2",
            request_with(json!({ "to": "ana@example.org", "agent": { "id": "a" } })),
        )
        .await;
    unknown.expect_problem(422, "invalid_recipient");
}

#[tokio::test]
async fn a_recipient_is_required_if_the_visitors_address_is_unknown() {
    let stack = stack().await;
    record(&stack, "c2", json!({ "channel": "widget" })).await;
    let agent = stack.agent("kim").await;
    let problem = agent
        .send_transcript("c2")
        .await
        .expect_problem(422, "recipient_required");
    assert_eq!(problem["field"], "to");
    let to_bo = request_with(json!({ "to": "bo@example.net" }));
    agent.send_transcript_as("c2", to_bo).await.expect(201);
}

#[tokio::test]
async fn an_invalid_recipient_address_is_refused() {
    let stack = stack().await;
    let agent = stack.agent("kim").await;
    for to in [
        json!("ana"),
        json!("ana@@example.org"),
        json!("ana@example.org\r\nBcc: bo@example.net"),
        json!("ana@example.org, bo@example.net"),
        json!("Ana <ana@example.org>"),
        json!("anä@example.org"),
        json!(""),
        json!(["ana@example.org"]),
        json!(5),
    ] {
        let problem = agent
            .send_transcript_as("c1", request_with(json!({ "to": to })))
            .await
            .expect_problem(422, "invalid_recipient");
        assert_eq!(problem["field"], "to", "{to}");
    }
    assert_eq!(stack.outbox().await.len(), 0);
}

#[tokio::test]
async fn a_sender_must_be_verified() {
    let stack = stack().await;
    let agent = stack.agent("kim").await;
    agent
        .put("/v1/senders/pending@example.com", json!({}))
        .await
        .expect(201);
    stack.identity("unclaimed@example.com", true).await;
    for from in [
        "pending@example.com",
        "unclaimed@example.com",
        "unknown@example.com",
    ] {
        let problem = agent
            .send_transcript_as("c1", request_with(json!({ "from": from })))
            .await
            .expect_problem(422, "sender_not_verified");
        assert_eq!(problem["field"], "from", "{from}");
    }
    assert_eq!(stack.outbox().await.len(), 0);
}

#[tokio::test]
async fn a_sender_of_another_organisation_is_refused() {
    let stack = Stack::start_with_organisations().await;
    stack.verified_sender().await;
    stack.conversation_of("other", "c1").await;
    let stranger = stack.agent_of("other", "kim").await;
    stranger
        .send_transcript("c1")
        .await
        .expect_problem(422, "sender_not_verified");
    assert_eq!(stack.outbox().await.len(), 0);

    stack.conversation("c1").await;
    let owner = stack.agent("kim").await;
    owner.send_transcript("c1").await.expect(201);
}

#[tokio::test]
async fn a_sender_name_with_header_syntax_or_control_characters_is_refused() {
    let stack = stack().await;
    let agent = stack.agent("kim").await;
    for name in [
        json!("Acme\r\nBcc: bo@example.net"),
        json!("Acme\nBcc: bo@example.net"),
        json!("Acme\u{2028}Bcc"),
        json!("Acme\" <ceo@example.com>"),
        json!("\"Acme\""),
        json!("ceo@example.com"),
        json!("ceo＠example.com"),
        json!("<ceo>"),
        json!("Acme\\"),
        json!("moc\u{202E}emca"),
        json!("Acme\0"),
        json!("   "),
        json!(""),
        json!("a".repeat(129)),
        json!(7),
    ] {
        let problem = agent
            .send_transcript_as("c1", request_with(json!({ "sender_name": name })))
            .await
            .expect_problem(422, "invalid_sender_name");
        assert_eq!(problem["field"], "sender_name", "{name}");
    }
    assert_eq!(stack.outbox().await.len(), 0);
}

#[tokio::test]
async fn a_sender_name_that_is_too_long_for_the_from_header_is_refused() {
    let stack = stack().await;
    let agent = stack.agent("kim").await;
    let send =
        |name: String| agent.send_transcript_as("c1", request_with(json!({ "sender_name": name })));
    for name in [
        "サポートセンター".repeat(16),
        "😊".repeat(128),
        "é".repeat(89),
    ] {
        let problem = send(name).await.expect_problem(422, "invalid_sender_name");
        assert_eq!(problem["field"], "sender_name");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("320 bytes"), "{detail}");
    }
    assert_eq!(stack.outbox().await.len(), 0);
    for name in ["a".repeat(128), "é".repeat(88)] {
        send(name).await.expect(201);
    }
}

#[tokio::test]
async fn a_conversation_without_public_messages_cannot_be_mailed() {
    let stack = stack().await;
    let agent = stack.agent("kim").await;
    let new = json!({ "channel": "widget", "visitor": { "email": "bo@example.net" } });
    let platform = stack.platform().await;
    platform
        .put("/v1/conversations/c2", new.clone())
        .await
        .expect(201);
    agent
        .send_transcript("c2")
        .await
        .expect_problem(422, "nothing_to_send");

    let private = note("n1", "2026-01-05T09:00:00Z", "He is angry");
    platform
        .post(
            "/v1/conversations/c2/messages",
            json!({ "messages": [private] }),
        )
        .await
        .expect(200);
    // A private event does not count as a message.
    agent.ask_for_id("c2").await;
    agent
        .send_transcript("c2")
        .await
        .expect_problem(422, "nothing_to_send");
    assert_eq!(stack.outbox().await.len(), 0);
    assert_eq!(agent.remaining("c2").await, 5);
}

#[tokio::test]
async fn a_conversation_on_any_channel_can_be_mailed() {
    let stack = stack().await;
    let agent = stack.agent("kim").await;
    for channel in ["widget", "voice", "messenger", "instagram", "sms"] {
        let visitor = json!({ "email": "ana@example.org" });
        record(
            &stack,
            channel,
            json!({ "channel": channel, "visitor": visitor }),
        )
        .await;
        agent.send_transcript(channel).await.expect(201);
    }
    assert_eq!(stack.outbox().await.len(), 5);
}

#[tokio::test]
async fn an_unknown_conversation_and_one_of_another_organisation_return_the_same_404() {
    let stack = Stack::start_with_organisations().await;
    stack.verified_sender().await;
    stack.conversation_of("other", "theirs").await;
    let agent = stack.agent("kim").await;
    let mut problems = Vec::new();
    for conversation in ["theirs", "unknown"] {
        let reply = agent.send_transcript(conversation).await;
        let mut problem = reply.expect_problem(404, "conversation_not_found");
        problem["request_id"].take();
        problems.push(problem);
    }
    assert_eq!(problems[0], problems[1]);
    assert_eq!(stack.outbox().await.len(), 0);
}

/// Records a conversation with one public message.
async fn record(stack: &Stack, conversation: &str, body: Value) {
    let platform = stack.platform().await;
    let path = format!("/v1/conversations/{conversation}");
    platform.put(&path, body).await.expect(201);
    let hello = tests::message("m1", "2026-01-05T09:00:00Z", "Hello");
    let messages = json!({ "messages": [hello] });
    let path = format!("{path}/messages");
    platform.post(&path, messages).await.expect(200);
}
