use domain::{ConversationId, OrganisationId, RatingRequestId, Timestamp, TranscriptId};
use serde::Deserialize;
use serde_json::Value;
use store::{OutboxEvent, PlatformRequest};

/// An event about a conversation of a connected account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlatformEvent {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation: ConversationId,
    pub(crate) kind: EventKind,
    /// When it happened, which is the same each time that the event is delivered. `None` if another function waits.
    pub(crate) at: Option<Timestamp>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EventKind {
    /// Another function waits until the conversation is recorded as it is on its platform.
    Read,
    /// The same, before the visitor is asked for a rating.
    ReadBeforeAsking,
    /// The task with this id was created.
    Task(String),
    /// The conversation was resolved.
    Resolved,
    /// The rating request was made.
    Requested(RatingRequestId),
    /// The transcript was sent.
    TranscriptSent(TranscriptId),
    /// The transcript of the task with this id was not sent.
    TranscriptNotSent(String),
}

#[derive(Deserialize)]
struct Detail {
    id: String,
    organisation: OrganisationId,
    conversation_id: ConversationId,
    at: Timestamp,
    #[serde(default)]
    rating_request_id: String,
    #[serde(default)]
    transcript_id: String,
}

impl PlatformEvent {
    /// Reads an event of the bus, or of another function. Returns `None` if it is anything else.
    pub(crate) fn decode(event: &Value) -> Option<Self> {
        if event.get("detail-type").is_none() {
            let request = PlatformRequest::deserialize(event).ok()?;
            let (organisation, conversation, kind) = match request {
                PlatformRequest::ReadConversation {
                    organisation,
                    conversation_id,
                } => (organisation, conversation_id, EventKind::Read),
                PlatformRequest::ReadBeforeAsking {
                    organisation,
                    conversation_id,
                } => (organisation, conversation_id, EventKind::ReadBeforeAsking),
            };
            return Some(Self {
                organisation,
                conversation,
                kind,
                at: None,
            });
        }
        let detail = Detail::deserialize(event.get("detail")?).ok()?;
        let kind = match event.get("detail-type")?.as_str()? {
            "platform.task_created" => {
                EventKind::Task(OutboxEvent::task_id(&detail.id)?.to_owned())
            }
            "platform.transcript_not_sent" => {
                EventKind::TranscriptNotSent(OutboxEvent::task_id(&detail.id)?.to_owned())
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
            at: Some(detail.at),
        })
    }

    /// What the event is about, for the log.
    pub(crate) fn subject(&self) -> &str {
        match &self.kind {
            EventKind::Task(id) | EventKind::TranscriptNotSent(id) => id,
            EventKind::Read | EventKind::ReadBeforeAsking | EventKind::Resolved => {
                self.conversation.as_str()
            }
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
            ("platform.transcript_not_sent", Some("0a1b")),
            ("conversation.resolved", Some("cw-0123456789ab-7")),
            ("rating.requested", Some("r1")),
            ("transcript.sent", Some("t1")),
            ("rating.submitted", None),
        ] {
            let event = json!({"detail-type": kind, "detail": {
                "id": "platform_task_created/0a1b",
                "at": "2026-01-05T09:00:00.000Z",
                "organisation": "main",
                "conversation_id": "cw-0123456789ab-7",
                "rating_request_id": "r1",
                "transcript_id": "t1",
            }});
            let decoded = PlatformEvent::decode(&event);
            assert_eq!(decoded.as_ref().map(PlatformEvent::subject), subject);
        }
        let read = json!({
            "action": "read_conversation",
            "organisation": "main",
            "conversation_id": "cw-0123456789ab-7",
        });
        let decoded = PlatformEvent::decode(&read).unwrap();
        assert_eq!(decoded.kind, EventKind::Read);
        let mut before_asking = read.clone();
        before_asking["action"] = json!("read_before_asking");
        let decoded = PlatformEvent::decode(&before_asking).unwrap();
        assert_eq!(decoded.kind, EventKind::ReadBeforeAsking);
        for event in [json!({}), json!({"detail-type": "transcript.sent"})] {
            assert_eq!(PlatformEvent::decode(&event), None);
        }
    }
}
