use domain::{ConversationId, OrganisationId};
use serde::{Deserialize, Serialize};

/// The event with which a function asks `call-platform` to read a conversation on its platform and record it.
/// The invocation ends after it is recorded, and fails if the platform is unavailable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename = "read_conversation")]
pub struct PlatformRead {
    /// The tenant.
    pub organisation: OrganisationId,
    /// The conversation.
    pub conversation_id: ConversationId,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_event_names_the_action() {
        let event = PlatformRead {
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
            serde_json::from_value::<PlatformRead>(written).unwrap(),
            event
        );
        let other = json!({"organisation": "main", "conversation_id": "c1", "due": "ask"});
        assert!(serde_json::from_value::<PlatformRead>(other).is_err());
    }
}
