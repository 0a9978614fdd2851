use domain::TranscriptState;
use serde_json::Value;

use crate::bounce_reason::{Permanence, reason};
use crate::delivery_update::{DeliveryUpdate, text};
use crate::status::{Status, skip_comments};

/// Reads the delivery update of a bounce.
///
/// A mail has one recipient, but a server that forwards it can report several. The worst report
/// counts. Of the text that a mail server wrote, only the action and the status are read, because
/// the rest may contain addresses.
pub(crate) fn read_update(bounce: &Value) -> DeliveryUpdate {
    let kind = text(bounce, "bounceType").unwrap_or_default();
    let subtype = text(bounce, "bounceSubType").unwrap_or_default();
    let recipients = bounce.get("bouncedRecipients").and_then(Value::as_array);
    let recipients = recipients.map_or(&[][..], Vec::as_slice);
    let reports = recipients
        .iter()
        .map(|recipient| Report::of(kind, subtype, recipient));
    match reports.max_by_key(Report::severity) {
        Some(report) => report.to_update(subtype),
        None => Report::of(kind, subtype, &Value::Null).to_update(subtype),
    }
}

/// The report of a bounce on one recipient.
enum Report {
    /// The mail was not delivered.
    Failure {
        permanence: Permanence,
        status: Option<Status>,
    },
    /// A mail server is still trying to deliver the mail.
    Delay,
    /// The mail was passed to a system that does not report deliveries, or an automatic reply was
    /// received.
    Passed,
    /// The mail was delivered.
    Delivery,
}

impl Report {
    fn of(kind: &str, subtype: &str, recipient: &Value) -> Self {
        // Of the actions of a delivery status notification, only `failed` is a failure (RFC 3464,
        // section 2.3.3). The action takes precedence over the type of the SES event.
        match action(recipient).as_deref() {
            Some("delayed") => return Self::Delay,
            Some("relayed") => return Self::Passed,
            Some("delivered" | "expanded") => return Self::Delivery,
            _ => {}
        }
        if is_automatic_reply(kind, subtype, recipient) {
            return Self::Passed;
        }
        let status = text(recipient, "status").and_then(Status::parse);
        Self::Failure {
            permanence: Permanence::of(kind, status.as_ref().map(Status::class)),
            status,
        }
    }

    fn severity(&self) -> (u8, Permanence) {
        match self {
            Self::Failure { permanence, .. } => (3, *permanence),
            Self::Delay => (2, Permanence::Unknown),
            Self::Passed => (1, Permanence::Unknown),
            Self::Delivery => (0, Permanence::Unknown),
        }
    }

    fn to_update(&self, subtype: &str) -> DeliveryUpdate {
        match self {
            Self::Failure { permanence, status } => {
                let reason = reason(*permanence, subtype, status.as_ref());
                let reason = match status {
                    Some(Status { text, .. }) => {
                        format!("{} (status {text}).", reason.trim_end_matches('.'))
                    }
                    None => reason.to_owned(),
                };
                DeliveryUpdate::because(TranscriptState::Bounced, reason)
            }
            Self::Delay => DeliveryUpdate::because(
                TranscriptState::Delayed,
                "A mail server could not deliver it yet. That server keeps retrying.",
            ),
            Self::Passed => DeliveryUpdate::plain(TranscriptState::Sent),
            Self::Delivery => DeliveryUpdate::plain(TranscriptState::Delivered),
        }
    }
}

/// Returns the action of a delivery status notification in lower case, without comments.
fn action(recipient: &Value) -> Option<String> {
    let action = skip_comments(text(recipient, "action")?);
    let end = action.find(|it: char| !it.is_ascii_alphabetic());
    let action = end.and_then(|end| action.get(..end)).unwrap_or(action);
    Some(action.to_ascii_lowercase())
}

/// Whether the bounce is an automatic reply, such as "I am away". SES reports automatic replies as
/// general or undetermined bounces, without the fields of a delivery status notification. Its
/// simulator does so for `ooto@`. The mail arrived, or there is no sign that it did not.
fn is_automatic_reply(kind: &str, subtype: &str, recipient: &Value) -> bool {
    let is_vague = matches!(
        (kind, subtype),
        ("Transient", "General") | ("Undetermined", _)
    );
    let has_notification = ["action", "status", "diagnosticCode"]
        .iter()
        .filter_map(|field| recipient.get(field))
        .any(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            _ => true,
        });
    is_vague && !has_notification
}

#[cfg(test)]
mod tests;
