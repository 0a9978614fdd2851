//! Transcripts by a private note: the whole thread is read before, and a public note follows.

use serde_json::Value;
use tests::transcript;

use crate::chatwoot::Team;

#[tokio::test]
async fn a_note_sends_the_whole_conversation_and_a_public_note_says_so() {
    let team = Team::connected().await;
    team.set_sender().await;
    // The events of this message are lost.
    team.chatwoot
        .visitor_writes(team.conversation, "It had a red ribbon.")
        .unwrap();
    team.chatwoot.take_pending_hooks();
    team.note("/send-transcript");
    team.deliver().await;
    let outbox = team.stack.outbox().await;
    assert_eq!(outbox.len(), 1);
    let text = outbox[0]["text"].as_str().unwrap();
    assert!(text.contains("Where is my parcel?"), "{text}");
    assert!(text.contains("It had a red ribbon."), "{text}");
    assert!(!text.contains("/send-transcript"), "{text}");
    let posts = team.posts().await;
    assert_eq!(posts.len(), 1);
    let note = posts[0]["content"].as_str().unwrap();
    assert!(note.contains("a•••@example.org"), "{note}");
    assert!(!note.contains("ana@example.org"), "{note}");
    assert_eq!(posts[0]["private"], false);
}

#[tokio::test]
async fn each_refusal_is_a_private_note_with_the_reason() {
    let team = Team::connected().await;
    team.note("/send-transcript");
    team.deliver().await;
    let notes = team.notes().await;
    assert_eq!(
        notes,
        [
            "The transcript was not sent. The settings name no sender, or SES has not verified it. Ask an administrator."
        ]
    );
    team.set_sender().await;
    // A function may use its copy of the settings for 60 seconds.
    team.stack.advance(61).await;
    for _ in 0..6 {
        team.note("/send-transcript");
        team.deliver().await;
    }
    assert_eq!(team.stack.outbox().await.len(), 5);
    let notes = team.notes().await;
    assert_eq!(notes.len(), 2);
    assert!(notes[1].starts_with("The transcript was not sent. A conversation can have at most 5 transcripts in a clock hour. You can send one again on "), "{}", notes[1]);
}

#[tokio::test]
async fn an_unavailable_server_sends_nothing_and_uses_no_slot() {
    let team = Team::connected().await;
    team.set_sender().await;
    team.note("/send-transcript");
    team.deliver_hooks().await;
    team.make_unavailable();
    team.stack.settle().await;
    assert!(team.stack.outbox().await.is_empty());
    let id = team.id().await;
    assert_eq!(team.admin.remaining(&id).await, 5);
    team.chatwoot.take_faults();
    team.note("/send-transcript");
    team.deliver().await;
    assert_eq!(team.stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_transcript_of_the_api_is_noted_too() {
    let team = Team::connected().await;
    team.stack.verified_sender().await;
    let id = team.id().await;
    let agent = team.stack.agent("lee").await;
    agent
        .send_transcript_as(&id, transcript())
        .await
        .expect(201);
    team.deliver().await;
    assert_eq!(team.posts().await.len(), 1);
}

#[tokio::test]
async fn a_contact_without_an_address_gets_no_mail_and_the_note_says_what_to_do() {
    let team = Team::new().await;
    team.connect().await;
    team.set_sender().await;
    let visitor = team
        .chatwoot
        .add_contact(team.account, local_chatwoot::NewContact::default());
    let started = team
        .chatwoot
        .start_conversation(visitor, team.inbox, "Hi")
        .unwrap();
    let team = Team {
        visitor,
        conversation: started.0,
        ..team
    };
    team.deliver().await;
    team.note("/send-transcript");
    team.deliver().await;
    assert_eq!(
        team.notes().await,
        [
            "The transcript was not sent. The contact has no e-mail address. Add one, then send again."
        ]
    );
}

/// Writes a note that requests a transcript, and returns its event.
async fn request(team: &Team) -> Value {
    let mut listener = team.stack.listen().await;
    team.note("/send-transcript");
    team.deliver().await;
    loop {
        let event = listener.next().await;
        if event.kind == "platform.transcript_requested" {
            return event.data;
        }
    }
}

#[tokio::test]
async fn a_note_says_so_after_the_last_attempt_that_found_the_server_unavailable() {
    let team = Team::connected().await;
    team.set_sender().await;
    team.make_unavailable();
    let requested = request(&team).await;
    team.chatwoot.take_faults();
    assert!(team.notes().await.is_empty());
    team.make_unavailable();
    // Lambda repeats the event for the last time.
    team.stack.advance(180).await;
    team.stack
        .put_events(std::slice::from_ref(&requested))
        .await;
    team.chatwoot.take_faults();
    team.deliver().await;
    assert_eq!(
        team.notes().await,
        [
            "The transcript was not sent, because the conversation could not be read. Send it again later. If it fails \
             again, tell an administrator."
        ]
    );
    // A dead letter that is repeated later sends nothing, because the teammate knows that nothing was sent.
    team.stack.put_events(&[requested]).await;
    assert!(team.stack.outbox().await.is_empty());
    assert_eq!(team.notes().await.len(), 1);
}

#[tokio::test]
async fn a_request_that_was_refused_is_not_sent_later() {
    let team = Team::connected().await;
    let requested = request(&team).await;
    assert_eq!(team.notes().await.len(), 1);
    team.set_sender().await;
    // A function may use its copy of the settings for 60 seconds.
    team.stack.advance(61).await;
    team.stack.put_events(&[requested]).await;
    assert!(team.stack.outbox().await.is_empty());
}
