use std::time::Duration;

use chatwoot::{
    Connection, ConversationPrefix, Message, escape_liquid, map_conversation, map_messages,
};
use chatwoot_client::{ChatwootClient, ChatwootError, NewPost};
use domain::{ConversationId, MessageId, Timestamp};
use errors::Fault;
use platform_client::{Origin, Targets};
use platform_store::FoundConnection;

use crate::platform::call_error::{CallError, CallErrorKind};
use crate::platform::thread::PlatformThread;
use crate::post::Post;

/// How long one call to the server may take.
const TIME_PER_CALL: Duration = Duration::from_secs(10);

/// How long visitors can answer a survey of Chatwoot's own.
const SURVEY_SECONDS: i64 = 14 * 24 * 60 * 60;

/// A conversation of a Chatwoot account.
#[derive(Debug)]
pub(crate) struct ChatwootConversation {
    /// The number of the conversation in its account.
    display_id: u64,
    connection: Connection,
    client: ChatwootClient,
}

impl ChatwootConversation {
    pub(super) fn of(
        found: FoundConnection,
        conversation: &ConversationId,
        targets: Targets,
    ) -> Result<Option<Self>, Fault> {
        let origin = Origin::parse(&found.connection.url, targets);
        let origin =
            origin.map_err(|error| Fault::internal(format!("the URL of a connection {error}")))?;
        let account_id = found.connection.account_id;
        let prefix = ConversationPrefix::new(origin.as_str(), account_id);
        let Some(display_id) = prefix.display_id(conversation) else {
            return Ok(None);
        };
        let token = found.secrets.api_access_token;
        let client = ChatwootClient::new(origin, targets, account_id, token, TIME_PER_CALL);
        Ok(Some(Self {
            display_id,
            connection: Connection {
                prefix,
                account_id,
                bot_id: found.connection.bot_id,
            },
            client: client.with_bot_token(found.secrets.bot_access_token),
        }))
    }

    pub(super) fn can_post(&self) -> bool {
        self.connection.bot_id.is_some()
    }

    pub(super) async fn has_access(&self) -> bool {
        // Chatwoot shows the profile also to members of a suspended account.
        self.client.list_inboxes().await.is_ok()
    }

    pub(super) async fn read_message(
        &self,
        message: &MessageId,
        now: Timestamp,
    ) -> Result<Option<PlatformThread>, CallError> {
        let Ok(id) = message.as_str().parse() else {
            return Ok(None);
        };
        let message = self.client.read_message(self.display_id, id).await?;
        Ok(message.map(|message| {
            let mapping = map_messages(&self.connection, &[message], now);
            PlatformThread {
                messages: mapping.bodies,
                answers: mapping.answers,
                ..PlatformThread::default()
            }
        }))
    }

    pub(super) async fn read(&self, now: Timestamp) -> Result<PlatformThread, CallError> {
        let (conversation, thread) = tokio::try_join!(
            self.client.read_conversation(self.display_id),
            self.client.read_thread(self.display_id)
        )?;
        if conversation.display_id != self.display_id {
            return Err(ChatwootError::Unreadable.into());
        }
        let mapping = map_messages(&self.connection, &thread, now);
        Ok(PlatformThread {
            conversation: map_conversation(&self.connection, &conversation, now),
            messages: mapping.bodies,
            answers: mapping.answers,
            survey_closes_at: survey_closes_at(&thread, now),
        })
    }

    pub(super) async fn find_open_survey(
        &self,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, CallError> {
        let thread = self.client.read_thread(self.display_id).await?;
        Ok(survey_closes_at(&thread, now))
    }

    pub(super) async fn post(&self, post: &Post) -> Result<MessageId, CallError> {
        let bot_id = self.connection.bot_id.ok_or(ChatwootError::NoBot)?;
        // Chatwoot executes Liquid in everything that is posted.
        let choices = post.choices.iter();
        let choices = choices.map(|(title, value)| (escape_liquid(title), value.clone()));
        let new = NewPost {
            content: escape_liquid(&post.content),
            is_private: post.is_private,
            marker: post.marker.clone(),
            choices: choices.collect(),
            bot_id,
        };
        message_id(self.client.post(self.display_id, &new).await?)
    }

    pub(super) async fn find_post(&self, marker: &str) -> Result<Option<MessageId>, CallError> {
        let Some(bot_id) = self.connection.bot_id else {
            return Ok(None);
        };
        let found = self
            .client
            .find_post(self.display_id, bot_id, marker)
            .await?;
        found.map(message_id).transpose()
    }
}

/// Until when Chatwoot's own survey is open; `None` if it is not.
fn survey_closes_at(thread: &[Message], now: Timestamp) -> Option<Timestamp> {
    let open = thread.iter().filter(|message| {
        message.content_type.as_deref() == Some("input_csat")
            && message.attributes.submitted.is_empty()
            && !message.attributes.is_deleted
    });
    let closes = open.map(|message| message.created_at.plus_seconds(SURVEY_SECONDS));
    closes.filter(|closes_at| *closes_at > now).max()
}

fn message_id(id: u64) -> Result<MessageId, CallError> {
    MessageId::parse(&id.to_string()).map_err(|_| ChatwootError::Unreadable.into())
}

impl From<ChatwootError> for CallError {
    fn from(error: ChatwootError) -> Self {
        Self {
            kind: match error {
                ChatwootError::NotFound => CallErrorKind::NotFound,
                ChatwootError::NotAllowed => CallErrorKind::NotAllowed,
                _ => CallErrorKind::Failed,
            },
            may_have_posted: error.may_have_posted(),
            cause: error.to_string(),
        }
    }
}
