//! What agents do.

use domain::Timestamp;
use serde_json::{Map, json};

use crate::error::ActionError;
use crate::hooks::Subject;
use crate::ids::{AgentId, BotId, ContactId, ConversationId, InboxId, MacroId, MessageId, TeamId};
use crate::server::Chatwoot;
use crate::state::State;
use crate::state::events::changed;
use crate::state::messages::Draft;
use crate::state::model::{Assignee, MessageKind, Sender, Status};
use crate::state::rules::assignee_id;

impl State {
    /// The text as the editor of the dashboard stores it.
    fn typed(&self, text: &str) -> String {
        if self.options.editor_writes_backslashes {
            text.replace('\n', "\\\n")
        } else {
            text.to_owned()
        }
    }

    /// An agent writes a message or a private note.
    pub(crate) fn agent_message(
        &mut self,
        conversation: ConversationId,
        agent: AgentId,
        text: &str,
        is_private: bool,
    ) -> Result<MessageId, ActionError> {
        self.check_agent(agent, conversation)?;
        let sender = Some(Sender::Agent(agent));
        let text = self.typed(text);
        let draft = Draft {
            is_private,
            ..Draft::new(MessageKind::Outgoing, sender, &text)
        };
        self.create_message(conversation, draft)
    }
}

impl Chatwoot {
    /// An agent writes to the visitor.
    ///
    /// # Errors
    /// If a record does not exist or the agent does not have the inbox.
    pub fn agent_writes(
        &self,
        conversation: ConversationId,
        agent: AgentId,
        text: &str,
    ) -> Result<MessageId, ActionError> {
        self.state().agent_message(conversation, agent, text, false)
    }

    /// An agent writes a private note.
    ///
    /// # Errors
    /// If a record does not exist or the agent does not have the inbox.
    pub fn agent_notes(
        &self,
        conversation: ConversationId,
        agent: AgentId,
        text: &str,
    ) -> Result<MessageId, ActionError> {
        self.state().agent_message(conversation, agent, text, true)
    }

    /// A bot writes to the visitor.
    ///
    /// # Errors
    /// If the conversation does not exist.
    pub fn bot_writes(
        &self,
        conversation: ConversationId,
        bot: BotId,
        text: &str,
    ) -> Result<MessageId, ActionError> {
        let sender = Some(Sender::Bot(bot));
        let draft = Draft::new(MessageKind::Outgoing, sender, text);
        self.state().create_message(conversation, draft)
    }

    /// The server writes to the visitor, such as a greeting.
    ///
    /// # Errors
    /// If the conversation does not exist.
    pub fn server_writes(
        &self,
        conversation: ConversationId,
        text: &str,
    ) -> Result<MessageId, ActionError> {
        let draft = Draft::new(MessageKind::Template, None, text);
        self.state().create_message(conversation, draft)
    }

    /// Replaces the content of a message.
    ///
    /// # Errors
    /// If the message does not exist.
    pub fn edit_message(
        &self,
        conversation: ConversationId,
        message: MessageId,
        text: &str,
    ) -> Result<(), ActionError> {
        self.state()
            .update_message(conversation, message, |message| {
                message.content = Some(text.to_owned());
            })
    }

