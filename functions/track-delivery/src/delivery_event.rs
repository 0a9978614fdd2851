use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{
    ConversationId, InvalidValue, OrganisationId, Timestamp, TranscriptId, TranscriptState,
};
use dynamodb::Key;
use serde_json::Value;
use store::{ConversationRef, key};

use crate::delivery_update::{DeliveryUpdate, text};
use crate::{bounce, complaint, delay};

/// An SES event of a transcript, decoded.
#[derive(Debug)]
pub(crate) struct DeliveryEvent {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation: ConversationId,
    pub(crate) transcript: TranscriptId,
    pub(crate) update: DeliveryUpdate,
    /// When the event happened.
    pub(crate) at: Timestamp,
    /// When the event was received.
    pub(crate) now: Timestamp,
}

/// Why an event is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Its kind does not concern a delivery.
    OtherKind,
    /// The mail does not have the tags of a transcript.
    NoTranscript,
}

impl Unreadable {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::OtherKind => "other_kind",
            Self::NoTranscript => "no_transcript_tags",
        }
    }
}

/// The kinds of SES events that concern a delivery.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Send,
    Delivery,
    DeliveryDelay,
    Bounce,
    Complaint,
    Reject,
}

impl DeliveryEvent {
    /// Decodes `event`, which was received at `now`.
    ///
    /// Only the required fields are read. All others are ignored, because SES can add fields to its
    /// events at any time.
    pub(crate) fn decode(event: &Value, now: Timestamp) -> Result<Self, Unreadable> {
        let kind = Kind::of(event).ok_or(Unreadable::OtherKind)?;
        let details = event
            .pointer("/detail")
            .and_then(|detail| detail.get(kind.member()))
            .unwrap_or(&Value::Null);
        let at = text(details, "timestamp")
            .and_then(|timestamp| Timestamp::parse(timestamp).ok())
            .unwrap_or(now);
        Ok(Self {
            organisation: tag(event, "organisation", OrganisationId::parse)?,
            conversation: tag(event, "conversation", ConversationId::parse)?,
            transcript: tag(event, "transcript", TranscriptId::parse)?,
            update: kind.read_update(details),
            at,
            now,
        })
    }

    pub(crate) fn conversation_ref(&self) -> ConversationRef<'_> {
        ConversationRef::new(&self.organisation, &self.conversation, self.now)
    }

    pub(crate) fn key(&self) -> Key {
        key::transcript(&self.organisation, &self.conversation, &self.transcript)
    }
}

impl Kind {
    /// Reads the kind from the `detail-type` of EventBridge, or else from the `eventType` of SES.
    fn of(event: &Value) -> Option<Self> {
        let within = event.get("detail").unwrap_or(&Value::Null);
        match text(event, "detail-type").or_else(|| text(within, "eventType"))? {
            "Email Sent" | "Send" => Some(Self::Send),
            "Email Delivered" | "Delivery" => Some(Self::Delivery),
            "Email Delivery Delayed" | "DeliveryDelay" => Some(Self::DeliveryDelay),
            "Email Bounced" | "Bounce" => Some(Self::Bounce),
            "Email Complaint Received" | "Complaint" => Some(Self::Complaint),
            "Email Rejected" | "Reject" => Some(Self::Reject),
            _ => None,
        }
    }

    /// The member of the event that contains the details.
    fn member(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Delivery => "delivery",
            Self::DeliveryDelay => "deliveryDelay",
            Self::Bounce => "bounce",
            Self::Complaint => "complaint",
            Self::Reject => "reject",
        }
    }

    fn read_update(self, details: &Value) -> DeliveryUpdate {
        match self {
            Self::Send => DeliveryUpdate::plain(TranscriptState::Sent),
            Self::Delivery => DeliveryUpdate::plain(TranscriptState::Delivered),
            Self::DeliveryDelay => delay::read_update(details),
            Self::Bounce => bounce::read_update(details),
            Self::Complaint => complaint::read_update(details),
            Self::Reject => DeliveryUpdate::because(
                TranscriptState::Rejected,
                "The mail service found a virus in it and did not send it.",
            ),
        }
    }
}

