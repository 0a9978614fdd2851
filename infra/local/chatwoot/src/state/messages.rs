//! Creating and changing messages.

use serde_json::{Map, Value, json};

use crate::error::ActionError;
use crate::ids::{ConversationId, MessageId};
use crate::liquid::{self, Variables};
use crate::state::State;
use crate::state::events::change;
use crate::state::model::{
    Attachment, Message, MessageKind, NewAttachment, RuleEvent, Sender, Status,
};

/// A message to create.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) kind: MessageKind,
    pub(crate) is_private: bool,
    pub(crate) sender: Option<Sender>,
    pub(crate) content: Option<String>,
    pub(crate) content_type: String,
    pub(crate) attributes: Map<String, Value>,
    pub(crate) source_id: Option<String>,
    pub(crate) attachments: Vec<NewAttachment>,
}

impl Draft {
    pub(crate) fn new(kind: MessageKind, sender: Option<Sender>, content: &str) -> Self {
        Self {
            kind,
            is_private: false,
            sender,
            content: Some(content.to_owned()),
            content_type: "text".to_owned(),
            attributes: Map::new(),
            source_id: None,
            attachments: Vec::new(),
        }
    }
}

impl State {
    /// Creates a message with all of its consequences: the conversation is opened again, and
    /// events and rules are triggered.
    pub(crate) fn create_message(
        &mut self,
        id: ConversationId,
        draft: Draft,
    ) -> Result<MessageId, ActionError> {
        let kind = draft.kind;
        let message = self.store_message(id, draft)?;
        if kind == MessageKind::Incoming {
            self.reopen(id)?;
        }
        if kind == MessageKind::Activity {
            return Ok(message);
        }
        self.emit_message(id, message, "message_created");
        self.update_waiting(id, message)?;
        self.run_rules(id, RuleEvent::MessageCreated)?;
        Ok(message)
    }

    fn store_message(
        &mut self,
        id: ConversationId,
        draft: Draft,
    ) -> Result<MessageId, ActionError> {
        let now = self.now();
        let is_template = draft.kind == MessageKind::Outgoing;
        let content = match draft.content {
            Some(content) if is_template => {
                let variables = self.variables(id, draft.sender)?;
                Some(liquid::render(&content, &variables))
            }
            content => content,
        };
        self.conversation(id)?;
        let message_id = MessageId(self.next_id("message"));
        let attachments = draft.attachments.into_iter().map(|file| Attachment {
            id: self.next_id("attachment"),
            token: self.token(20),
            file,
        });
        let attachments = attachments.collect();
        let conversation = self.conversation_mut(id)?;
        conversation.last_activity_at = now;
        conversation.messages.push(Message {
            id: message_id,
            kind: draft.kind,
            is_private: draft.is_private,
            sender: draft.sender,
            content,
            content_type: draft.content_type,
            attributes: draft.attributes,
            source_id: draft.source_id,
            attachments,
            created_at: now,
            updated_at: now,
        });
        Ok(message_id)
    }

    /// A visitor's message opens a resolved or snoozed conversation, unless the visitor is blocked.
    fn reopen(&mut self, id: ConversationId) -> Result<(), ActionError> {
        let conversation = self.conversation(id)?;
        let is_closed = matches!(conversation.status, Status::Resolved | Status::Snoozed);
        if !is_closed || self.contact(conversation.contact)?.is_blocked {
            return Ok(());
        }
        let has_bot = self.inbox(conversation.inbox)?.bot.is_some();
        let is_for_bot = has_bot && conversation.status == Status::Resolved;
        let status = if is_for_bot {
            Status::Pending
        } else {
            Status::Open
        };
        self.set_status(id, status, None)
    }

    /// Sets or removes the time since which the visitor waits, which is an update of the
    /// conversation.
    fn update_waiting(
        &mut self,
        id: ConversationId,
        message: MessageId,
    ) -> Result<(), ActionError> {
        let now = self.now();
        let message = self.message(id, message)?;
        let is_from_visitor = message.kind == MessageKind::Incoming;
        let is_reply = message.kind == MessageKind::Outgoing
            && !message.is_private
            && message.sender.is_some();
        let is_by_agent = matches!(message.sender, Some(Sender::Agent(_)));
        let conversation = self.conversation_mut(id)?;
        let waited_since = conversation.waiting_since;
        let mut changes = Vec::new();
        if is_from_visitor && waited_since.is_none() {
            conversation.waiting_since = Some(now);
        } else if is_reply {
            conversation.waiting_since = None;
            if is_by_agent && conversation.first_reply_at.is_none() {
                conversation.first_reply_at = Some(now);
                changes.push(change("first_reply_created_at", Value::Null, json!(now)));
            }
        }
        let waits_since = conversation.waiting_since;
        if waited_since != waits_since {
            let waiting = change("waiting_since", json!(waited_since), json!(waits_since));
            changes.push(waiting);
        }
        if !changes.is_empty() {
            conversation.updated_at = now;
            self.emit_conversation(id, "conversation_updated", Some(json!(changes)));
        }
        Ok(())
    }

    fn variables(
        &self,
        id: ConversationId,
        sender: Option<Sender>,
    ) -> Result<Variables, ActionError> {
        let conversation = self.conversation(id)?;
        let contact = &self.contact(conversation.contact)?.profile;
        let mut variables = Variables::from([
            ("contact.name", contact.name.clone()),
            ("contact.email", contact.email.clone().unwrap_or_default()),
            ("contact.first_name", first_word(&contact.name)),
            ("conversation.display_id", id.display_id.to_string()),
            ("inbox.name", self.inbox(conversation.inbox)?.name.clone()),
        ]);
        if let Some(Sender::Agent(agent)) = sender {
            let agent = self.agent(agent)?;
            variables.insert("agent.name", agent.name.clone());
            variables.insert("agent.first_name", first_word(&agent.name));
            variables.insert("agent.email", agent.email.clone());
        }
        Ok(variables)
    }

    pub(crate) fn message(
        &self,
        id: ConversationId,
        message: MessageId,
    ) -> Result<&Message, ActionError> {
        let messages = &self.conversation(id)?.messages;
        let message = messages.iter().find(|it| it.id == message);
        message.ok_or(ActionError::NotFound)
    }

    /// Changes a message, which is a `message_updated`.
    pub(crate) fn update_message(
        &mut self,
        id: ConversationId,
        message: MessageId,
        change: impl FnOnce(&mut Message),
    ) -> Result<(), ActionError> {
        let now = self.now();
        let messages = &mut self.conversation_mut(id)?.messages;
        let record = messages.iter_mut().find(|it| it.id == message);
        let record = record.ok_or(ActionError::NotFound)?;
        change(record);
        record.updated_at = now;
        if record.kind != MessageKind::Activity {
            self.emit_message(id, message, "message_updated");
        }
        Ok(())
    }
}

fn first_word(text: &str) -> String {
    text.split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned()
}
