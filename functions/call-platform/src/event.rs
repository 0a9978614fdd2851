use domain::{ConversationId, OrganisationId, RatingRequestId, TranscriptId};
use serde::Deserialize;
use serde_json::Value;

/// The beginning of the ids of the events of tasks.
const TASK_EVENT: &str = "platform_task_created/";

/// An event of the bus about a conversation of a connected account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlatformEvent {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation: ConversationId,
    pub(crate) kind: EventKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EventKind {
    /// The task with this id was created.
    Task(String),
    /// The conversation was resolved.
    Resolved,
    /// The rating request was made.
    Requested(RatingRequestId),
    /// The transcript was sent.
    TranscriptSent(TranscriptId),
}

#[derive(Deserialize)]
struct Detail {
    id: String,
    organisation: OrganisationId,
    conversation_id: ConversationId,
    #[serde(default)]
    rating_request_id: String,
    #[serde(default)]
    transcript_id: String,
}

impl PlatformEvent {
    /// Reads an event of the bus. Returns `None` if it is anything else.
    pub(crate) fn decode(event: &Value) -> Option<Self> {
        let detail = Detail::deserialize(event.get("detail")?).ok()?;
        let kind = match event.get("detail-type")?.as_str()? {
            "platform.task_created" => {
                EventKind::Task(detail.id.strip_prefix(TASK_EVENT)?.to_owned())
            }
            "conversation.resolved" => EventKind::Resolved,
            "rating.requested" => {
                EventKind::Requested(RatingRequestId::parse(&detail.rating_request_id).ok()?)
            }
            "transcript.sent" => {
                EventKind::TranscriptSent(TranscriptId::parse(&detail.transcript_id).ok()?)
            }
            _ => return None,
        };
        Some(Self {
            organisation: detail.organisation,
            conversation: detail.conversation_id,
            kind,
        })
    }

    /// What the event is about, for the log.
    pub(crate) fn subject(&self) -> &str {
        match &self.kind {
            EventKind::Task(id) => id,
            EventKind::Resolved => self.conversation.as_str(),
            EventKind::Requested(id) => id.as_str(),
            EventKind::TranscriptSent(id) => id.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_event_is_read_with_its_subject() {
        for (kind, subject) in [
            ("platform.task_created", Some("0a1b")),
            ("conversation.resolved", Some("cw-0123456789ab-7")),
            ("rating.requested", Some("r1")),
            ("transcript.sent", Some("t1")),
            ("rating.submitted", None),
        ] {
            let event = json!({"detail-type": kind, "detail": {
                "id": "platform_task_created/0a1b",
                "organisation": "main",
                "conversation_id": "cw-0123456789ab-7",
                "rating_request_id": "r1",
                "transcript_id": "t1",
            }});
            let decoded = PlatformEvent::decode(&event);
            assert_eq!(decoded.as_ref().map(PlatformEvent::subject), subject);
        }
        for event in [json!({}), json!({"detail-type": "transcript.sent"})] {
            assert_eq!(PlatformEvent::decode(&event), None);
        }
    }
}
