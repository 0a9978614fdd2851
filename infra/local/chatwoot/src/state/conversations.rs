//! Creating and changing conversations.

use serde_json::{Value, json};

use crate::error::ActionError;
use crate::ids::{AgentId, ContactId, ConversationId, InboxId, MessageId};
use crate::state::State;
use crate::state::events::changed;
use crate::state::messages::Draft;
use crate::state::model::{Conversation, MessageKind, RuleEvent, Sender, Status};

impl State {
    /// Creates a conversation with its first message, if there is one.
    ///
    /// A bot's conversation is created as pending, and a blocked contact's as resolved. In both
    /// cases there are also the events of a change of the status.
    pub(crate) fn start_conversation(
        &mut self,
        contact: ContactId,
        inbox: InboxId,
        first: Option<Draft>,
    ) -> Result<(ConversationId, Option<MessageId>), ActionError> {
        let account = self.contact(contact)?.account;
        let inbox_record = self.inbox(inbox)?;
        if inbox_record.account != account {
            return Err(ActionError::NotFound);
        }
        let status = if self.contact(contact)?.is_blocked {
            Status::Resolved
        } else if inbox_record.bot.is_some() {
            Status::Pending
        } else {
            Status::Open
        };
        let id = self.insert_conversation(contact, inbox, status)?;
        self.emit_conversation(id, "conversation_created", None);
        self.run_rules(id, RuleEvent::ConversationCreated)?;
        let message = first
            .map(|draft| self.create_message(id, draft))
            .transpose()?;
        if status != Status::Open {
            self.emit_conversation(id, "conversation_status_changed", None);
            let changes = changed("id", Value::Null, json!(id.display_id));
            self.emit_conversation(id, "conversation_updated", Some(changes));
        }
        Ok((id, message))
    }

    fn insert_conversation(
        &mut self,
        contact: ContactId,
        inbox: InboxId,
        status: Status,
    ) -> Result<ConversationId, ActionError> {
        let now = self.now();
        let account = self.contact(contact)?.account;
        let record = self.accounts.get_mut(&account);
        let record = record.ok_or(ActionError::NotFound)?;
        let display_id = record.next_display_id;
        record.next_display_id += 1;
        let id = ConversationId {
            account,
            display_id,
        };
        let conversation = Conversation {
            id,
            uuid: self.uuid(),
            inbox,
            contact,
            source_id: self.uuid(),
            pubsub_token: self.token(12),
            status,
            assignee: None,
            team: None,
            labels: Vec::new(),
            snoozed_until: None,
            waiting_since: Some(now),
            first_reply_at: None,
            created_at: now,
            updated_at: now,
            last_activity_at: now,
            messages: Vec::new(),
        };
        self.conversations.insert(id, conversation);
        if let Some(contact) = self.contacts.get_mut(&contact) {
            contact.inboxes.insert(inbox);
        }
        Ok(id)
    }

    /// Changes a conversation, which is a `conversation_updated`.
    pub(crate) fn update_conversation(
        &mut self,
        id: ConversationId,
        attribute: &str,
        change: impl FnOnce(&mut Conversation) -> (Value, Value),
    ) -> Result<(), ActionError> {
        let now = self.now();
        let conversation = self.conversation_mut(id)?;
        let (previous, current) = change(conversation);
        if previous != current {
            conversation.updated_at = now;
            let changes = changed(attribute, previous, current);
            self.emit_conversation(id, "conversation_updated", Some(changes));
        }
        Ok(())
    }

    /// Adds labels. One change causes two equal events.
    pub(crate) fn set_labels(
        &mut self,
        id: ConversationId,
        labels: Vec<String>,
    ) -> Result<(), ActionError> {
        let before = self.conversation(id)?.labels.clone();
        self.update_conversation(id, "label_list", |conversation| {
            conversation.labels.clone_from(&labels);
            (json!(before), json!(labels))
        })?;
        if before != labels {
            let changes = changed("label_list", json!(before), json!(labels));
            self.emit_conversation(id, "conversation_updated", Some(changes));
        }
        Ok(())
    }

    /// Changes the status. Without an agent, the server itself or a rule changes it.
    pub(crate) fn set_status(
        &mut self,
        id: ConversationId,
        status: Status,
        agent: Option<AgentId>,
    ) -> Result<(), ActionError> {
        let previous = self.conversation(id)?.status;
        if previous == status {
            return Ok(());
        }
        self.conversation_mut(id)?.status = status;
        self.emit_conversation(id, "conversation_status_changed", None);
        self.update_conversation(id, "status", |conversation| {
            if status == Status::Resolved {
                conversation.waiting_since = None;
            }
            if status != Status::Snoozed {
                conversation.snoozed_until = None;
            }
            (json!(previous.as_str()), json!(status.as_str()))
        })?;
        if let Some(agent) = agent {
            let name = self.agent(agent)?.name.clone();
            let text = format!("Conversation was marked {} by {name}", status.as_str());
            self.create_message(id, Draft::new(MessageKind::Activity, None, &text))?;
        }
        match status {
            Status::Resolved => {
                self.ask_csat(id)?;
                self.run_rules(id, RuleEvent::ConversationResolved)
            }
            Status::Open => self.run_rules(id, RuleEvent::ConversationOpened),
            Status::Pending | Status::Snoozed => Ok(()),
        }
    }

    /// Removes an agent. Messages and conversations of the agent remain, without the agent.
    pub(crate) fn remove_agent(&mut self, agent: AgentId) {
        use crate::state::model::Assignee;
        self.agents.remove(&agent);
        for inbox in self.inboxes.values_mut() {
            inbox.members.remove(&agent);
        }
        for conversation in self.conversations.values_mut() {
            if conversation.assignee == Some(Assignee::Agent(agent)) {
                conversation.assignee = None;
            }
            for message in &mut conversation.messages {
                if message.sender == Some(Sender::Agent(agent)) {
                    message.sender = None;
                }
            }
        }
    }
}
