//! The platforms of conversations. The other modules of this function know no platform: each platform has an adapter
//! here, from its client and its mapping to these types.

mod chatwoot;

use domain::{MessageId, Platform, Timestamp};
use errors::Fault;
use platform_client::Targets;
use platform_recordings::{ConversationRecording, NewMessages, PromptAnswer};
use platform_store::FoundConnection;

use crate::post::Post;
use chatwoot::ChatwootConversation;

/// A conversation on its platform.
#[derive(Debug)]
pub(crate) enum PlatformConversation {
    /// A conversation of a Chatwoot account.
    Chatwoot(ChatwootConversation),
}

/// What was read from a platform, in the form in which it is recorded.
#[derive(Debug, Default)]
pub(crate) struct PlatformThread {
    /// The conversation, to be recorded in this order.
    pub(crate) conversation: Vec<ConversationRecording>,
    /// The messages, to be recorded in this order.
    pub(crate) messages: Vec<NewMessages>,
    /// The visitor's answers to prompts.
    pub(crate) answers: Vec<PromptAnswer>,
}

/// Why a call to a platform has no result.
#[derive(Clone, Debug)]
pub(crate) struct CallError {
    pub(crate) kind: CallErrorKind,
    /// Whether a call that posts a message may have posted it.
    pub(crate) may_have_posted: bool,
    /// The cause, for the log.
    pub(crate) cause: String,
}

/// The kind of a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallErrorKind {
    /// What the call names does not exist.
    NotFound,
    /// The token is not accepted, or does not allow the call.
    NotAllowed,
    /// The platform is unavailable, or someone must change the connection.
    Failed,
}

impl PlatformConversation {
    /// The conversation of a connection. Returns `None` if its id is none of the connected account's.
    ///
    /// # Errors
    /// If the URL of the connection is not allowed any more.
    pub(crate) fn of(
        platform: Platform,
        found: FoundConnection,
        conversation: &domain::ConversationId,
        targets: Targets,
    ) -> Result<Option<Self>, Fault> {
        match platform {
            Platform::Chatwoot => {
                let conversation = ChatwootConversation::of(found, conversation, targets)?;
                Ok(conversation.map(Self::Chatwoot))
            }
        }
    }

    /// Whether a message can be posted: whether the connection has a bot.
    pub(crate) fn can_post(&self) -> bool {
        match self {
            Self::Chatwoot(chatwoot) => chatwoot.can_post(),
        }
    }

    /// Whether the platform accepts the connection's token for its account.
    pub(crate) async fn has_access(&self) -> bool {
        match self {
            Self::Chatwoot(chatwoot) => chatwoot.has_access().await,
        }
    }

    /// Reads one message at `now`; `None` if the conversation does not contain it.
    pub(crate) async fn read_message(
        &self,
        message: &MessageId,
        now: Timestamp,
    ) -> Result<Option<PlatformThread>, CallError> {
        match self {
            Self::Chatwoot(chatwoot) => chatwoot.read_message(message, now).await,
        }
    }

    /// Reads the conversation with all of its messages at `now`.
    pub(crate) async fn read(&self, now: Timestamp) -> Result<PlatformThread, CallError> {
        match self {
            Self::Chatwoot(chatwoot) => chatwoot.read(now).await,
        }
    }

    /// Until when a survey of the platform's own is open that the visitor has not answered; `None` if there is none.
    pub(crate) async fn find_open_survey(
        &self,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, CallError> {
        match self {
            Self::Chatwoot(chatwoot) => chatwoot.find_open_survey(now).await,
        }
    }

    /// Posts a message as the bot of the connection, and returns its id.
    pub(crate) async fn post(&self, post: &Post) -> Result<MessageId, CallError> {
        match self {
            Self::Chatwoot(chatwoot) => chatwoot.post(post).await,
        }
    }

    /// The id of the message that was posted with this marker; `None` if there is none.
    pub(crate) async fn find_post(&self, marker: &str) -> Result<Option<MessageId>, CallError> {
        match self {
            Self::Chatwoot(chatwoot) => chatwoot.find_post(marker).await,
        }
    }
}
