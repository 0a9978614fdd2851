use chatwoot::{Conversation, Message, decode_conversation, decode_messages};
use platform_client::Method;

use crate::call::ChatwootClient;
use crate::error::ChatwootError;

/// How many messages a list contains at most if both ends of the range are given.
const PAGE: usize = 1_000;

/// How many lists are read at most for one thread.
const PAGES: usize = 50;

/// Greater than every id, and exact in every JSON library.
const END: u64 = (1 << 53) - 1;

impl ChatwootClient {
    /// Reads a conversation.
    ///
    /// # Errors
    /// See [`ChatwootError`].
    pub async fn read_conversation(&self, display_id: u64) -> Result<Conversation, ChatwootError> {
        let path = format!("conversations/{display_id}");
        let response = self.call_account(Method::Get, &path, None).await?;
        decode_conversation(&response).map_err(|_| ChatwootError::Unreadable)
    }

    /// Reads one message; `None` if the conversation does not contain it.
    ///
    /// # Errors
    /// See [`ChatwootError`].
    pub async fn read_message(
        &self,
        display_id: u64,
        message: u64,
    ) -> Result<Option<Message>, ChatwootError> {
        let before = message.saturating_add(1);
        let query = format!("after={message}&before={before}");
        let messages = self.read_messages(display_id, &query).await?;
        Ok(messages.into_iter().find(|it| it.id == message))
    }

    /// Reads all messages of a conversation, each once, in no particular order.
    ///
    /// Chatwoot sorts a list by the times of the messages, not by their ids. If a list is full, the messages
    /// that it lacks may therefore have any id. Its range is then divided into two, which are read again.
    ///
    /// # Errors
    /// See [`ChatwootError`].
    pub async fn read_thread(&self, display_id: u64) -> Result<Vec<Message>, ChatwootError> {
        let mut thread = Vec::new();
        let mut ranges = vec![(0, END)];
        for _ in 0..PAGES {
            let Some((first, end)) = ranges.pop() else {
                return Ok(thread);
            };
            let query = format!("after={first}&before={end}");
            let messages = self.read_messages(display_id, &query).await?;
            match middle(&messages).filter(|_| messages.len() >= PAGE) {
                Some(middle) => ranges.extend([(first, middle), (middle, end)]),
                None => thread.extend(messages),
            }
        }
        Err(ChatwootError::Unreadable)
    }

    async fn read_messages(
        &self,
        display_id: u64,
        query: &str,
    ) -> Result<Vec<Message>, ChatwootError> {
        let path = format!("conversations/{display_id}/messages?{query}");
        let response = self.call_account(Method::Get, &path, None).await?;
        let page = decode_messages(&response).map_err(|_| ChatwootError::Unreadable)?;
        Ok(page.messages)
    }
}

/// An id that divides a list into two parts of about the same length.
fn middle(messages: &[Message]) -> Option<u64> {
    let mut ids: Vec<_> = messages.iter().map(|message| message.id).collect();
    ids.sort_unstable();
    ids.get(ids.len() / 2).copied()
}
