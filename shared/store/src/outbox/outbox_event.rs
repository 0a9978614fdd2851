use domain::{
    Entry, EntryContent, EntryId, Event, RatingValue, ResolvedBy, RoundId, Sentiment, Timestamp,
    TranscriptId, UniqueId,
};
use serde::Serialize;

use crate::platform_task::PlatformTask;

/// The beginnings of the ids of the events of tasks.
const PLATFORM_TASK_CREATED: &str = "platform_task_created";
const PLATFORM_TRANSCRIPT_REQUESTED: &str = "platform_transcript_requested";
const PLATFORM_TRANSCRIPT_NOT_SENT: &str = "platform_transcript_not_sent";

/// The types of events that the stack publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum OutboxEventType {
    #[serde(rename = "conversation.resolved")]
    ConversationResolved,
    #[serde(rename = "conversation.opened")]
    ConversationOpened,
    #[serde(rename = "rating.requested")]
    RatingRequested,
    #[serde(rename = "rating.submitted")]
    RatingSubmitted,
    #[serde(rename = "rating.changed")]
    RatingChanged,
    #[serde(rename = "rating.expired")]
    RatingExpired,
    #[serde(rename = "transcript.sent")]
    TranscriptSent,
    #[serde(rename = "transcript.delivered")]
    TranscriptDelivered,
    #[serde(rename = "transcript.bounced")]
    TranscriptBounced,
    #[serde(rename = "transcript.complained")]
    TranscriptComplained,
    #[serde(rename = "platform.task_created")]
    PlatformTaskCreated,
    #[serde(rename = "platform.transcript_requested")]
    PlatformTranscriptRequested,
    #[serde(rename = "platform.transcript_not_sent")]
    PlatformTranscriptNotSent,
}

/// The event that a write publishes. It is the item's attribute `announcement` and part of the same
/// write. The stored name is older than the term.
#[derive(Clone, Debug, Serialize)]
pub struct OutboxEvent {
    #[serde(rename = "type")]
    kind: OutboxEventType,
    /// The id of the event. The pipe may publish one write more than once, always with the same id.
    id: EntryId,
    at: Timestamp,
    score: String,
    previous_score: String,
    #[serde(serialize_with = "empty_if_none")]
    sentiment: Option<Sentiment>,
    comment: String,
    reasons: String,
    reason: String,
    round_id: String,
    by: String,
}

