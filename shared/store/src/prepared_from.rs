use domain::EmailAddress;
use dynamodb::{attribute, string};
use errors::Fault;

use crate::conversation::{ConversationItem, ThreadVersion};
use crate::conversation_write::ConversationUpdate;

/// The state of a conversation from which a mail is prepared. A write with this condition fails if
/// the thread or the visitor's address has changed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedFrom {
    /// The version of the thread that was read.
    pub thread_version: Option<ThreadVersion>,
    /// The visitor's address, if the mail may be sent to no other address.
    pub visitor_email: Option<EmailAddress>,
}

impl PreparedFrom {
    /// Whether `conversation` still has this state.
    pub fn holds(&self, conversation: &ConversationItem) -> bool {
        let is_same_visitor = self
            .visitor_email
            .as_ref()
            .is_none_or(|email| conversation.visitor_email.as_ref() == Some(email));
        is_same_visitor && conversation.thread_version == self.thread_version
    }

    /// Adds this state to the conditions of `update`.
    ///
    /// # Errors
    /// If it does not serialise, which is a bug.
    pub fn require_in(&self, update: ConversationUpdate) -> Result<ConversationUpdate, Fault> {
        let update = match &self.thread_version {
            Some(version) => update
                .require("thread_version = :thread_version")
                .value(":thread_version", attribute(version)?),
            None => update.require("attribute_not_exists(thread_version)"),
        };
        Ok(match &self.visitor_email {
            Some(email) => update
                .require("visitor_email = :mailed_visitor")
                .value(":mailed_visitor", string(email)),
            None => update,
        })
    }
}
