use serde_json::{Value, json};

use crate::{Caller, Reply, SENDER, Stack};

/// A transcript from [`SENDER`] to the visitor.
pub fn transcript() -> Value {
    json!({ "from": SENDER, "sender_name": "Acme support" })
}

/// A transcript from [`SENDER`] to the visitor that asks for a rating.
pub fn transcript_with_faces() -> Value {
    let mut transcript = transcript();
    transcript["ask_for_rating"] = json!(true);
    transcript
}

/// The tokens of the rating links in a part of a mail, one for each link.
pub fn tokens_of(part: &str) -> Vec<String> {
    let links = part.split("/rate#").skip(1);
    links
        .map(|link| link.split_once('/').expect("a token and a score").0)
        .map(str::to_owned)
        .collect()
}

impl Caller {
    /// Sends a transcript of a conversation from [`SENDER`] to its visitor.
    pub async fn send_transcript(&self, conversation: &str) -> Reply {
        self.send_transcript_as(conversation, transcript()).await
    }

    /// Sends a transcript of a conversation with this body of the request.
    pub async fn send_transcript_as(&self, conversation: &str, body: Value) -> Reply {
        self.post(&transcripts_of(conversation), body).await
    }

    /// Sends a transcript of a conversation to its visitor, with an idempotency key.
    pub async fn send_transcript_with_key(&self, conversation: &str, key: &str) -> Reply {
        self.post_with_key(&transcripts_of(conversation), key, transcript())
            .await
    }

    /// The remaining transcripts of a conversation in this hour, as the agent's inbox shows them.
    pub async fn remaining(&self, conversation: &str) -> u64 {
        let read = self.conversation(conversation).await;
        let remaining = &read["actions"]["send_transcript"]["remaining"];
        remaining.as_u64().unwrap()
    }
}

impl Stack {
    /// The tokens of the rating links in the text of the latest mail, one for each link.
    pub async fn link_tokens(&self) -> Vec<String> {
        let mails = self.outbox().await;
        let latest = mails.last().expect("a mail was sent");
        tokens_of(latest["text"].as_str().unwrap())
    }
}

fn transcripts_of(conversation: &str) -> String {
    format!("/v1/conversations/{conversation}/transcripts")
}
