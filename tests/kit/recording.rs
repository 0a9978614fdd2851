use serde_json::{Value, json};

/// A visitor's public message.
pub fn message(id: &str, sent_at: &str, text: &str) -> Value {
    json!({
        "id": id,
        "sent_at": sent_at,
        "author": { "kind": "visitor", "name": "Ana" },
        "visibility": "public",
        "text": text,
    })
}

/// An agent's private note.
pub fn note(id: &str, sent_at: &str, text: &str) -> Value {
    json!({
        "id": id,
        "sent_at": sent_at,
        "author": { "kind": "agent", "id": "kim", "name": "Kim" },
        "visibility": "private",
        "text": text,
    })
}
