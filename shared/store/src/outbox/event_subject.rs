use domain::{Agent, ConversationId, OrganisationId, RatingRequestId, TranscriptId};
use serde::Serialize;

/// The resources that an outbox event is about. It is the item's attribute `subject` and never
/// changes.
#[derive(Clone, Debug, Serialize)]
pub struct EventSubject {
    organisation: OrganisationId,
    conversation_id: ConversationId,
    agent_id: String,
    agent_name: String,
    rating_request_id: String,
    transcript_id: String,
}

impl EventSubject {
    /// The subject of a rating request that `agent` created.
    pub fn rating_request(
        organisation: &OrganisationId,
        conversation: &ConversationId,
        agent: &Agent,
        request: &RatingRequestId,
    ) -> Self {
        Self {
            rating_request_id: request.to_string(),
            ..Self::new(organisation, conversation, agent)
        }
    }

    /// The subject of a conversation that was resolved or opened again. It has no agent, because the
    /// write does not read the assignee.
    pub fn conversation(organisation: &OrganisationId, conversation: &ConversationId) -> Self {
        Self {
            organisation: organisation.clone(),
            conversation_id: conversation.clone(),
            agent_id: String::new(),
            agent_name: String::new(),
            rating_request_id: String::new(),
            transcript_id: String::new(),
        }
    }

    /// The subject of a transcript that `agent` requested.
    pub fn transcript(
        organisation: &OrganisationId,
        conversation: &ConversationId,
        agent: &Agent,
        transcript: &TranscriptId,
    ) -> Self {
        Self {
            transcript_id: transcript.to_string(),
            ..Self::new(organisation, conversation, agent)
        }
    }

    fn new(organisation: &OrganisationId, conversation: &ConversationId, agent: &Agent) -> Self {
        let name = agent.name.as_ref();
        Self {
            organisation: organisation.clone(),
            conversation_id: conversation.clone(),
            agent_id: agent.id.to_string(),
            agent_name: name.map(ToString::to_string).unwrap_or_default(),
            rating_request_id: String::new(),
            transcript_id: String::new(),
        }
    }
}
