use domain::{ConversationId, MessageId, Platform, Timestamp};
use errors::Fault;
use platform_client::Targets;
use platform_store::FoundConnection;

use crate::platform::call_error::CallError;
use crate::platform::chatwoot::ChatwootConversation;
use crate::platform::thread::PlatformThread;
use crate::post::Post;

/// A conversation on its platform.
#[derive(Debug)]
pub(crate) enum PlatformConversation {
    /// A conversation of a Chatwoot account.
    Chatwoot(ChatwootConversation),
}

impl PlatformConversation {
    /// The conversation of a connection. Returns `None` if its id is none of the connected account's.
    ///
    /// # Errors
    /// If the URL of the connection is not allowed any more.
    pub(crate) fn of(
        platform: Platform,
        found: FoundConnection,
        conversation: &ConversationId,
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
