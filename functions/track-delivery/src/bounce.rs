use domain::TranscriptState;
use serde_json::Value;

use crate::notice::{DeliveryUpdate, text};

/// What a bounce says. Of what the recipient's server wrote only its status code is read: its text
/// may hold addresses, and anything else.
pub(crate) fn news(bounce: &Value) -> DeliveryUpdate {
    let kind = text(bounce, "bounceType").unwrap_or_default();
    let subtype = text(bounce, "bounceSubType").unwrap_or_default();
    let recipient = bounce.pointer("/bouncedRecipients/0");
    let recipient = recipient.unwrap_or(&Value::Null);
    if is_automatic_reply(kind, subtype, recipient) {
        return DeliveryUpdate::plain(TranscriptState::Sent);
    }
    let status = text(recipient, "status").and_then(Status::parse);
    let reason = reason(kind, subtype, status.as_ref());
    let reason = match status {
        Some(status) => format!("{} (status {}).", reason.trim_end_matches('.'), status.text),
        None => reason.to_owned(),
    };
    DeliveryUpdate::because(TranscriptState::Bounced, reason)
}

/// Whether it is no bounce at all, but an answer such as "I am away": SES reports those as bounces
/// of no particular kind, without the fields of a delivery status notification (as its simulator's
/// `ooto@` does). The mail arrived, or nobody can tell that it did not.
fn is_automatic_reply(kind: &str, subtype: &str, recipient: &Value) -> bool {
    let is_vague = matches!(
        (kind, subtype),
        ("Transient", "General") | ("Undetermined", _)
    );
    let has_notification = ["action", "status", "diagnosticCode"]
        .iter()
        .any(|field| recipient.get(field).is_some_and(|value| !value.is_null()));
    is_vague && !has_notification
}

fn reason(kind: &str, subtype: &str, status: Option<&Status>) -> &'static str {
    match subtype {
        "OnAccountSuppressionList" => {
            return "The address is on your account's suppression list, because earlier mail to it came back or was called spam: nothing was sent to it.";
        }
        "Suppressed" => {
            return "The address is on the mail service's suppression list, because earlier mail to it came back: nothing was sent to it.";
        }
        "UnsubscribedRecipient" => return "The recipient has unsubscribed from your mail.",
        "MailboxFull" => return "The recipient's mailbox is full.",
        "MessageTooLarge" => return "It is larger than the recipient's mail server takes.",
        "ContentRejected" => return "The recipient's mail server refused its content.",
        "AttachmentRejected" => return "The recipient's mail server refused its attachment.",
        _ => {}
    }
    match (kind, status.map(Status::subject)) {
        (_, Some("1.1")) => "The address does not exist.",
        (_, Some("1.2" | "1.10")) => "The address's domain takes no mail.",
        (_, Some("2.1")) => "The recipient's mailbox is disabled.",
        (_, Some("2.2")) => "The recipient's mailbox is full.",
        (_, Some("2.3" | "3.4")) => "It is larger than the recipient's mail server takes.",
        (_, Some("4.7")) => "The recipient's mail server did not take it in time.",
        (_, Some(subject)) if subject.starts_with("7.") => {
            "The recipient's mail server refused it by its rules."
        }
        ("Permanent", _) => "The recipient's mail server refused it for good.",
        ("Transient", _) => "The recipient's mail server did not take it; it may take another.",
        _ => "It came back, and nothing says why.",
    }
}

/// A status code of RFC 3463, such as `5.1.1`.
struct Status {
    text: String,
    class_length: usize,
}

impl Status {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('.');
        let class = parts.next().filter(|class| matches!(*class, "4" | "5"))?;
        let is_number = |part: &str| {
            (1..=3).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit())
        };
        let subject = parts.next().filter(|part| is_number(part))?;
        let detail = parts.next().filter(|part| is_number(part))?;
        parts.next().is_none().then(|| Self {
            text: format!("{class}.{subject}.{detail}"),
            class_length: class.len(),
        })
    }

    /// What it is about: the code without its class.
    fn subject(&self) -> &str {
        self.text.get(self.class_length + 1..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bounce(kind: &str, subtype: &str, recipients: Value) -> DeliveryUpdate {
        news(&json!({
            "bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": recipients,
        }))
    }

    fn reason_of(kind: &str, subtype: &str, status: &str) -> String {
        let recipients = json!([{
            "emailAddress": "ana@example.org",
            "action": "failed",
            "status": status,
            "diagnosticCode": "smtp; 550 <ana@example.org> unknown, call 555-0100",
        }]);
        let news = bounce(kind, subtype, recipients);
        assert_eq!(news.state, TranscriptState::Bounced);
        news.reason.unwrap()
    }

    #[test]
    fn an_unknown_address_is_named_as_such() {
        assert_eq!(
            reason_of("Permanent", "General", "5.1.1"),
            "The address does not exist (status 5.1.1)."
        );
    }

    #[test]
    fn a_suppressed_address_is_told_from_one_that_does_not_exist() {
        let recipients = json!([{"emailAddress": "ana@example.org"}]);
        for (subtype, words) in [
            (
                "OnAccountSuppressionList",
                "your account's suppression list",
            ),
            ("Suppressed", "the mail service's suppression list"),
        ] {
            let news = bounce("Permanent", subtype, recipients.clone());
            assert_eq!(news.state, TranscriptState::Bounced);
            let reason = news.reason.unwrap();
            assert!(
                reason.contains(words) && reason.contains("nothing was sent"),
                "{reason}"
            );
        }
    }

    #[test]
    fn each_kind_of_bounce_has_its_words() {
        let mut reasons: Vec<String> = [
            ("Permanent", "General"),
            ("Permanent", "UnsubscribedRecipient"),
            ("Transient", "General"),
            ("Transient", "MailboxFull"),
            ("Transient", "MessageTooLarge"),
            ("Transient", "ContentRejected"),
            ("Transient", "AttachmentRejected"),
            ("Undetermined", "Undetermined"),
        ]
        .map(|(kind, subtype)| reason_of(kind, subtype, ""))
        .into();
        reasons.sort();
        reasons.dedup();
        assert_eq!(reasons.len(), 8);
    }

    #[test]
    fn what_another_server_wrote_is_never_repeated() {
        for status in [
            "5.1.1",
            "5.1.1 <ana@example.org>",
            "x",
            "5.1.1.1",
            "5.1234.1",
            "<b>",
        ] {
            let reason = reason_of("Permanent", "General", status);
            for secret in ["ana", "@", "555", "<"] {
                assert!(!reason.contains(secret), "{reason}");
            }
        }
        assert!(!reason_of("Permanent", "General", "5.1.1x").contains("status"));
    }

    #[test]
    fn an_automatic_reply_is_no_bounce() {
        let no_notification = json!([{"emailAddress": "ana@example.org"}]);
        for (kind, subtype, recipients) in [
            ("Transient", "General", no_notification.clone()),
            ("Undetermined", "Undetermined", no_notification),
            ("Undetermined", "Undetermined", json!([])),
            ("Transient", "General", json!(null)),
        ] {
            let news = bounce(kind, subtype, recipients);
            assert_eq!(news, DeliveryUpdate::plain(TranscriptState::Sent), "{kind}");
        }
    }

    #[test]
    fn a_bounce_of_an_unknown_shape_is_a_bounce() {
        for value in [json!(null), json!({}), json!({"bounceType": 1}), json!("x")] {
            assert_eq!(news(&value).state, TranscriptState::Bounced);
        }
    }
}
