//! The thread of the mails.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use domain::Timestamp;
use serde_json::{Value, json};

use crate::machine;

/// The texts in turn. They have 95 characters on average, as in chats, and some must be escaped.
const TEXTS: [&str; 8] = [
    "Hello!",
    "Hi Ana, how can I help you today?",
    "My order has not arrived, and the parcel's page says <unknown> & nothing else. It was to come \
     on Tuesday; I have been waiting for three days now.",
    "Let me look.\nOne moment, please 😊",
    "שלום, مرحبا, こんにちは",
    "Thank you for waiting. The carrier tells me that the parcel was held back at the depot because \
     the label could not be read. They will bring it tomorrow between nine and twelve; if you are \
     not at home, they leave it with a neighbour.",
    "Could you send me the label?",
    "Of course:\n\n- the label as a PDF\n- the number \"JD-0146\", which is the carrier's own\n\nIs \
     there anything else?",
];

/// Writes a thread of `count` messages into a file, one stored message on each line.
pub(super) fn write(count: usize) -> PathBuf {
    let folder = machine::target().join("bench/render");
    fs::create_dir_all(&folder).expect("a folder for the thread");
    let path = folder.join(format!("{count}.jsonl"));
    let mut lines = String::new();
    for number in 0..count {
        writeln!(lines, "{}", message(number)).expect("a string accepts all text");
    }
    fs::write(&path, lines).expect("the thread is written");
    path
}

/// The message with this number, three minutes after the previous one.
fn message(number: usize) -> Value {
    let start = Timestamp::parse("2026-01-01T00:00:00Z").expect("a moment");
    let seconds = i64::try_from(number * 180).expect("a time in range");
    let author = match number % 2 {
        0 => json!({ "kind": "visitor", "name": "Ana Reis" }),
        _ => json!({ "kind": "agent", "id": "jo", "name": "Jo O'Hara" }),
    };
    let mut message = json!({
        "id": format!("m{number}"),
        "at": start.plus_seconds(seconds),
        "visibility": "public",
        "kind": "message",
        "author": author,
        "text": TEXTS[number % TEXTS.len()],
    });
    if number % 16 == 7 {
        message["attachments"] = json!([{
            "name": "label & number.pdf",
            "url": "https://files.example.com/label?a=1&b=2",
            "bytes": 254_000,
        }]);
    }
    message
}
