//! Chatwoot's own survey of satisfaction (CSAT).

use serde_json::json;

use crate::error::ActionError;
use crate::ids::ConversationId;
use crate::state::State;
use crate::state::messages::Draft;
use crate::state::model::{Assignee, MessageKind};

impl State {
    /// Asks for a rating if the inbox has the survey on and the conversation has no survey yet,
    /// including one that was posted through the API.
    pub(crate) fn ask_csat(&mut self, id: ConversationId) -> Result<(), ActionError> {
        let conversation = self.conversation(id)?;
        let is_on = self.inbox(conversation.inbox)?.has_csat;
        let mut messages = conversation.messages.iter();
        if !is_on || messages.any(|message| message.content_type == "input_csat") {
            return Ok(());
        }
        let agent = match conversation.assignee {
            Some(Assignee::Agent(agent)) => Some(agent.0),
            _ => None,
        };
        let attributes = json!({"display_type": "emoji", "assigned_agent_id": agent});
        let mut draft = Draft::new(MessageKind::Template, None, "Please rate the conversation");
        draft.content_type = "input_csat".to_owned();
        draft.attributes = attributes.as_object().cloned().unwrap_or_default();
        self.create_message(id, draft).map(|_| ())
    }
}
