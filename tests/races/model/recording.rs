//! Conversations and messages as the chat platform records them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::commands::CommandNumber;
use crate::commands::{Channel, Chat, MessageName, RecordConversation, Status, Visibility};
use crate::model::{BusEvent, Conversation, Message, Model, Refusal, Response, Round};

impl Model {
    /// Records a conversation. Absent members keep their values. A round begins if the conversation
    /// becomes resolved, and ends if it is reopened. Then an unanswered request is withdrawn.
    pub fn record_conversation(
        &mut self,
        number: CommandNumber,
        now: Timestamp,
        command: &RecordConversation,
    ) -> Response {
        let chat = command.chat;
        let was_resolved = self
            .conversations
            .get(&chat)
            .is_some_and(|conversation| conversation.status == Status::Resolved);
        let is_new = !self.conversations.contains_key(&chat);
        if is_new {
            let Some(channel) = command.channel else {
                return Response::Refused(Refusal::ChannelRequired);
            };
            self.conversations
                .insert(chat, Conversation::new(channel, number, now));
        }
        let conversation = self.conversations.get_mut(&chat).unwrap();
        conversation.channel = command.channel.unwrap_or(conversation.channel);
        conversation.status = command.status.unwrap_or(conversation.status);
        conversation.assignee = command.assignee.or(conversation.assignee);
        conversation.has_visitor_email |= command.sets_visitor_email;
        conversation.updated_at = now;
        if command.renews_token {
            conversation.visitor_token = number;
        }
        match (was_resolved, conversation.status) {
            (false, Status::Resolved) => {
                conversation.round = Some(number);
                let round = Round { chat, number };
                self.publish(BusEvent::Resolved { round, at: now });
            }
            (true, Status::Open) => {
                conversation.round = None;
                conversation.is_withdrawn |=
                    conversation.current.is_some() && conversation.current_rating().is_none();
            }
            _ => {}
        }
        Response::ConversationRecorded { chat, is_new }
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

impl Conversation {
    /// An open conversation, first recorded at `now` by the command `number`.
    fn new(channel: Channel, number: CommandNumber, now: Timestamp) -> Self {
        Self {
            channel,
            status: Status::Open,
            assignee: None,
            round: None,
            asked_in_round: None,
            has_visitor_email: false,
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
            visitor_transcripts: Vec::new(),
        }
    }
}
