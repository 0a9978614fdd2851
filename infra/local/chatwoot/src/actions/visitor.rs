//! What visitors do.

use serde_json::{Value, json};

use crate::error::ActionError;
use crate::hooks::Subject;
use crate::ids::{ContactId, ConversationId, InboxId, MessageId};
use crate::server::Chatwoot;
use crate::state::State;
use crate::state::messages::Draft;
use crate::state::model::{Message, MessageKind, NewAttachment, Sender};

/// The channel whose visitors can answer prompts.
const WIDGET: &str = "Channel::WebWidget";

fn incoming(contact: ContactId, text: &str) -> Draft {
    Draft::new(MessageKind::Incoming, Some(Sender::Contact(contact)), text)
}

impl State {
    /// The message, if the visitor may answer it.
    fn answerable(
        &self,
        visitor: ContactId,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<&Message, ActionError> {
        let record = self.conversation(conversation)?;
        let is_own = record.contact == visitor;
        let is_of_inbox = self.contact(visitor)?.inboxes.contains(&record.inbox);
        let any_visitor = self.options.version.any_visitor_can_answer;
        let is_allowed = is_own || (any_visitor && is_of_inbox);
        if !is_allowed {
            return Err(ActionError::Forbidden);
        }
        self.message(conversation, message)
    }

    pub(crate) fn visitor_writes(
        &mut self,
        conversation: ConversationId,
        text: &str,
    ) -> Result<MessageId, ActionError> {
        let visitor = self.conversation(conversation)?.contact;
        self.create_message(conversation, incoming(visitor, text))
    }

    pub(crate) fn answer_prompt(
        &mut self,
        visitor: ContactId,
        conversation: ConversationId,
        prompt: MessageId,
        value: &str,
    ) -> Result<(), ActionError> {
        let message = self.answerable(visitor, conversation, prompt)?;
        let items = message.attributes.get("items").and_then(Value::as_array);
        let is_chosen = |item: &&Value| item.get("value").and_then(Value::as_str) == Some(value);
        let item = items.and_then(|items| items.iter().find(is_chosen));
        let item = item.cloned().ok_or(ActionError::NotFound)?;
        let inbox = self.conversation(conversation)?.inbox;
        if self.inbox(inbox)?.channel != WIDGET {
            let title = item.get("title").and_then(Value::as_str);
            let draft = incoming(visitor, title.unwrap_or(value));
            return self.create_message(conversation, draft).map(|_| ());
        }
        self.update_message(conversation, prompt, |message| {
            message
                .attributes
                .insert("submitted_values".to_owned(), json!([item]));
        })
    }
}

impl Chatwoot {
    /// Opens the widget, which is a `webwidget_triggered`.
    ///
    /// # Errors
    /// If the contact does not exist.
    pub fn open_widget(&self, visitor: ContactId, inbox: InboxId) -> Result<(), ActionError> {
        let mut state = self.state();
        let contact = state.contacts.get_mut(&visitor);
        let contact = contact.ok_or(ActionError::NotFound)?;
        contact.inboxes.insert(inbox);
        let account = contact.account;
        let subject = Subject::Widget(visitor, inbox);
        state.emit(account, "webwidget_triggered", subject, None);
        Ok(())
    }

    /// Starts a conversation with a message of the visitor.
    ///
    /// # Errors
    /// If the contact or the inbox does not exist.
    pub fn start_conversation(
        &self,
        visitor: ContactId,
        inbox: InboxId,
        text: &str,
    ) -> Result<(ConversationId, MessageId), ActionError> {
        let first = Some(incoming(visitor, text));
        let (conversation, message) = self.state().start_conversation(visitor, inbox, first)?;
        Ok((conversation, message.ok_or(ActionError::NotFound)?))
    }

    /// Starts a conversation without a message. Hooks that are built now have no messages.
    ///
    /// # Errors
    /// If the contact or the inbox does not exist.
    pub fn start_empty_conversation(
        &self,
        visitor: ContactId,
        inbox: InboxId,
    ) -> Result<ConversationId, ActionError> {
        let started = self.state().start_conversation(visitor, inbox, None);
        started.map(|(conversation, _)| conversation)
    }

    /// The visitor of the conversation writes.
    ///
    /// # Errors
    /// If the conversation does not exist.
    pub fn visitor_writes(
        &self,
        conversation: ConversationId,
        text: &str,
    ) -> Result<MessageId, ActionError> {
        self.state().visitor_writes(conversation, text)
    }

    /// The visitor of the conversation sends files. Without a text, the content is null.
    ///
    /// # Errors
    /// If the conversation does not exist.
    pub fn visitor_sends_files(
        &self,
        conversation: ConversationId,
        text: Option<&str>,
        files: Vec<NewAttachment>,
    ) -> Result<MessageId, ActionError> {
        let mut state = self.state();
        let visitor = state.conversation(conversation)?.contact;
        let draft = Draft {
            content: text.map(ToOwned::to_owned),
            attachments: files,
            ..incoming(visitor, "")
        };
        state.create_message(conversation, draft)
    }

    /// A visitor answers a prompt (`input_select`) with the value of one of its items. The answer
    /// can be given again. On channels other than the widget, the answer is a new message.
    ///
    /// # Errors
    /// If the message or the item does not exist, or the visitor may not answer: since 4.14.0, only
    /// the visitor of the conversation may.
    pub fn answer_prompt(
        &self,
        visitor: ContactId,
        conversation: ConversationId,
        prompt: MessageId,
        value: &str,
    ) -> Result<(), ActionError> {
        let mut state = self.state();
        state.answer_prompt(visitor, conversation, prompt, value)
    }

    /// A visitor answers a survey (`input_csat`). The rating and the comment are two updates.
    ///
    /// # Errors
    /// As [`Self::answer_prompt`].
    pub fn answer_survey(
        &self,
        visitor: ContactId,
        conversation: ConversationId,
        survey: MessageId,
        rating: u8,
        comment: Option<&str>,
    ) -> Result<(), ActionError> {
        let mut state = self.state();
        let message = state.answerable(visitor, conversation, survey)?;
        if message.content_type != "input_csat" {
            return Err(ActionError::NotFound);
        }
        for comment in [None, comment]
            .into_iter()
            .take(1 + usize::from(comment.is_some()))
        {
            let response = json!({"rating": rating, "feedback_message": comment});
            let values = json!({"csat_survey_response": response});
            state.update_message(conversation, survey, |message| {
                message
                    .attributes
                    .insert("submitted_values".to_owned(), values);
            })?;
        }
        Ok(())
    }
}
