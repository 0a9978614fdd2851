use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::invalid_value::InvalidValue;
use crate::text::text_value;
use crate::unique_id::UniqueId;

const RULE: &str = "must be 1 to 128 of the characters A-Z a-z 0-9 . _ : -";

fn follows_rule(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'-'))
}

macro_rules! id {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        ///
        /// 1 to 128 of the characters `A-Z a-z 0-9 . _ : -`.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        text_value!($type);

        impl $type {
            /// Reads an id and checks its characters.
            ///
            /// # Errors
            /// If `text` is not a valid id.
            pub fn parse(text: &str) -> Result<Self, InvalidValue> {
                if follows_rule(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidValue::new(RULE))
                }
            }
        }
    };
}

id! {
    /// The id of an organisation: one tenant.
    OrganisationId
}
id! {
    /// The id of a conversation within its organisation.
    ConversationId
}
id! {
    /// The id of a message within its conversation and its time.
    MessageId
}
id! {
    /// The id of a rating request.
    RatingRequestId
}
id! {
    /// The id of a transcript: one e-mail, sent or about to be sent.
    TranscriptId
}

id! {
    /// The id of a round: the time from when a conversation is resolved until it is opened again.
    RoundId
}

impl From<UniqueId> for RoundId {
    fn from(id: UniqueId) -> Self {
        Self(id.to_string())
    }
}

impl From<UniqueId> for RatingRequestId {
    fn from(id: UniqueId) -> Self {
        Self(id.to_string())
    }
}

impl RatingRequestId {
    /// The id of the rating request that may be created with `transcript`. A transcript has at most
    /// one.
    pub fn for_transcript(transcript: &TranscriptId) -> Self {
        UniqueId::derived_from(&["rating-request", transcript.as_str()]).into()
    }

    /// Which of `shards` it belongs to. The result is always the same for an id, and each shard is
    /// equally likely.
    pub fn shard_of(&self, shards: u8) -> u8 {
        let digest = Sha256::digest(self.as_str());
        digest.first().map_or(0, |byte| byte % shards.max(1))
    }
}

impl From<UniqueId> for TranscriptId {
    fn from(id: UniqueId) -> Self {
        Self(id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_with_any_other_character_is_refused() {
        assert!(ConversationId::parse("Az09._:-").is_ok());
        for text in ["", "a b", "a#b", "a/b", "a%20b", "é", "a\0"] {
            assert!(ConversationId::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn ids_are_evenly_distributed_over_the_shards() {
        const IDS: usize = 64_000;
        for shards in [4, 8] {
            let mut counts = vec![0; usize::from(shards)];
            for number in 0..IDS {
                let id = RatingRequestId::from(UniqueId::derived_from(&[&number.to_string()]));
                counts[usize::from(id.shard_of(shards))] += 1;
            }
            // Five standard deviations of a random distribution.
            let mean = IDS as f64 / f64::from(shards);
            let tolerance = 5.0 * mean.sqrt();
            for count in counts {
                assert!((f64::from(count) - mean).abs() < tolerance, "{count}");
            }
        }
    }

    #[test]
    fn an_id_has_at_most_128_characters() {
        assert!(ConversationId::parse(&"a".repeat(128)).is_ok());
        assert!(ConversationId::parse(&"a".repeat(129)).is_err());
    }
}