/// Reads an id from the tags of the mail. In an event, each tag has a list of values.
fn tag<T>(
    event: &Value,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
) -> Result<T, Unreadable> {
    let tags = event.pointer("/detail/mail/tags");
    let value = tags.and_then(|tags| tags.get(name)?.get(0)?.as_str());
    value
        .and_then(|encoded| URL_SAFE_NO_PAD.decode(encoded).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|id| parse(&id).ok())
        .ok_or(Unreadable::NoTranscript)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(change: impl FnOnce(&mut Value)) -> Value {
        let mut event = json!({
            "detail-type": "Email Delivered",
            "source": "aws.ses",
            "detail": {
                "eventType": "Delivery",
                "mail": {"tags": {
                    "organisation": ["bWFpbg"],
                    "conversation": ["Y2hhdC0x"],
                    "transcript": ["MGExYg"],
                    "ses:configuration-set": ["afterchat"],
                }},
                "delivery": {"timestamp": "2026-01-05T09:00:01.250Z"},
            },
        });
        change(&mut event);
        event
    }

    fn decoded(event: &Value) -> Result<DeliveryEvent, Unreadable> {
        DeliveryEvent::decode(event, Timestamp::EPOCH)
    }

    #[test]
    fn an_event_contains_its_transcript_and_its_time() {
        let delivery = decoded(&event(|_| {})).unwrap();
        assert_eq!(delivery.organisation.as_str(), "main");
        assert_eq!(delivery.conversation.as_str(), "chat-1");
        assert_eq!(delivery.transcript.as_str(), "0a1b");
        assert_eq!(delivery.at.to_string(), "2026-01-05T09:00:01.250Z");
        assert_eq!(
            delivery.update,
            DeliveryUpdate::plain(TranscriptState::Delivered)
        );
    }

    #[test]
    fn an_event_with_an_unreadable_time_happened_when_it_was_received() {
        for time in [json!(null), json!(17), json!("soon")] {
            let event = event(|event| event["detail"]["delivery"]["timestamp"] = time);
            assert_eq!(decoded(&event).unwrap().at, Timestamp::EPOCH);
        }
        let event = event(|event| event["detail"]["delivery"] = json!([]));
        assert_eq!(decoded(&event).unwrap().at, Timestamp::EPOCH);
    }

    #[test]
    fn an_event_without_a_detail_type_is_read_by_its_event_type() {
        let event = event(|event| event["detail-type"] = json!(null));
        let delivery = decoded(&event).unwrap();
        assert_eq!(delivery.update.state, TranscriptState::Delivered);
    }

    #[test]
    fn other_kinds_of_events_are_ignored() {
        for kind in ["Email Opened", "Email Clicked", "Email Subscribed", ""] {
            let event = event(|event| event["detail-type"] = json!(kind));
            assert_eq!(decoded(&event).unwrap_err(), Unreadable::OtherKind);
        }
        for value in [json!(null), json!([]), json!("x"), json!({"detail": 1})] {
            assert_eq!(decoded(&value).unwrap_err(), Unreadable::OtherKind);
        }
    }

    #[test]
    fn an_event_of_other_mail_is_ignored() {
        for tags in [
            json!(null),
            json!({}),
            json!({"organisation": "bWFpbg"}),
            json!({"organisation": [], "conversation": ["Y2hhdC0x"], "transcript": ["MGExYg"]}),
            json!({"organisation": ["bWFpbg"], "conversation": ["Y2hhdC0x"]}),
            json!({"organisation": ["%"], "conversation": ["Y2hhdC0x"], "transcript": ["MGExYg"]}),
            json!({"organisation": ["_w"], "conversation": ["Y2hhdC0x"], "transcript": ["MGExYg"]}),
            // `a#b` would produce the key of another item.
            json!({"organisation": ["YSNi"], "conversation": ["Y2hhdC0x"], "transcript": ["MGExYg"]}),
        ] {
            let event = event(|event| event["detail"]["mail"]["tags"] = tags);
            assert_eq!(decoded(&event).unwrap_err(), Unreadable::NoTranscript);
        }
    }
}
