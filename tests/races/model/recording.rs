//! Conversations and messages as the chat platform records them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::commands::CommandNumber;
use crate::commands::{Chat, MessageName, RecordConversation, Status, Visibility};
use crate::model::{Conversation, Message, Model, Refusal, Response};

impl Model {
    /// Records a conversation. Absent members keep their values. If the conversation is reopened, an
    /// unanswered request is withdrawn.
    pub fn record_conversation(
        &mut self,
        number: CommandNumber,
        now: Timestamp,
        command: &RecordConversation,
    ) -> Response {
        if let Some(conversation) = self.conversations.get_mut(&command.chat) {
            conversation.channel = command.channel.unwrap_or(conversation.channel);
            let is_reopened =
                conversation.status == Status::Resolved && command.status == Some(Status::Open);
            conversation.is_withdrawn |= is_reopened
                && conversation.current.is_some()
                && conversation.current_rating().is_none();
            conversation.status = command.status.unwrap_or(conversation.status);
            conversation.has_visitor_email |= command.sets_visitor_email;
            conversation.updated_at = now;
            if command.renews_token {
                conversation.visitor_token = number;
            }
            return Response::ConversationRecorded { is_new: false };
        }
        let Some(channel) = command.channel else {
            return Response::Refused(Refusal::ChannelRequired);
        };
        let conversation = Conversation {
            channel,
            status: command.status.unwrap_or(Status::Open),
            has_visitor_email: command.sets_visitor_email,
            recorded_at: now,
            updated_at: now,
            visitor_token: number,
            cooldowns: BTreeMap::new(),
            requests: BTreeMap::new(),
            current: None,
            is_withdrawn: false,
            rated: None,
            messages: BTreeMap::new(),
            events: BTreeMap::new(),
            transcripts: BTreeMap::new(),
        };
        self.conversations.insert(command.chat, conversation);
        Response::ConversationRecorded { is_new: true }
    }

    /// Records one message. A private message never becomes public again.
    pub fn record_message(&mut self, chat: Chat, name: MessageName, message: Message) {
        let Some(conversation) = self.conversations.get_mut(&chat) else {
            return;
        };
        let existing = conversation.messages.get(&name);
        let is_private =
            existing.is_some_and(|existing| existing.visibility == Visibility::Private);
        if message.visibility == Visibility::Private || !is_private {
            conversation.messages.insert(name, message);
        }
    }
}