impl OutboxEvent {
    /// The outbox event of an entry of a thread. `None` if the entry is a message, or an event that only
    /// the thread shows.
    pub fn of_entry(entry: &Entry) -> Option<Self> {
        let EntryContent::Event { event } = &entry.content else {
            return None;
        };
        let outbox_event = |kind| Self::new(kind, entry.id.clone(), entry.at);
        Some(match event {
            Event::MailGivenUp { .. }
            | Event::RatingRequestMailed { .. }
            | Event::RatingMailFailed { .. } => return None,
            Event::RatingRequested { by, .. } => Self {
                by: by.as_str().to_owned(),
                ..outbox_event(OutboxEventType::RatingRequested)
            },
            Event::RatingExpired { .. } => outbox_event(OutboxEventType::RatingExpired),
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

    /// The outbox event of a conversation that was resolved. `round` is the new round.
    pub fn conversation_resolved(
        round: &RoundId,
        resolved_by: Option<ResolvedBy>,
        at: Timestamp,
    ) -> Self {
        let id = EntryId::of_event("conversation_resolved", round.as_str());
        Self {
            round_id: round.to_string(),
            by: resolved_by.map_or("", ResolvedBy::as_str).to_owned(),
            ..Self::new(OutboxEventType::ConversationResolved, id, at)
        }
    }

    /// The outbox event of a resolved conversation that was opened again by the recording
    /// `recorded_by`. `round` is the round that ended. It is `None` if a former version resolved the
    /// conversation.
    pub fn conversation_opened(
        round: Option<&RoundId>,
        recorded_by: &UniqueId,
        at: Timestamp,
    ) -> Self {
        let id = EntryId::of_event("conversation_opened", &recorded_by.to_string());
        Self {
            round_id: round.map(ToString::to_string).unwrap_or_default(),
            ..Self::new(OutboxEventType::ConversationOpened, id, at)
        }
    }

    /// The outbox event of a transcript that the recipient's server accepted.
    pub fn transcript_delivered(transcript: &TranscriptId, at: Timestamp) -> Self {
        let id = EntryId::of_event("transcript_delivered", transcript.as_str());
        Self::new(OutboxEventType::TranscriptDelivered, id, at)
    }

    /// The outbox event of the task `id`.
    pub fn of_task(id: &str, task: &PlatformTask, at: Timestamp) -> Self {
        let (kind, name) = match task {
            PlatformTask::SendTranscript { .. } => (
                OutboxEventType::PlatformTranscriptRequested,
                PLATFORM_TRANSCRIPT_REQUESTED,
            ),
            PlatformTask::ReadMessage { .. }
            | PlatformTask::ReadThread
            | PlatformTask::AskRating { .. }
            | PlatformTask::Thank { .. } => {
                (OutboxEventType::PlatformTaskCreated, PLATFORM_TASK_CREATED)
            }
        };
        Self::new(kind, EntryId::of_event(name, id), at)
    }

    /// The outbox event of the task `id`, whose transcript was not sent.
    pub fn transcript_not_sent(id: &str, at: Timestamp) -> Self {
        let id = EntryId::of_event(PLATFORM_TRANSCRIPT_NOT_SENT, id);
        Self::new(OutboxEventType::PlatformTranscriptNotSent, id, at)
    }

    /// The id of the task whose event has the id `event_id`. `None` if it is the event of anything else.
    pub fn task_id(event_id: &str) -> Option<&str> {
        let (name, id) = event_id.split_once('/')?;
        let names = [
            PLATFORM_TASK_CREATED,
            PLATFORM_TRANSCRIPT_REQUESTED,
            PLATFORM_TRANSCRIPT_NOT_SENT,
        ];
        names.contains(&name).then_some(id)
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
            reasons: String::new(),
            reason: String::new(),
            round_id: String::new(),
            by: String::new(),
        }
    }

    fn with_rating(self, rating: &RatingValue) -> Self {
        let comment = rating.comment.as_ref();
        Self {
            score: rating.score.get().to_string(),
            sentiment: Some(rating.sentiment),
            comment: comment.map(ToString::to_string).unwrap_or_default(),
            reasons: rating.reasons.to_text(),
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

#[cfg(test)]
mod tests {
    use domain::{Agent, AgentId, ChosenReasons, Comment, RatingRequestId, ReasonId, Score};
    use dynamodb::{Item, attribute, string};

    use super::*;

    fn rating(number: u64, comment: Option<&str>) -> RatingValue {
        let comment = comment.map(|text| Comment::parse(text).unwrap());
        let reasons = ["slow", "price"].map(|id| ReasonId::parse(id).unwrap());
        let reasons = ChosenReasons::new(reasons.to_vec()).unwrap();
        RatingValue::new(Score::parse(number).unwrap(), comment, reasons)
    }

    fn agent() -> Agent {
        Agent {
            id: AgentId::parse("kim").unwrap(),
            name: None,
        }
    }

    fn outbox_event(event: Event) -> Item {
        let id = EntryId::of_event("e", "1");
        let entry = Entry::of_event(id, Timestamp::EPOCH, event);
        let event = attribute(&OutboxEvent::of_entry(&entry)).unwrap();
        event.as_m().unwrap().clone()
    }

    #[test]
    fn an_outbox_event_has_every_member_as_a_string() {
        let event = outbox_event(Event::RatingRequested {
            rating_request_id: RatingRequestId::parse("r").unwrap(),
            agent: agent(),
            by: domain::AskedBy::Agent,
        });
        let expected = [
            ("type", "rating.requested"),
            ("id", "e/1"),
            ("at", "1970-01-01T00:00:00.000Z"),
            ("score", ""),
            ("previous_score", ""),
            ("sentiment", ""),
            ("comment", ""),
            ("reasons", ""),
            ("reason", ""),
            ("round_id", ""),
            ("by", "agent"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), string(value)));
        assert_eq!(event, Item::from(expected));
    }

    #[test]
    fn the_event_of_a_task_has_the_id_of_the_task() {
        for (task, kind) in [
            (PlatformTask::ReadThread, "platform.task_created"),
            (
                PlatformTask::SendTranscript { agent: None },
                "platform.transcript_requested",
            ),
        ] {
            let event = OutboxEvent::of_task("0a1b", &task, Timestamp::EPOCH);
            assert_eq!(OutboxEvent::task_id(event.id.as_str()), Some("0a1b"));
            let event = attribute(&event).unwrap();
            assert_eq!(event.as_m().unwrap().get("type"), Some(&string(kind)));
        }
        let event = OutboxEvent::transcript_not_sent("0a1b", Timestamp::EPOCH);
        assert_eq!(OutboxEvent::task_id(event.id.as_str()), Some("0a1b"));
        assert_eq!(OutboxEvent::task_id("rating_requested/0a1b"), None);
        assert_eq!(OutboxEvent::task_id("0a1b"), None);
    }

    #[test]
    fn a_changed_rating_has_both_scores() {
        let event = outbox_event(Event::RatingChanged {
            rating_request_id: RatingRequestId::parse("r").unwrap(),
            old: rating(1, Some("Slow")),
            new: rating(5, None),
        });
        for (name, value) in [
            ("type", "rating.changed"),
            ("score", "5"),
            ("previous_score", "1"),
            ("sentiment", "positive"),
            ("comment", ""),
            ("reasons", "slow,price"),
        ] {
            assert_eq!(event.get(name), Some(&string(value)), "{name}");
        }
    }

    #[test]
    fn each_event_has_its_type() {
        let rating_request_id = RatingRequestId::parse("r").unwrap();
        let transcript_id = || TranscriptId::parse("t").unwrap();
        let reason = "The mailbox is full.";
        for (event, kind, expected_reason) in [
            (
                Event::RatingSubmitted {
                    rating_request_id,
                    rating: rating(3, None),
                },
                "rating.submitted",
                "",
            ),
            (
                Event::TranscriptSent {
                    transcript_id: transcript_id(),
                    to: "j•••@example.com".to_owned(),
                    agent: agent(),
                },
                "transcript.sent",
                "",
            ),
            (
                Event::TranscriptBounced {
                    transcript_id: transcript_id(),
                    reason: reason.to_owned(),
                },
                "transcript.bounced",
                reason,
            ),
            (
                Event::TranscriptComplained {
                    transcript_id: transcript_id(),
                    reason: reason.to_owned(),
                },
                "transcript.complained",
                reason,
            ),
        ] {
            let event = outbox_event(event);
            assert_eq!(event.get("type"), Some(&string(kind)));
            assert_eq!(
                event.get("reason"),
                Some(&string(expected_reason)),
                "{kind}"
            );
        }
    }
}
