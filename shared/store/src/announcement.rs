//! What leaves the stack as an event when an item is written.
//!
//! The pipe in `infra/template.yaml` reads the table's stream and makes an event of each write that
//! carries an [`OutboxEvent`], by its template alone. A template can neither leave out what is not
//! there nor take a key apart. So every member of [`EventSubject`] and [`OutboxEvent`] is a text and
//! always stands there, empty where a type has no use for it.

use domain::{
    Agent, ConversationId, Entry, EntryContent, EntryId, Event, OrganisationId, RatingRequestId,
    RatingValue, Sentiment, Timestamp, TranscriptId,
};
use serde::Serialize;

/// The types of events that leave the stack.
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

/// What is announced: in an item's attribute `announcement`, with the write that it tells of.
#[derive(Clone, Debug, Serialize)]
pub struct OutboxEvent {
    #[serde(rename = "type")]
    kind: OutboxEventType,
    /// The same in every repeat, as the pipe may tell of one write more than once.
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
    /// What an entry of a thread tells, or `None` where it is a message.
    pub fn of_entry(entry: &Entry) -> Option<Self> {
        let EntryContent::Event { event } = &entry.content else {
            return None;
        };
        let announce = |kind| Self::new(kind, entry.id.clone(), entry.at);
        Some(match event {
            Event::RatingRequested { .. } => announce(OutboxEventType::RatingRequested),
            Event::RatingSubmitted { rating, .. } => {
                announce(OutboxEventType::RatingSubmitted).with_rating(rating)
            }
            Event::RatingChanged { old, new, .. } => Self {
                previous_score: old.score.get().to_string(),
                ..announce(OutboxEventType::RatingChanged).with_rating(new)
            },
            Event::TranscriptSent { .. } => announce(OutboxEventType::TranscriptSent),
            Event::TranscriptBounced { reason, .. } => Self {
                reason: reason.clone(),
                ..announce(OutboxEventType::TranscriptBounced)
            },
            Event::TranscriptComplained { reason, .. } => Self {
                reason: reason.clone(),
                ..announce(OutboxEventType::TranscriptComplained)
            },
        })
    }

    /// A transcript reached its recipient's server.
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

/// What an announcement is about: in an item's attribute `subject`, the same for the item's life.
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
    /// A rating request that `agent` made.
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

    /// A transcript that `agent` had sent.
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

/// An item as it is put where its put, or a later update of it, is announced. Only the pipe reads
/// what is added to it.
#[derive(Debug, Serialize)]
pub struct WithOutbox<T> {
    #[serde(flatten)]
    item: T,
    subject: EventSubject,
    #[serde(skip_serializing_if = "Option::is_none")]
    announcement: Option<OutboxEvent>,
}

impl<T> WithOutbox<T> {
    /// An item whose updates are announced, and not its put.
    pub fn on_update(item: T, subject: EventSubject) -> Self {
        Self {
            item,
            subject,
            announcement: None,
        }
    }
}

impl WithOutbox<super::EntryItem> {
    /// An event of a thread, whose put is announced.
    pub fn entry(entry: Entry, subject: EventSubject) -> Self {
        let announcement = OutboxEvent::of_entry(&entry);
        Self {
            item: entry.into(),
            subject,
            announcement,
        }
    }
}
