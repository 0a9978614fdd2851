use domain::{Message, MessageId, Timestamp, Visibility};

/// A message to record, or a version of a message that is recorded already.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The id of the message.
    pub id: MessageId,
    /// When it was sent. Together with the id, it identifies the message.
    pub sent_at: Timestamp,
    /// Who may see it.
    pub visibility: Visibility,
    /// The author, the text and the attachments.
    pub content: Message,
    /// The platform's own time of this version.
    pub as_of: Option<Timestamp>,
}
