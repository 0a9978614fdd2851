//! Measures how time and memory grow with the length of a conversation. The cost of one message
//! should be the same at every length.

#![expect(
    clippy::unwrap_used,
    reason = "the messages are made up here, and fit their types"
)]

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use domain::{
    Author, AuthorKind, ConversationId, Entry, EntryContent, Message, MessageId, MessageText,
    PersonName, PublicMessage, TimeZoneName, Timestamp, Visibility,
};
use settings::Settings;
use texts::VisitorLanguage;
use transcript_mail::{
    Branding, DefaultBranding, MailLanguage, SubjectTemplate, Transcript, TranscriptMail,
};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const TEXTS: [&str; 4] = [
    "Hello!",
    "My order has not arrived, and the parcel's page says <unknown> & nothing else.",
    "Let me look.\nOne moment, please 😊",
    "שלום, مرحبا, こんにちは",
];

fn main() {
    divan::main();
}

/// Renders a whole mail: text, HTML and attachment.
#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 20, sample_size = 1)]
fn render(bencher: Bencher<'_, '_>, count: usize) {
    let messages = conversation(count);
    let defaults = DefaultBranding::new("Acme", SubjectTemplate::default());
    let branding = defaults.with(&Settings::default(), VisitorLanguage::English);
    let time_zone = TimeZoneName::parse("Europe/Lisbon").unwrap();
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| messages.clone())
        .bench_values(|messages| write_mail(messages, &branding, &time_zone));
}

/// Renders messages one by one, each of which is dropped once it is rendered.
fn write_mail(
    messages: Vec<PublicMessage>,
    branding: &Branding,
    time_zone: &TimeZoneName,
) -> TranscriptMail {
    let language = MailLanguage::choose([], VisitorLanguage::English).unwrap();
    let mut transcript = Transcript::new(Some(time_zone), language);
    for message in messages {
        transcript.add(message).unwrap();
    }
    let id = ConversationId::parse("c").unwrap();
    transcript.into_mail(branding, &id, None).unwrap()
}

/// Creates `count` messages, 15 minutes apart.
fn conversation(count: usize) -> Vec<PublicMessage> {
    let author = Author {
        kind: AuthorKind::Visitor,
        id: None,
        name: Some(PersonName::parse("Ana").unwrap()),
    };
    let start = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    (0..)
        .step_by(15 * 60)
        .zip(TEXTS.iter().cycle())
        .take(count)
        .filter_map(|(seconds, text)| {
            PublicMessage::from_entry(Entry {
                id: MessageId::parse("m").unwrap().into(),
                at: start.plus_seconds(seconds),
                visibility: Visibility::Public,
                content: EntryContent::Message(Message {
                    author: author.clone(),
                    text: MessageText::parse(text).unwrap(),
                    attachments: Vec::new(),
                    unlinked_attachments: Vec::new(),
                }),
            })
        })
        .collect()
}
