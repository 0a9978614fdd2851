use chatwoot::{MARKER_KEY, SenderKind};
use platform_client::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::call::{ChatwootClient, read};
use crate::error::ChatwootError;

/// A message to post.
#[derive(Clone, Debug)]
pub struct NewPost {
    /// The text, in Markdown. Chatwoot executes Liquid in it: see `chatwoot::escape_liquid`.
    pub content: String,
    /// Whether only teammates see it.
    pub is_private: bool,
    /// The value of [`MARKER_KEY`], by which the message is found again.
    pub marker: String,
    /// The titles and values among which the visitor chooses. Empty for a message without a choice.
    pub choices: Vec<(String, String)>,
    /// The bot that posts it.
    pub bot_id: u64,
}

#[derive(Deserialize)]
struct Posted {
    id: u64,
}

impl NewPost {
    fn body(&self) -> Value {
        let mut attributes = json!({MARKER_KEY: self.marker});
        let content_type = if self.choices.is_empty() {
            "text"
        } else {
            let choices = self.choices.iter();
            let items = choices.map(|(title, value)| json!({"title": title, "value": value}));
            if let Some(attributes) = attributes.as_object_mut() {
                attributes.insert("items".to_owned(), items.collect());
            }
            "input_select"
        };
        json!({
            "content": self.content,
            "message_type": "outgoing",
            "private": self.is_private,
            "content_type": content_type,
            "content_attributes": attributes,
            "sender_type": "AgentBot",
            "sender_id": self.bot_id,
        })
    }
}

impl ChatwootClient {
    /// Posts a message as the bot, and returns its id.
    ///
    /// With the bot's token, only the bot can be the sender. Without it, the server would silently replace a bot
    /// that does not exist by the owner of the token, so the bot is looked for before.
    ///
    /// # Errors
    /// See [`ChatwootError`]. After [`ChatwootError::Unavailable`] and [`ChatwootError::Unreadable`], the
    /// message may have been posted: look for its marker before posting it again.
    pub async fn post(&self, display_id: u64, post: &NewPost) -> Result<u64, ChatwootError> {
        let token = match &self.bot_token {
            Some(token) => token,
            None if self.has_bot(post.bot_id).await? => &self.token,
            None => return Err(ChatwootError::NoBot),
        };
        let path = self.account_path(&format!("conversations/{display_id}/messages"));
        let response = self.call(token, Method::Post, &path, Some(post.body()));
        let response = response.await.map_err(|error| match error {
            ChatwootError::NotAllowed if self.bot_token.is_some() => ChatwootError::BotNotAllowed,
            error => error,
        });
        let posted: Posted = read(&response?)?;
        Ok(posted.id)
    }

    async fn has_bot(&self, id: u64) -> Result<bool, ChatwootError> {
        let bots = self.list_bots().await?;
        Ok(bots.iter().any(|bot| bot.id == id))
    }

    /// Looks for the message of the bot with this marker in the whole conversation, and returns its id.
    ///
    /// # Errors
    /// See [`ChatwootError`].
    pub async fn find_post(
        &self,
        display_id: u64,
        bot_id: u64,
        marker: &str,
    ) -> Result<Option<u64>, ChatwootError> {
        let thread = self.read_thread(display_id).await?;
        let mut posts = thread.iter();
        let post = posts.find(|message| {
            let sender = message.sender.as_ref();
            message.attributes.marker.as_deref() == Some(marker)
                && sender.is_some_and(|it| it.kind == SenderKind::Bot && it.id == Some(bot_id))
        });
        Ok(post.map(|message| message.id))
    }
}
