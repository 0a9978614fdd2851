use domain::EmailAddress;
use dynamodb::{attribute, string};
use errors::Fault;

use crate::conversation::ConversationItem;
use crate::conversation_write::ConversationUpdate;
use crate::round::OngoingRound;
use crate::thread_version::ThreadVersion;

/// The state of a conversation from which a mail was prepared. A write with this condition fails if
/// the thread or the visitor's address has changed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationSnapshot {
    /// The version of the thread that was read; `None` if no public message was recorded.
    pub thread_version: Option<ThreadVersion>,
    /// The visitor's address, if the mail may be sent to no other address.
    pub visitor_email: Option<EmailAddress>,
    /// The round in which a rule sends the mail.
    pub round: Option<OngoingRound>,
}

impl ConversationSnapshot {
    /// Whether `conversation` still has this state.
    pub fn matches(&self, conversation: &ConversationItem) -> bool {
        let is_same_visitor = self
            .visitor_email
            .as_ref()
            .is_none_or(|email| conversation.visitor_email.as_ref() == Some(email));
        let is_in_round = self.round.as_ref();
        let is_in_round = is_in_round.is_none_or(|round| round.matches(conversation));
        is_same_visitor && is_in_round && conversation.thread_version == self.thread_version
    }

    /// Adds this state to the conditions of `update`.
    ///
    /// # Errors
    /// If the thread version does not serialize, which is a bug.
    pub fn add_conditions_to(
        &self,
        update: ConversationUpdate,
    ) -> Result<ConversationUpdate, Fault> {
        let update = match &self.thread_version {
            Some(version) => update
                .require("thread_version = :thread_version")
                .value(":thread_version", attribute(version)?),
            None => update.require("attribute_not_exists(thread_version)"),
        };
        let update = match &self.round {
            Some(round) => round.add_conditions_to(update),
            None => update,
        };
        Ok(match &self.visitor_email {
            Some(email) => update
                .require("visitor_email = :mailed_visitor")
                .value(":mailed_visitor", string(email)),
            None => update,
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::{Channel, ConversationStatus, Timestamp, UniqueId, VisitorSecret};

    use super::*;

    fn version(write: &str) -> Option<ThreadVersion> {
        Some(ThreadVersion {
            write: write.to_owned(),
            message: "m".to_owned(),
            is_public: true,
        })
    }

    fn email(text: &str) -> Option<EmailAddress> {
        Some(EmailAddress::parse(text).unwrap())
    }

    #[test]
    fn a_snapshot_matches_until_the_thread_or_the_required_address_changes() {
        let conversation = ConversationItem {
            thread_version: version("w1"),
            visitor_email: email("jo@example.com"),
            ..ConversationItem::new(
                Channel::widget(),
                ConversationStatus::Open,
                VisitorSecret::from_bytes([7; 32]),
                UniqueId::from_bytes([7; 16]),
                Timestamp::EPOCH,
            )
        };
        for (thread_version, visitor_email, is_match) in [
            (version("w1"), None, true),
            (version("w1"), email("jo@example.com"), true),
            (version("w1"), email("other@example.com"), false),
            (version("w2"), None, false),
            (None, None, false),
        ] {
            let snapshot = ConversationSnapshot {
                thread_version,
                visitor_email,
                round: None,
            };
            assert_eq!(snapshot.matches(&conversation), is_match, "{snapshot:?}");
        }
    }
}
