//! Card numbers in what people wrote.

use domain::PublicMessage;
use settings::Settings;
use texts::VisitorLanguage;
use transcript_mail::{CardNumbers, MailLanguage, Transcript, TranscriptMail};

use crate::conversation::{file, finish, message_with, visitor};

const CARD: &str = "4111 1111 1111 1111";

fn mail(cards: CardNumbers, messages: &[PublicMessage]) -> TranscriptMail {
    let language = MailLanguage::choose([], VisitorLanguage::English).unwrap();
    let transcript = Transcript::new(None, language).with_card_numbers(cards);
    finish(transcript, &Settings::default(), messages, None)
}

fn messages(text: &str) -> Vec<PublicMessage> {
    let file = file(&format!("{CARD}.pdf"), "https://files.example/a", None);
    let author = visitor(&format!("Ana {CARD}"));
    vec![message_with(
        "2026-06-06T09:05:00Z",
        author,
        text,
        vec![file],
    )]
}

#[test]
fn card_numbers_are_masked_in_texts_names_and_names_of_files() {
    let mail = mail(CardNumbers::Masked, &messages(CARD));
    for part in [&mail.text, &mail.html] {
        assert!(!part.contains("4111"), "{part}");
        assert_eq!(part.matches("•••• •••• •••• 1111").count(), 3, "{part}");
    }
}

#[test]
fn card_numbers_are_masked_in_the_file_and_the_beginning_of_a_long_message() {
    let long = format!("{CARD} {}", "&".repeat(31_000));
    let mail = mail(CardNumbers::Masked, &messages(&long));
    let attachment = mail.attachment.unwrap().content;
    for part in [&mail.text, &mail.html, &attachment] {
        assert!(!part.contains("4111"));
        assert!(part.contains("•••• •••• •••• 1111"));
    }
}

#[test]
fn card_numbers_are_shown_unless_the_organisation_masks_them() {
    let mail = mail(CardNumbers::Shown, &messages(CARD));
    assert_eq!(mail.text.matches(CARD).count(), 3);
}
