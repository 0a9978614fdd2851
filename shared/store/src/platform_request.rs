use domain::{ConversationId, OrganisationId};
use serde::{Deserialize, Serialize};

/// The event with which a function invokes `call-platform`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum PlatformRequest {
    /// Read a conversation on its platform and record it. The invocation ends after it is recorded, and fails if the
    /// platform is unavailable.
    ReadConversation {
        /// The tenant.
        organisation: OrganisationId,
        /// The conversation.
        conversation_id: ConversationId,
    },
    /// The same before the visitor is asked for a rating. The response is [`Self::ASKABLE`] if a question can be posted
    /// and its answer can be read. Otherwise it is the reason.
    ReadBeforeAsking {
        /// The tenant.
        organisation: OrganisationId,
        /// The conversation.
        conversation_id: ConversationId,
    },
}

impl PlatformRequest {
    /// The response to [`Self::ReadBeforeAsking`] if the visitor can be asked.
    pub const ASKABLE: &'static str = "askable";
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_event_names_the_action() {
        let event = PlatformRequest::ReadConversation {
            organisation: OrganisationId::parse("main").unwrap(),
            conversation_id: ConversationId::parse("cw-db850384f6e5-118").unwrap(),
        };
        let written = serde_json::to_value(&event).unwrap();
        let expected = json!({
            "action": "read_conversation",
            "organisation": "main",
            "conversation_id": "cw-db850384f6e5-118",
        });
        assert_eq!(written, expected);
        assert_eq!(
            serde_json::from_value::<PlatformRequest>(written).unwrap(),
            event
        );
        let other = json!({"organisation": "main", "conversation_id": "c1", "due": "ask"});
        assert!(serde_json::from_value::<PlatformRequest>(other).is_err());
    }
}
