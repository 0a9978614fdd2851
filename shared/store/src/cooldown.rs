use domain::{ConversationId, RatingRequestId, Timestamp};
use serde::{Deserialize, Serialize};

/// The cooldown of an agent in a conversation, or of a visitor in all conversations. Until it
/// expires, the agent may not ask again, or no agent may ask the visitor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CooldownItem {
    /// The request that started it.
    #[serde(rename = "request_id")]
    pub rating_request_id: RatingRequestId,
    /// The conversation of that request, if it is a visitor's cooldown. Erasing the conversation
    /// deletes the cooldown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    /// When it ends, in epoch seconds. DynamoDB deletes the item some time later.
    pub expires_at: i64,
}

impl CooldownItem {
    /// When it ends, so that a rating may be requested again.
    pub fn available_at(&self) -> Timestamp {
        Timestamp::from_epoch_seconds(self.expires_at).unwrap_or(Timestamp::EPOCH)
    }

    /// Whether a rating request at `now` is refused because of it.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.expires_at > now.epoch_seconds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cooldown_ends_in_the_second_in_which_it_expires() {
        let cooldown = CooldownItem {
            rating_request_id: RatingRequestId::parse("r").unwrap(),
            conversation_id: None,
            expires_at: 1_000,
        };
        let at = |milliseconds| Timestamp::from_epoch_milliseconds(milliseconds).unwrap();
        assert!(cooldown.is_active(at(999_999)));
        assert!(!cooldown.is_active(at(1_000_000)));
        assert_eq!(cooldown.available_at(), at(1_000_000));
    }
}
