use domain::TranscriptState;
use serde_json::Value;

use crate::delivery_update::{DeliveryUpdate, text};

/// Reads the delivery update of a complaint.
pub(crate) fn read_update(complaint: &Value) -> DeliveryUpdate {
    // Nothing was sent, so nobody complained about this mail.
    if text(complaint, "complaintSubType") == Some("OnAccountSuppressionList") {
        return DeliveryUpdate::because(
            TranscriptState::Bounced,
            "The address is on your account's suppression list, because earlier mail to it was reported as spam. Nothing was sent.",
        );
    }
    match text(complaint, "complaintFeedbackType") {
        // The recipient withdraws an earlier complaint, so the mail was delivered.
        Some("not-spam") => DeliveryUpdate::plain(TranscriptState::Delivered),
        Some("fraud") => complained("The recipient reported it as fraud."),
        Some("virus") => complained("The recipient's mail server reported a virus in it."),
        Some("auth-failure") => {
            complained("The recipient's mail server could not verify where it came from.")
        }
        _ => complained("The recipient marked it as spam."),
    }
}

fn complained(reason: &str) -> DeliveryUpdate {
    DeliveryUpdate::because(TranscriptState::Complained, reason)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn complaint(feedback: Value, subtype: Value) -> DeliveryUpdate {
        read_update(&json!({"complaintFeedbackType": feedback, "complaintSubType": subtype}))
    }

    #[test]
    fn a_complaint_is_about_spam_unless_it_has_another_type() {
        for feedback in [json!("abuse"), json!("other"), json!(null), json!(1)] {
            let update = complaint(feedback, json!(null));
            assert_eq!(update, complained("The recipient marked it as spam."));
        }
        let fraud = complaint(json!("fraud"), json!(null));
        assert_eq!(fraud.reason.unwrap(), "The recipient reported it as fraud.");
    }

    #[test]
    fn a_withdrawn_complaint_means_that_the_mail_was_delivered() {
        let update = complaint(json!("not-spam"), json!(null));
        assert_eq!(update, DeliveryUpdate::plain(TranscriptState::Delivered));
    }

    #[test]
    fn a_complaint_about_a_suppressed_mail_is_a_bounce() {
        let update = complaint(json!(null), json!("OnAccountSuppressionList"));
        assert_eq!(update.state, TranscriptState::Bounced);
        assert!(update.reason.unwrap().contains("suppression list"));
    }
}
