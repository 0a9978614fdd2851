use domain::{Agent, AgentId, ConversationId, MessageId};
use serde::Serialize;

use crate::mapping::names::agent;
use crate::mapping::text::content_text;
use crate::payload::{Assignee, Conversation, Member, Message, MessageType, SenderKind};

/// What a private note can order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandKind {
    /// `/ask-rating`: ask the visitor for a rating.
    AskRating,
    /// `/send-transcript`: send the visitor a transcript.
    SendTranscript,
}

/// A command of an agent, a macro or an automation rule.
///
/// An event can be delivered twice, so the command must be executed once per `message_id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Command {
    /// What to do.
    pub kind: CommandKind,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The note.
    pub message_id: MessageId,
    /// The sender of the note. If no person sent it, the assignee, or else
    /// [`AgentId::automatic`].
    pub agent: Agent,
}

/// The command in a private note that was just created.
///
/// The note must consist of the command only. A note with more text, such as a question about the
/// command, is an ordinary note.
pub(super) fn read(
    message: &Message,
    conversation: &Conversation,
    conversation_id: &ConversationId,
    message_id: &MessageId,
) -> Option<Command> {
    let is_note = message.is_private
        && message.message_type == MessageType::Outgoing
        && !message.attributes.is_deleted;
    let text = is_note.then(|| content_text(message))?;
    let kind = match text.trim() {
        "/ask-rating" => CommandKind::AskRating,
        "/send-transcript" => CommandKind::SendTranscript,
        _ => return None,
    };
    let sender = message.sender.as_ref();
    let sender = sender.filter(|sender| sender.kind == SenderKind::User);
    let sender = sender.and_then(|sender| agent(sender.id?, sender.name.as_deref()));
    let assignee = || match &conversation.assignee {
        Member::Some(Assignee::User { id, name }) => agent(*id, name.as_deref()),
        _ => None,
    };
    let automatic = || Agent {
        id: AgentId::automatic(),
        name: None,
    };
    Some(Command {
        kind,
        conversation_id: conversation_id.clone(),
        message_id: message_id.clone(),
        agent: sender.or_else(assignee).unwrap_or_else(automatic),
    })
}
