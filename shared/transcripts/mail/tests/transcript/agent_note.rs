//! What the agent writes above the conversation.

use domain::{Language, PublicMessage, TranscriptNote};
use settings::Settings;
use texts::VisitorLanguage;
use transcript_mail::{CardNumbers, MailLanguage, Transcript, TranscriptMail};

use crate::conversation::{LIMIT, finish, message, visitor};

fn mail_in(tag: &str, note: &str, messages: &[PublicMessage]) -> TranscriptMail {
    let tag = Language::parse(tag).unwrap();
    let language = MailLanguage::choose([&tag], VisitorLanguage::English).unwrap();
    let note = TranscriptNote::parse(note).unwrap();
    let transcript = Transcript::new(None, language)
        .with_card_numbers(CardNumbers::Masked)
        .with_note(&note)
        .unwrap();
    finish(transcript, &Settings::default(), messages, None)
}

fn hello() -> Vec<PublicMessage> {
    vec![message("2026-06-06T09:05:00Z", visitor("Ana"), "Hello")]
}

/// The note in the HTML part.
fn note_of(html: &str) -> &str {
    let (_, note) = html.split_once("<div class=\"agent-note\">\n").unwrap();
    note.split_once("\n</div>").unwrap().0
}

#[test]
fn a_note_is_between_the_summary_and_the_messages() {
    let mail = mail_in("en", "Hi Ana,\n\nsee https://a.example/1.", &hello());
    let expected = "UTC, because no local time zone is known.\n\n    Hi Ana,\n\n    see https://a.example/1.\n\n\n--- Saturday";
    assert!(mail.text.contains(expected), "{}", mail.text);
    assert_eq!(
        note_of(&mail.html),
        "<p class=\"text\">Hi Ana,<br><br>see <a href=\"https://a.example/1\" rel=\"noopener noreferrer nofollow\">https://a.example/1</a>.</p>"
    );
    let [summary, note, message] = ["class=\"summary\"", "agent-note\">", "class=\"message"]
        .map(|part| mail.html.find(part).unwrap());
    assert!(summary < note && note < message);
}

#[test]
fn without_a_note_there_is_no_place_for_one() {
    let messages = hello();
    let mail = crate::conversation::mail(&messages, "UTC");
    assert!(!mail.html.contains("<div class=\"agent-note\">"));
    assert!(mail.text.contains("\n\n\n--- Saturday"));
    assert!(!mail.text.contains("\n\n\n\n"));
}

#[test]
fn a_note_is_never_markup_a_heading_or_a_message() {
    let note = "</div><script>x</script>\n--- Monday ---\n09:05 Ana";
    let mail = mail_in("en", note, &hello());
    assert!(note_of(&mail.html).contains("&#60;/div&#62;&#60;script&#62;"));
    assert!(mail.text.contains("\n    --- Monday ---\n    09:05 Ana\n"));
}

#[test]
fn a_note_has_its_own_direction() {
    let mail = mail_in("en", "שלום", &hello());
    assert!(note_of(&mail.html).contains("dir=\"rtl\""));
    let mail = mail_in("ar", "Hello", &hello());
    assert!(note_of(&mail.html).contains("dir=\"ltr\""));
}

#[test]
fn card_numbers_in_a_note_are_masked() {
    let mail = mail_in("en", "Paid with 4111 1111 1111 1111", &hello());
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("Paid with •••• •••• •••• 1111"), "{part}");
    }
}

#[test]
fn the_longest_note_leaves_room_for_messages() {
    let links = "a@b.co ".repeat(285);
    let marks = "&".repeat(2_000);
    let long: Vec<_> = (0..400)
        .map(|index| {
            let minute = index % 60;
            let hour = 9 + index / 60;
            let time = format!("2026-06-06T{hour:02}:{minute:02}:00Z");
            message(&time, visitor("Ana"), &"Hello ".repeat(60))
        })
        .collect();
    for note in [&links, &marks] {
        let mail = mail_in("en", note, &long);
        assert!(mail.html.len() < LIMIT);
        assert!(mail.html.contains("class=\"message"));
        let attachment = mail.attachment.unwrap();
        assert!(attachment.content.contains("agent-note\">"));
    }
}
