use chatwoot::{Conversation, Message, decode_conversation, decode_messages};
use platform_client::Method;

use crate::call::ChatwootClient;
use crate::error::ChatwootError;

/// How many messages a list contains at most if both ends of the range are given.
const PAGE: usize = 1_000;

/// How many lists are read at most for one thread.
const PAGES: usize = 100;

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
        let page = self.read_messages(display_id, &query).await?;
        Ok(page.messages.into_iter().find(|it| it.id == message))
    }

    /// Reads all messages of a conversation, each once, in no particular order.
    ///
    /// Chatwoot sorts a list by the times of the messages, not by their ids. If a list is full, the messages
    /// that it lacks may therefore have any id. Its range is then divided into two, which are read again. So is the
    /// range of a list that is too large. A thread of 40,000 messages in the order of their ids takes 89 lists.
    ///
    /// # Errors
    /// See [`ChatwootError`].
    pub async fn read_thread(&self, display_id: u64) -> Result<Vec<Message>, ChatwootError> {
        let mut thread = Vec::new();
        let mut ranges = vec![(0_u64, END)];
        for _ in 0..PAGES {
            let Some((first, end)) = ranges.pop() else {
                return Ok(thread);
            };
            let query = format!("after={first}&before={end}");
            let boundary = match self.read_messages(display_id, &query).await {
                Ok(page) if page.len() < PAGE => {
                    thread.extend(page.messages);
                    continue;
                }
                Ok(page) => split(&page.messages),
                Err(ChatwootError::TooLarge) if end == END => {
                    ranges.push((first, self.read_end(display_id).await?));
                    continue;
                }
                Err(ChatwootError::TooLarge) if end - first <= 1 => {
                    tracing::warn!("a message of a chat platform is too large");
                    continue;
                }
                Err(ChatwootError::TooLarge) => Some(first.midpoint(end)),
                Err(error) => return Err(error),
            };
            let is_between = |boundary: &u64| first < *boundary && *boundary < end;
            let boundary = boundary.filter(is_between).ok_or(ChatwootError::TooLarge)?;
            ranges.extend([(first, boundary), (boundary, end)]);
        }
        Err(ChatwootError::TooLarge)
    }

    /// An id that is greater than those of the newest messages.
    async fn read_end(&self, display_id: u64) -> Result<u64, ChatwootError> {
        let newest = self
            .read_messages(display_id, &format!("before={END}"))
            .await?;
        let newest = newest.messages.iter().map(|message| message.id).max();
        Ok(newest.map_or(1, |newest| newest.saturating_add(1)))
    }

    async fn read_messages(&self, display_id: u64, query: &str) -> Result<Page, ChatwootError> {
        let path = format!("conversations/{display_id}/messages?{query}");
        let response = self.call_account(Method::Get, &path, None).await?;
        let page = decode_messages(&response).map_err(|_| ChatwootError::Unreadable)?;
        if let Some(error) = page.unreadable.first() {
            let count = page.unreadable.len();
            tracing::warn!(count, %error, "messages of a chat platform cannot be read");
        }
        Ok(Page {
            messages: page.messages,
            unreadable: page.unreadable.len(),
        })
    }
}

/// A list of messages.
struct Page {
    messages: Vec<Message>,
    /// How many more messages the list contained that cannot be read.
    unreadable: usize,
}

impl Page {
    fn len(&self) -> usize {
        self.messages.len() + self.unreadable
    }
}

/// An id that divides the range of a full list into two. Nearly all messages of the list are before it, because the list
/// of that part is then not full, unless the order of the ids is far from that of the times.
fn split(messages: &[Message]) -> Option<u64> {
    let mut ids: Vec<_> = messages.iter().map(|message| message.id).collect();
    ids.sort_unstable();
    ids.get(ids.len() * 9 / 10).copied()
}