    /// Deletes a message: a sentence replaces its content, and its attributes and files are
    /// removed.
    ///
    /// # Errors
    /// If the message does not exist.
    pub fn delete_message(
        &self,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<(), ActionError> {
        let mut state = self.state();
        let text = state.options.deletion_text.clone();
        state.update_message(conversation, message, |message| {
            message.content = Some(text);
            "text".clone_into(&mut message.content_type);
            message.attributes = Map::from_iter([("deleted".to_owned(), json!(true))]);
            message.attachments.clear();
        })
    }

    /// Sets the time at which a message was created, which imports and parallel transactions can
    /// cause to be earlier than that of a message with a smaller id. Causes no event.
    ///
    /// # Errors
    /// If the message does not exist.
    pub fn backdate_message(
        &self,
        conversation: ConversationId,
        message: MessageId,
        created_at: Timestamp,
    ) -> Result<(), ActionError> {
        let mut state = self.state();
        let messages = &mut state.conversation_mut(conversation)?.messages;
        let message = messages.iter_mut().find(|it| it.id == message);
        message.ok_or(ActionError::NotFound)?.created_at = created_at;
        Ok(())
    }

    /// Assigns a conversation, or removes the assignee.
    ///
    /// # Errors
    /// If the conversation does not exist.
    pub fn assign(
        &self,
        conversation: ConversationId,
        assignee: Option<Assignee>,
    ) -> Result<(), ActionError> {
        let mut state = self.state();
        let now = state.now();
        let record = state.conversation_mut(conversation)?;
        let previous = std::mem::replace(&mut record.assignee, assignee);
        if previous != assignee {
            record.updated_at = now;
            let changes = changed("assignee_id", assignee_id(previous), assignee_id(assignee));
            state.emit_conversation(conversation, "conversation_updated", Some(changes));
        }
        Ok(())
    }

    /// Sets or removes the team.
    ///
    /// # Errors
    /// If the conversation does not exist.
    pub fn set_team(
        &self,
        conversation: ConversationId,
        team: Option<TeamId>,
    ) -> Result<(), ActionError> {
        self.state()
            .update_conversation(conversation, "team_id", |record| {
                let previous = std::mem::replace(&mut record.team, team);
                (json!(previous.map(|it| it.0)), json!(team.map(|it| it.0)))
            })
    }

    /// Replaces the labels. One change causes two equal `conversation_updated`.
    ///
    /// # Errors
    /// If the conversation does not exist.
    pub fn set_labels(
        &self,
        conversation: ConversationId,
        labels: &[&str],
    ) -> Result<(), ActionError> {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        self.state().set_labels(conversation, labels)
    }

    /// Changes the status: resolves, opens, snoozes or gives the conversation to a bot.
    ///
    /// # Errors
    /// If the conversation or the agent does not exist.
    pub fn set_status(
        &self,
        conversation: ConversationId,
        agent: AgentId,
        status: Status,
    ) -> Result<(), ActionError> {
        self.state().set_status(conversation, status, Some(agent))
    }

    /// Blocks or unblocks a contact, which is a `contact_updated`.
    ///
    /// # Errors
    /// If the contact does not exist.
    pub fn set_blocked(&self, contact: ContactId, is_blocked: bool) -> Result<(), ActionError> {
        let mut state = self.state();
        let record = state.contacts.get_mut(&contact);
        let record = record.ok_or(ActionError::NotFound)?;
        let previous = std::mem::replace(&mut record.is_blocked, is_blocked);
        let account = record.account;
        if previous != is_blocked {
            let changes = changed("blocked", json!(previous), json!(is_blocked));
            let subject = Subject::Contact(contact);
            state.emit(account, "contact_updated", subject, Some(changes));
        }
        Ok(())
    }

    /// Sets the address of a contact, which is a `contact_updated`.
    ///
    /// # Errors
    /// If the contact does not exist.
    pub fn set_contact_email(&self, contact: ContactId, email: &str) -> Result<(), ActionError> {
        let mut state = self.state();
        let record = state.contacts.get_mut(&contact);
        let record = record.ok_or(ActionError::NotFound)?;
        let previous = record.profile.email.replace(email.to_owned());
        let account = record.account;
        let changes = changed("email", json!(previous), json!(email));
        let subject = Subject::Contact(contact);
        state.emit(account, "contact_updated", subject, Some(changes));
        Ok(())
    }

    /// Executes a macro as an agent.
    ///
    /// # Errors
    /// If a record does not exist or the agent does not have the inbox.
    pub fn run_macro(
        &self,
        conversation: ConversationId,
        agent: AgentId,
        macro_id: MacroId,
    ) -> Result<(), ActionError> {
        let mut state = self.state();
        state.check_agent(agent, conversation)?;
        let mut macros = state.macros.iter();
        let found = macros.find(|it| it.id == macro_id && it.account == conversation.account);
        let actions = found.ok_or(ActionError::NotFound)?.actions.clone();
        state.run_macro(conversation, &actions, agent)
    }

    /// An agent begins to type, which is a `conversation_typing_on`.
    pub fn agent_types(&self, conversation: ConversationId, agent: AgentId) {
        let subject = Subject::Typing {
            conversation,
            agent,
        };
        let account = conversation.account;
        let mut state = self.state();
        state.emit(account, "conversation_typing_on", subject, None);
    }

    /// Deletes a conversation. Causes no event, and hooks about it that are pending are not sent.
    pub fn delete_conversation(&self, conversation: ConversationId) {
        self.state().conversations.remove(&conversation);
    }

    /// Turns Chatwoot's own survey on or off.
    ///
    /// # Errors
    /// If the inbox does not exist.
    pub fn set_csat(&self, inbox: InboxId, has_csat: bool) -> Result<(), ActionError> {
        let mut state = self.state();
        let inbox = state.inboxes.get_mut(&inbox).ok_or(ActionError::NotFound)?;
        inbox.has_csat = has_csat;
        Ok(())
    }
}
