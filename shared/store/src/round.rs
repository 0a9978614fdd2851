use domain::{ConversationStatus, RoundId, Timestamp};
use dynamodb::string;

use crate::conversation::ConversationItem;
use crate::conversation_write::ConversationUpdate;
use crate::thread_version::ThreadVersion;

/// A round of a conversation, and the recording from which a rule decided to act in it. A write with
/// this condition fails if the conversation was opened again or recorded since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OngoingRound {
    /// The id of the round.
    pub id: RoundId,
    /// The latest time at which the round may have begun.
    pub begun_by: Timestamp,
    /// When the conversation was last recorded.
    pub recorded_at: Timestamp,
    /// The version of the thread that was read. The rule's conditions may depend on the messages.
    pub thread_version: Option<ThreadVersion>,
}

impl OngoingRound {
    /// Whether `conversation` is still in this round and was not recorded since.
    pub fn matches(&self, conversation: &ConversationItem) -> bool {
        conversation.status == ConversationStatus::Resolved
            && conversation.round.as_ref() == Some(&self.id)
            && conversation
                .resolved_at
                .is_some_and(|at| at <= self.begun_by)
            && conversation.updated_at == self.recorded_at
    }

    /// Adds this state to the conditions of `update`. Defines `:round` as the round's id.
    #[must_use]
    pub fn add_conditions_to(&self, update: ConversationUpdate) -> ConversationUpdate {
        update
            .name("#status", "status")
            .require("#status = :resolved")
            .value(":resolved", string(ConversationStatus::Resolved.as_str()))
            .require("round = :round")
            .value(":round", string(&self.id))
            .require("resolved_at <= :begun_by")
            .value(":begun_by", string(self.begun_by))
            .require("updated_at = :recorded_at")
            .value(":recorded_at", string(self.recorded_at))
    }
}
