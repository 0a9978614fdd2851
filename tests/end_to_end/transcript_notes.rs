//! What an agent writes above a transcript, and card numbers in it.

use serde_json::{Value, json};
use tests::{SENDER, message};

use crate::mail::Setup;

const PATH: &str = "/v1/conversations/c1/transcripts";
const CARD: &str = "4111 1111 1111 1111";

async fn start(settings: Value) -> Setup {
    let setup = Setup::start_with(&[], json!({ "language": "en" })).await;
    let text = format!("My card is {CARD}");
    setup
        .record(&[message("m1", "2026-11-27T21:35:00Z", &text)])
        .await;
    setup.agent.put("/v1/settings", settings).await.expect(200);
    setup
}

fn with_note(note: &str) -> Value {
    json!({ "from": SENDER, "sender_name": "Acme", "note": note })
}

#[tokio::test]
async fn a_note_is_in_the_mail_and_nowhere_else() {
    let Setup { stack, agent, .. } = start(json!({})).await;
    let note = "Hi Ana,\nyour bike is ready.";
    agent
        .send_transcript_as("c1", with_note(note))
        .await
        .expect(201);
    let mail = stack.outbox().await.pop().unwrap();
    let text = mail["text"].as_str().unwrap();
    assert!(
        text.contains("\n    Hi Ana,\n    your bike is ready.\n"),
        "{text}"
    );
    let html = mail["html"].as_str().unwrap();
    assert!(html.contains("Hi Ana,<br>your bike is ready."), "{html}");
    let conversation = agent.conversation("c1").await.to_string();
    assert!(!conversation.contains("bike"));
    let items = stack.items().await;
    assert!(items.iter().all(|item| !item.to_string().contains("bike")));
}

#[tokio::test]
async fn a_retry_with_another_note_is_refused() {
    let Setup {
        stack: _stack,
        agent,
        ..
    } = start(json!({})).await;
    let send = async |note: &str| agent.post_with_key(PATH, "k1", with_note(note)).await;
    let sent = send("One").await.expect_first();
    assert_eq!(send("One").await.expect_replayed(), sent);
    send("Two")
        .await
        .expect_problem(422, "idempotency_key_reused");
}

#[tokio::test]
async fn a_note_has_1_to_2000_characters() {
    let Setup {
        stack: _stack,
        agent,
        ..
    } = start(json!({})).await;
    for note in ["", " \n", &"a".repeat(2_001)] {
        let refused = agent.post(PATH, with_note(note)).await;
        let problem = refused.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "note");
    }
    let longest = "é".repeat(2_000);
    agent.post(PATH, with_note(&longest)).await.expect(201);
}

#[tokio::test]
async fn card_numbers_are_masked_in_mails_and_previews_if_the_settings_say_so() {
    for (settings, shown) in [
        (json!({}), CARD),
        (
            json!({ "transcripts": { "redact_card_numbers": true } }),
            "•••• •••• •••• 1111",
        ),
    ] {
        let Setup { stack, agent, .. } = start(settings).await;
        let body = with_note(&format!("Paid with {CARD}."));
        let preview = agent.post(&format!("{PATH}/preview"), body.clone()).await;
        let preview = preview.expect(200);
        agent.send_transcript_as("c1", body).await.expect(201);
        let mail = stack.outbox().await.pop().unwrap();
        for mail in [preview, mail] {
            for part in ["text", "html"] {
                let part = mail[part].as_str().unwrap();
                assert!(part.contains(&format!("My card is {shown}")), "{part}");
                assert!(part.contains(&format!("Paid with {shown}.")), "{part}");
            }
        }
        // The thread is what was recorded.
        let conversation = agent.conversation("c1").await;
        assert!(conversation.to_string().contains(CARD));
    }
}
