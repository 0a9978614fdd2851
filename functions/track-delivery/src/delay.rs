use domain::TranscriptState;
use serde_json::Value;

use crate::delivery_update::{DeliveryUpdate, text};

/// Reads the delivery update of a delay.
pub(crate) fn read_update(delay: &Value) -> DeliveryUpdate {
    let reason = match text(delay, "delayType").unwrap_or_default() {
        "MailboxFull" => "The recipient's mailbox is full.",
        "SpamDetected" => {
            "The recipient's mail server treats the mail as spam, or has received too much mail."
        }
        "RecipientServerError" => "The recipient's mail server has a problem.",
        "TransientCommunicationFailure" => "The recipient's mail server could not be reached.",
        "IPFailure" => "The recipient's mail server slows down mail from the sending address.",
        "InternalFailure" => "The mail service has a problem.",
        _ => "The recipient's mail server does not accept the mail at the moment.",
    };
    DeliveryUpdate::because(
        TranscriptState::Delayed,
        format!("{reason} The mail service keeps retrying."),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_delay_has_its_cause_as_the_reason() {
        let reason = |kind: Value| read_update(&json!({"delayType": kind})).reason.unwrap();
        assert_eq!(
            reason(json!("MailboxFull")),
            "The recipient's mailbox is full. The mail service keeps retrying."
        );
        assert!(reason(json!(null)).contains("at the moment"));
        assert_eq!(read_update(&json!(null)).state, TranscriptState::Delayed);
    }
}
