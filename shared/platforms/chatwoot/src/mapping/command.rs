use domain::{Agent, ConversationId, MessageId};
use serde::Serialize;

use crate::connection::Connection;
use crate::mapping::conversation;
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
    /// `/read-conversation`: read the whole conversation from the server.
    ReadConversation,
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
    /// [`Agent::automatic`].
    pub agent: Agent,
}

/// The conversation that a rule or a macro sent to an action URL. Returns `None` if it belongs to another
/// account. The call is not signed, so nothing else in it is used.
pub fn map_action(connection: &Connection, conversation: &Conversation) -> Option<ConversationId> {
    conversation::conversation_id(connection, conversation)
}

fn assignee_or_automatic(conversation: &Conversation) -> Agent {
    let assignee = match &conversation.assignee {
        Member::Some(Assignee::User { id, name }) => agent(*id, name.as_deref()),
        _ => None,
    };
    assignee.unwrap_or_else(|| Agent::automatic(None))
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
        "/read-conversation" => CommandKind::ReadConversation,
        _ => return None,
    };
    let sender = message.sender.as_ref();
    let sender = sender.filter(|sender| sender.kind == SenderKind::User);
    let sender = sender.and_then(|sender| agent(sender.id?, sender.name.as_deref()));
    Some(Command {
        kind,
        conversation_id: conversation_id.clone(),
        message_id: message_id.clone(),
        agent: sender.unwrap_or_else(|| assignee_or_automatic(conversation)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::examples::{created, read as read_by_api, updated};
    use domain::AgentId;
    use serde_json::{Value, json};

    fn note(content: &str) -> Value {
        json!({"content": content, "private": true})
    }

    #[test]
    fn a_private_note_with_only_a_command_is_one() {
        for (content, kind) in [
            ("/ask-rating", CommandKind::AskRating),
            (" /ask-rating\n", CommandKind::AskRating),
            ("<p>/ask-rating</p>\n", CommandKind::AskRating),
            ("/send-transcript", CommandKind::SendTranscript),
            ("/read-conversation", CommandKind::ReadConversation),
        ] {
            let command = created(note(content)).command.unwrap();
            assert_eq!(command.kind, kind, "{content:?}");
            assert_eq!(command.message_id.as_str(), "3001");
            assert_eq!(command.agent.id.as_str(), "7");
        }
        for content in [
            "",
            "/Ask-Rating",
            "/ask-rating please",
            "/ask-rating\n/send-transcript",
            "/send-transcript ana@example.com",
            "ask-rating",
        ] {
            assert_eq!(created(note(content)).command, None, "{content:?}");
        }
    }

    #[test]
    fn a_public_or_incoming_or_deleted_or_own_message_is_no_command() {
        for members in [
            json!({"private": false}),
            json!({"message_type": "incoming"}),
            json!({"content_attributes": {"deleted": true}}),
            json!({"content_attributes": {"afterchat": "x"}}),
            json!({"sender": {"id": 9, "type": "agent_bot"}}),
        ] {
            let mut note = note("/ask-rating");
            let members = members.as_object().unwrap().clone();
            note.as_object_mut().unwrap().extend(members);
            assert_eq!(created(note.clone()).command, None, "{note}");
        }
    }

    #[test]
    fn an_edit_and_a_note_that_is_read_are_no_command() {
        let edited = updated(note("/ask-rating"));
        assert_eq!(edited.command, None);
        assert!(edited.read_back.is_some());
        let read = read_by_api(note("/ask-rating"));
        assert_eq!(read.bodies[0].messages[0].text.as_str(), "/ask-rating");
    }

    #[test]
    fn without_a_person_as_sender_the_assignee_is_the_agent_or_else_nobody() {
        let by = |members: Value| {
            let mut note = note("/ask-rating");
            let members = members.as_object().unwrap().clone();
            note.as_object_mut().unwrap().extend(members);
            created(note).command.unwrap().agent.id
        };
        assert_eq!(by(json!({"sender": null})).as_str(), "8");
        let bot = json!({"id": 3, "name": "Helper", "type": "agent_bot"});
        assert_eq!(by(json!({"sender": bot})).as_str(), "8");
        for meta in [
            json!({"assignee": null}),
            json!({}),
            json!({"assignee": bot}),
            json!({"assignee": {"id": 3, "name": "Helper"}, "assignee_type": "AgentBot"}),
        ] {
            let conversation = json!({"id": 118, "meta": meta});
            let agent = by(json!({"sender": null, "conversation": conversation}));
            assert_eq!(agent, AgentId::automatic(), "{conversation}");
        }
    }
}
