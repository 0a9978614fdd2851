//! A mail contains the conversation as it is when the slot is reserved. It is not sent with a message that was made
//! private or edited meanwhile, to an address that was corrected, or after an erasure.

use serde_json::{Value, json};
use tests::{AwsCall, AwsProxy, Caller, Stack, message, note, transcript_with_faces};

const CONVERSATION: &str = "/v1/conversations/c1";
const MESSAGES: &str = "/v1/conversations/c1/messages";
const SENT_AT: &str = "2026-01-05T09:10:00Z";

async fn stack() -> (Stack, AwsProxy, Caller) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    record(&platform, message("m2", SENT_AT, "Secret")).await;
    let agent = stack.agent("kim").await;
    aws.forget();
    (stack, aws, agent)
}

async fn record(platform: &Caller, message: Value) {
    let body = json!({ "messages": [message] });
    platform.post(MESSAGES, body).await.expect(200);
}

fn reads_conversation(call: &AwsCall) -> bool {
    call.is("dynamodb:BatchGetItem") && call.mentions(r#""CONVERSATION""#)
}

fn reserves_slot(call: &AwsCall) -> bool {
    call.is("dynamodb:TransactWriteItems") && call.mentions("ADD ids")
}

fn creates_rating_request(call: &AwsCall) -> bool {
    call.is("dynamodb:TransactWriteItems") && call.mentions("rating_requested")
}

fn sends_mail(call: &AwsCall) -> bool {
    call.is("ses:SendEmail")
}

/// The kinds of changes of the conversation while a transcript is prepared or sent.
const CHANGES: [&str; 4] = ["private", "edit", "address", "new message"];

async fn change(stack: &Stack, kind: &str) {
    let platform = stack.platform().await;
    match kind {
        "private" => record(&platform, note("m2", SENT_AT, "Secret")).await,
        "edit" => record(&platform, message("m2", SENT_AT, "***")).await,
        "new message" => record(&platform, message("m3", SENT_AT, "Thanks")).await,
        _ => {
            let corrected = json!({ "visitor": { "email": "bo@example.org" } });
            platform.put(CONVERSATION, corrected).await.expect(200);
        }
    }
}

/// Asserts that the one mail is that of the conversation after the change.
async fn assert_mailed_as_changed(stack: &Stack, kind: &str) {
    let mails = stack.outbox().await;
    assert_eq!(mails.len(), 1, "{kind}");
    let mail = mails[0].to_string();
    match kind {
        "private" | "edit" => assert!(!mail.contains("Secret"), "{kind}: {mail}"),
        "new message" => assert!(mail.contains("Thanks"), "{kind}: {mail}"),
        _ => assert!(
            mail.contains("bo@example.org") && !mail.contains("ana@"),
            "{mail}"
        ),
    }
}

#[tokio::test]
async fn a_change_before_the_slot_is_reserved_is_in_the_mail() {
    for kind in CHANGES {
        let (stack, aws, agent) = stack().await;
        let held = aws.hold(reserves_slot);
        let changing = held.meanwhile(change(&stack, kind));
        let (sent, ()) = tokio::join!(agent.send_transcript("c1"), changing);
        sent.expect(201);
        assert_mailed_as_changed(&stack, kind).await;
        assert_eq!(agent.remaining("c1").await, 4);
    }
}

#[tokio::test]
async fn a_change_before_the_rating_request_is_created_is_in_the_mail() {
    for kind in CHANGES {
        let (stack, aws, agent) = stack().await;
        let held = aws.hold(creates_rating_request);
        let changing = held.meanwhile(change(&stack, kind));
        let (sent, ()) = tokio::join!(
            agent.send_transcript_as("c1", transcript_with_faces()),
            changing
        );
        let sent = sent.expect(201);
        assert!(sent["rating_request"]["id"].is_string(), "{kind}: {sent}");
        assert_mailed_as_changed(&stack, kind).await;
        assert_eq!(agent.remaining("c1").await, 4);
        assert_eq!(agent.events("c1", "rating_requested").await.len(), 1);
    }
}

#[tokio::test]
async fn a_change_before_a_retry_of_a_throttled_send_is_in_the_mail() {
    for kind in CHANGES {
        for body in [tests::transcript(), transcript_with_faces()] {
            let (stack, aws, agent) = stack().await;
            stack.next_sends(&["throttle"]).await;
            let held = aws.hold(sends_mail);
            let changing = held.meanwhile(change(&stack, kind));
            let (sent, ()) = tokio::join!(agent.send_transcript_as("c1", body), changing);
            sent.expect(201);
            assert_mailed_as_changed(&stack, kind).await;
            assert_eq!(agent.remaining("c1").await, 4);
            assert!(agent.events("c1", "rating_requested").await.len() <= 1);
        }
    }
}

#[tokio::test]
async fn no_mail_is_sent_if_the_conversation_is_erased_before_the_retry() {
    for body in [tests::transcript(), transcript_with_faces()] {
        let (stack, aws, agent) = stack().await;
        stack.next_sends(&["throttle"]).await;
        let held = aws.hold(sends_mail);
        let erasing = held.meanwhile(async {
            let erased = agent.delete(CONVERSATION).await.expect(202);
            assert_eq!(erased["done"], false);
        });
        let (sent, ()) = tokio::join!(agent.send_transcript_as("c1", body), erasing);
        sent.expect_problem(404, "conversation_not_found");
        assert_eq!(stack.outbox().await.len(), 0);
        agent.delete(CONVERSATION).await.expect(200);
    }
}

#[tokio::test]
async fn a_changed_visitor_address_does_not_restart_a_transcript_to_another_address() {
    let (stack, aws, agent) = stack().await;
    let mut body = tests::transcript();
    body["to"] = json!("boss@example.net");
    let held = aws.hold(reserves_slot);
    let changing = held.meanwhile(change(&stack, "address"));
    let (sent, ()) = tokio::join!(agent.send_transcript_as("c1", body), changing);
    sent.expect(201);
    assert_eq!(aws.count(|call| reserves_slot(call)), 1);
}

#[tokio::test]
async fn a_thread_read_before_the_latest_change_of_the_conversation_is_read_again() {
    for kind in ["private", "edit", "new message"] {
        let (stack, aws, agent) = stack().await;
        // The function reads the thread before the change and the conversation after it.
        let held = aws.hold(reads_conversation);
        let changing = held.meanwhile(async {
            // The thread has one page.
            aws.wait_for_reply(|call| call.is("dynamodb:Query")).await;
            change(&stack, kind).await;
        });
        let (sent, ()) = tokio::join!(agent.send_transcript("c1"), changing);
        sent.expect(201);
        assert_mailed_as_changed(&stack, kind).await;
    }
}

#[tokio::test]
async fn a_private_note_recorded_with_a_hidden_message_does_not_conceal_the_change() {
    for in_one_body in [true, false] {
        let (stack, aws, agent) = stack().await;
        let platform = stack.platform().await;
        let held = aws.hold(reads_conversation);
        let changing = held.meanwhile(async {
            // The thread has one page.
            aws.wait_for_reply(|call| call.is("dynamodb:Query")).await;
            let hidden = note("m2", SENT_AT, "Secret");
            // This note is earlier in the thread and was never public.
            let other = note("m0", "2026-01-05T09:05:00Z", "A note");
            if in_one_body {
                let body = json!({ "messages": [other, hidden] });
                platform.post(MESSAGES, body).await.expect(200);
            } else {
                record(&platform, hidden).await;
                record(&platform, other).await;
            }
        });
        let (sent, ()) = tokio::join!(agent.send_transcript("c1"), changing);
        sent.expect(201);
        assert_mailed_as_changed(&stack, "private").await;
    }
}

#[tokio::test]
async fn private_notes_do_not_cause_the_thread_to_be_read_again() {
    let (stack, aws, agent) = stack().await;
    let platform = stack.platform().await;
    record(&platform, note("m0", "2026-01-05T09:05:00Z", "A note")).await;
    aws.forget();
    agent.send_transcript("c1").await.expect(201);
    assert_eq!(aws.count(|call| call.is("dynamodb:Query")), 1);
    let held = aws.hold(reserves_slot);
    let recording = held.meanwhile(record(&platform, note("m9", SENT_AT, "Another note")));
    let (sent, ()) = tokio::join!(agent.send_transcript("c1"), recording);
    sent.expect(201);
    assert_eq!(aws.count(|call| call.is("dynamodb:Query")), 2);
    assert_eq!(stack.outbox().await.len(), 2);
}

#[tokio::test]
async fn a_conversation_that_keeps_changing_returns_storage_unavailable() {
    let (stack, aws, agent) = stack().await;
    let platform = stack.platform().await;
    let holds: Vec<_> = (0..12).map(|_| aws.hold(reserves_slot)).collect();
    let changing = async {
        for (number, held) in holds.iter().enumerate() {
            held.arrived().await;
            let text = number.to_string();
            record(&platform, message("m2", SENT_AT, &text)).await;
            held.release();
        }
    };
    tokio::select! {
        sent = agent.send_transcript("c1") => {
            sent.expect_problem(503, "storage_unavailable");
        }
        () = changing => panic!("the function retries without a limit"),
    }
    assert_eq!(stack.outbox().await.len(), 0);
    assert_eq!(agent.remaining("c1").await, 5);
}

/// The number of face links in the latest mail.
async fn count_faces(stack: &Stack) -> usize {
    stack.link_tokens().await.len()
}

#[tokio::test]
async fn a_rating_request_whose_mail_failed_is_included_in_the_next_transcript() {
    for fault in ["throttle", "reject"] {
        let (stack, _aws, agent) = stack().await;
        stack.next_sends(&[fault, fault]).await;
        let failed = agent
            .send_transcript_as("c1", transcript_with_faces())
            .await;
        assert!(failed.status >= 500, "{}", failed.body);
        stack.next_sends(&[]).await;
        let sent = agent
            .send_transcript_as("c1", transcript_with_faces())
            .await
            .expect(201);
        assert!(sent["rating_request"]["id"].is_string(), "{fault}: {sent}");
        assert_eq!(agent.events("c1", "rating_requested").await.len(), 1);
        assert!(count_faces(&stack).await >= 5);

        // It is reused only once. The third transcript's rating request is refused.
        let third = agent
            .send_transcript_as("c1", transcript_with_faces())
            .await
            .expect(201);
        let refused = &third["rating_request"]["refused"]["code"];
        assert_eq!(refused, "rating_already_requested", "{third}");
    }
}

#[tokio::test]
async fn a_mail_has_no_faces_for_a_superseded_rating_request() {
    let (stack, _aws, agent) = stack().await;
    stack.next_sends(&["throttle", "throttle"]).await;
    let body = transcript_with_faces();
    let path = "/v1/conversations/c1/transcripts";
    agent
        .post_with_key(path, "key", body.clone())
        .await
        .expect_problem(503, "email_unavailable");
    stack.next_sends(&[]).await;
    stack.agent("jo").await.ask_for_id("c1").await;
    let sent = agent.post_with_key(path, "key", body).await.expect(201);
    let refused = &sent["rating_request"]["refused"]["code"];
    assert_eq!(refused, "rating_request_superseded", "{sent}");
    assert_eq!(count_faces(&stack).await, 0);
}

#[tokio::test]
async fn a_rating_request_whose_mail_failed_is_reused_despite_the_visitors_cooldown() {
    let options = Stack::options_with(&[("VisitorAskIntervalDays", "30")]);
    let stack = Stack::start_with(options).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    stack.next_sends(&["reject"]).await;
    agent
        .send_transcript_as("c1", transcript_with_faces())
        .await
        .expect_problem(502, "email_refused");
    let sent = agent
        .send_transcript_as("c1", transcript_with_faces())
        .await
        .expect(201);
    assert!(sent["rating_request"]["id"].is_string(), "{sent}");
    assert!(count_faces(&stack).await >= 5);
}

#[tokio::test]
async fn a_mail_has_no_faces_for_a_rating_request_that_was_answered_in_the_chat() {
    let (stack, _aws, agent) = stack().await;
    stack.next_sends(&["reject"]).await;
    agent
        .send_transcript_as("c1", transcript_with_faces())
        .await
        .expect_problem(502, "email_refused");
    let platform = stack.platform().await;
    let recorded = platform.put(CONVERSATION, json!({})).await.expect(200);
    let visitor = stack.bearer(recorded["visitor_token"].as_str().unwrap());
    let shown = visitor.rating_request().await;
    let request = shown["rating_request"]["id"].as_str().unwrap();
    visitor
        .rate(request, json!({ "score": 5 }))
        .await
        .expect(201);
    let sent = agent
        .send_transcript_as("c1", transcript_with_faces())
        .await
        .expect(201);
    let refused = &sent["rating_request"]["refused"]["code"];
    assert_eq!(refused, "rating_already_requested", "{sent}");
    assert_eq!(count_faces(&stack).await, 0);
}

#[tokio::test]
async fn one_of_two_concurrent_transcripts_has_the_faces_of_the_unmailed_rating_request() {
    let (stack, _aws, agent) = stack().await;
    stack.next_sends(&["reject"]).await;
    agent
        .send_transcript_as("c1", transcript_with_faces())
        .await
        .expect_problem(502, "email_refused");
    let (one, other) = tokio::join!(
        agent.send_transcript_as("c1", transcript_with_faces()),
        agent.send_transcript_as("c1", transcript_with_faces()),
    );
    let with_faces = [one.expect(201), other.expect(201)]
        .iter()
        .filter(|sent| sent["rating_request"]["id"].is_string())
        .count();
    assert_eq!(with_faces, 1);
}
