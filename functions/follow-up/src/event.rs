use domain::{ConversationId, OrganisationId, RatingRequestId, RoundId, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use store::OutboxEvent;

use crate::due::Due;

/// An event that invokes the function.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FollowUpEvent {
    /// A schedule is due.
    Due(Due),
    /// A conversation was resolved.
    Resolved(RoundEvent),
    /// A conversation was opened again.
    Opened(RoundEvent),
    /// A conversation was opened again that was resolved by a version without rounds.
    OpenedWithoutRound,
    /// A rating was requested.
    Requested(RequestEvent),
    /// A teammate requested a transcript on the chat platform.
    TranscriptRequested(TaskEvent),
}

/// The detail of an event about a round.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct RoundEvent {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation_id: ConversationId,
    pub(crate) round_id: RoundId,
    pub(crate) at: Timestamp,
}

/// The detail of an event about a rating request.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct RequestEvent {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation_id: ConversationId,
    pub(crate) rating_request_id: RatingRequestId,
    pub(crate) at: Timestamp,
}

/// The detail of an event about a task.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct TaskEvent {
    id: String,
    /// When the task was created, which is the same each time that the event is delivered.
    pub(crate) at: Timestamp,
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation_id: ConversationId,
}

impl TaskEvent {
    /// The id of the task.
    pub(crate) fn task_id(&self) -> &str {
        OutboxEvent::task_id(&self.id).unwrap_or(&self.id)
    }
}

impl FollowUpEvent {
    /// Reads an event of the bus, or the input of a schedule. Returns `None` if it is anything else.
    pub(crate) fn decode(event: &Value) -> Option<Self> {
        let Some(kind) = event.get("detail-type") else {
            return Due::deserialize(event).ok().map(Self::Due);
        };
        let detail = event.get("detail")?;
        match kind.as_str()? {
            "conversation.opened" if detail.get("round_id")?.as_str()?.is_empty() => {
                Some(Self::OpenedWithoutRound)
            }
            "conversation.resolved" => RoundEvent::deserialize(detail).ok().map(Self::Resolved),
            "conversation.opened" => RoundEvent::deserialize(detail).ok().map(Self::Opened),
            "rating.requested" => RequestEvent::deserialize(detail).ok().map(Self::Requested),
            "platform.transcript_requested" => TaskEvent::deserialize(detail)
                .ok()
                .map(Self::TranscriptRequested),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_of_the_bus_and_a_schedule_are_distinguished() {
        let detail = json!({
            "id": "platform_transcript_requested/0a1b",
            "organisation": "main",
            "conversation_id": "c1",
            "round_id": "r1",
            "rating_request_id": "q1",
            "at": "2026-01-05T09:00:00.000Z",
        });
        for (kind, expected) in [
            ("conversation.resolved", "Resolved"),
            ("conversation.opened", "Opened"),
            ("rating.requested", "Requested"),
            ("platform.transcript_requested", "TranscriptRequested"),
            ("rating.submitted", "None"),
        ] {
            let event = json!({ "detail-type": kind, "detail": detail });
            let decoded = FollowUpEvent::decode(&event);
            let name = decoded.map_or_else(|| "None".to_owned(), |it| format!("{it:?}"));
            assert!(name.starts_with(expected), "{kind}: {name}");
        }
        let mut due = detail;
        due["due"] = "ask".into();
        due["after_minutes"] = 15.into();
        assert!(matches!(
            FollowUpEvent::decode(&due),
            Some(FollowUpEvent::Due(_))
        ));
    }

    #[test]
    fn a_conversation_can_be_opened_that_a_version_without_rounds_resolved() {
        let detail = json!({
            "organisation": "main",
            "conversation_id": "c1",
            "round_id": "",
            "at": "2026-01-05T09:00:00.000Z",
        });
        let event = json!({ "detail-type": "conversation.opened", "detail": detail });
        assert_eq!(
            FollowUpEvent::decode(&event),
            Some(FollowUpEvent::OpenedWithoutRound)
        );
    }
}
