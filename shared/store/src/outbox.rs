//! The transactional outbox: the attributes that turn a write into an event outside the stack.
//!
//! A write that publishes an event carries an [`OutboxEvent`]. The pipe in `infra/template.yaml`
//! reads the table's stream and builds the event with its input template alone. A template can
//! neither leave out an absent attribute nor split a key. So every member of [`EventSubject`] and
//! [`OutboxEvent`] is a string that is always present. It is empty if the event type does not use
//! it.

use domain::{
    Agent, ConversationId, Entry, EntryContent, EntryId, Event, OrganisationId, RatingRequestId,
    RatingValue, Sentiment, Timestamp, TranscriptId,
};
use serde::Serialize;

/// The types of events that the stack publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum OutboxEventType {
    #[serde(rename = "rating.requested")]
    RatingRequested,
    #[serde(rename = "rating.submitted")]
    RatingSubmitted,
    #[serde(rename = "rating.changed")]
    RatingChanged,
    #[serde(rename = "transcript.sent")]
    TranscriptSent,
    #[serde(rename = "transcript.delivered")]
    TranscriptDelivered,
    #[serde(rename = "transcript.bounced")]
    TranscriptBounced,
    #[serde(rename = "transcript.complained")]
    TranscriptComplained,
}

/// The event that a write publishes. It is the item's attribute `announcement` and part of the same
/// write.
#[derive(Clone, Debug, Serialize)]
pub struct OutboxEvent {
    #[serde(rename = "type")]
    kind: OutboxEventType,
    /// The same in every delivery of the event, because the pipe may publish one write more than
    /// once.
    id: EntryId,
    at: Timestamp,
    score: String,
    previous_score: String,
    #[serde(serialize_with = "empty_if_none")]
    sentiment: Option<Sentiment>,
    comment: String,
    reason: String,
}

impl OutboxEvent {
    /// The outbox event of an entry of a thread, or `None` if the entry is a message.
    pub fn of_entry(entry: &Entry) -> Option<Self> {
        let EntryContent::Event { event } = &entry.content else {
            return None;
        };
        let outbox_event = |kind| Self::new(kind, entry.id.clone(), entry.at);
        Some(match event {
            Event::RatingRequested { .. } => outbox_event(OutboxEventType::RatingRequested),
            Event::RatingSubmitted { rating, .. } => {
                outbox_event(OutboxEventType::RatingSubmitted).with_rating(rating)
            }
            Event::RatingChanged { old, new, .. } => Self {
                previous_score: old.score.get().to_string(),
                ..outbox_event(OutboxEventType::RatingChanged).with_rating(new)
            },
            Event::TranscriptSent { .. } => outbox_event(OutboxEventType::TranscriptSent),
            Event::TranscriptBounced { reason, .. } => Self {
                reason: reason.clone(),
                ..outbox_event(OutboxEventType::TranscriptBounced)
            },
            Event::TranscriptComplained { reason, .. } => Self {
                reason: reason.clone(),
                ..outbox_event(OutboxEventType::TranscriptComplained)
            },
        })
    }

    /// The event that the recipient's server accepted a transcript.
    pub fn transcript_delivered(transcript: &TranscriptId, at: Timestamp) -> Self {
        let id = EntryId::of_event("transcript_delivered", transcript.as_str());
        Self::new(OutboxEventType::TranscriptDelivered, id, at)
    }

    fn new(kind: OutboxEventType, id: EntryId, at: Timestamp) -> Self {
        Self {
            kind,
            id,
            at,
            score: String::new(),
            previous_score: String::new(),
            sentiment: None,
            comment: String::new(),
            reason: String::new(),
        }
    }

    fn with_rating(self, rating: &RatingValue) -> Self {
        let comment = rating.comment.as_ref();
        Self {
            score: rating.score.get().to_string(),
            sentiment: Some(rating.sentiment),
            comment: comment.map(ToString::to_string).unwrap_or_default(),
            ..self
        }
    }
}

fn empty_if_none<S: serde::Serializer>(
    sentiment: &Option<Sentiment>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match sentiment {
        Some(sentiment) => sentiment.serialize(serializer),
        None => serializer.serialize_str(""),
    }
}

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

/// An item with the attributes that publish its put or a later update. Only the pipe reads these
/// attributes.
#[derive(Debug, Serialize)]
pub struct WithOutbox<T> {
    #[serde(flatten)]
    item: T,
    subject: EventSubject,
    #[serde(skip_serializing_if = "Option::is_none")]
    announcement: Option<OutboxEvent>,
}

impl<T> WithOutbox<T> {
    /// An item whose updates publish events, but whose put does not.
    pub fn on_update(item: T, subject: EventSubject) -> Self {
        Self {
            item,
            subject,
            announcement: None,
        }
    }
}

impl WithOutbox<super::EntryItem> {
    /// An event of a thread, whose put publishes an event.
    pub fn entry(entry: Entry, subject: EventSubject) -> Self {
        let announcement = OutboxEvent::of_entry(&entry);
        Self {
            item: entry.into(),
            subject,
            announcement,
        }
    }
}
