use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{Caller, Reply, SENDER, Stack};

/// A transcript from [`SENDER`] to the visitor.
pub fn transcript() -> Value {
    json!({ "from": SENDER, "sender_name": "Acme support" })
}

impl Caller {
    /// Has a conversation mailed to its visitor from [`SENDER`].
    pub async fn send_transcript(&self, conversation: &str) -> Reply {
        self.send_transcript_as(conversation, transcript()).await
    }

    /// Has a conversation mailed as `body` says.
    pub async fn send_transcript_as(&self, conversation: &str, body: Value) -> Reply {
        self.post(&transcripts_of(conversation), body).await
    }

    /// Has a conversation mailed to its visitor, under an idempotency key.
    pub async fn send_transcript_once(&self, conversation: &str, key: &str) -> Reply {
        self.post_once(&transcripts_of(conversation), key, transcript())
            .await
    }

    /// How many transcripts of a conversation may still be sent in the hour, as its inbox says.
    pub async fn remaining(&self, conversation: &str) -> u64 {
        let read = self.conversation(conversation).await;
        let remaining = &read["actions"]["send_transcript"]["remaining"];
        remaining.as_u64().unwrap()
    }
}

impl Stack {
    /// Moves the functions' clock into the first second of the next hour, so that no hour ends
    /// within a test.
    pub async fn begin_an_hour(&self) {
        let now: Timestamp = self.now().await.parse().unwrap();
        let into_the_hour = u64::try_from(now.as_second().rem_euclid(3_600)).unwrap();
        self.advance(3_600 - into_the_hour).await;
    }
}

fn transcripts_of(conversation: &str) -> String {
    format!("/v1/conversations/{conversation}/transcripts")
}
