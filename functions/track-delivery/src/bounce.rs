use domain::TranscriptState;
use serde_json::Value;

use crate::delivery_update::{DeliveryUpdate, text};

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
        lasting: Lasting,
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

/// Whether a failure is permanent: the server of the recipient would refuse the same mail again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lasting {
    Unknown,
    Transient,
    Permanent,
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
            lasting: Lasting::of(kind, status.as_ref().map(Status::class)),
            status,
        }
    }

    fn severity(&self) -> (u8, Lasting) {
        match self {
            Self::Failure { lasting, .. } => (3, *lasting),
            Self::Delay => (2, Lasting::Unknown),
            Self::Passed => (1, Lasting::Unknown),
            Self::Delivery => (0, Lasting::Unknown),
        }
    }

    fn to_update(&self, subtype: &str) -> DeliveryUpdate {
        match self {
            Self::Failure { lasting, status } => {
                let reason = reason(*lasting, subtype, status.as_ref());
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
                "A mail server could not deliver it yet. That server goes on trying.",
            ),
            Self::Passed => DeliveryUpdate::plain(TranscriptState::Sent),
            Self::Delivery => DeliveryUpdate::plain(TranscriptState::Delivered),
        }
    }
}

impl Lasting {
    /// A failure is permanent if SES or the mail server reports it as such. SES reports some
    /// replies of class 5 as transient. After a bounce that SES reports as permanent, it suppresses
    /// the address, whatever the class is.
    fn of(kind: &str, class: Option<char>) -> Self {
        match (kind, class) {
            ("Permanent", _) | (_, Some('5')) => Self::Permanent,
            ("Transient", _) | (_, Some('4')) => Self::Transient,
            _ => Self::Unknown,
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

fn reason(lasting: Lasting, subtype: &str, status: Option<&Status>) -> &'static str {
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
    match (lasting, status.map(Status::subject)) {
        (_, Some("1.1")) => "The address does not exist.",
        (_, Some("1.2" | "1.10")) => "The address's domain takes no mail.",
        (_, Some("2.1")) => "The recipient's mailbox is disabled.",
        (_, Some("2.2")) => "The recipient's mailbox is full.",
        (_, Some("2.3" | "3.4")) => "It is larger than the recipient's mail server takes.",
        (_, Some("4.7")) => "The recipient's mail server did not take it in time.",
        (_, Some(subject)) if subject.starts_with("7.") => {
            "The recipient's mail server refused it by its rules."
        }
        (Lasting::Permanent, _) => "The recipient's mail server refused it for good.",
        (Lasting::Transient, _) => {
            "The recipient's mail server did not take it; it may take another."
        }
        (Lasting::Unknown, _) => "It came back, and nothing says why.",
    }
}

/// Removes the spaces and comments before the value of `text`. RFC 3464 allows them in each field.
fn skip_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix('(') {
        let Some((_, after)) = comment.split_once(')') else {
            return "";
        };
        rest = after.trim_start();
    }
    rest
}

/// A status code of RFC 3463, such as `5.1.1`.
struct Status {
    text: String,
}

impl Status {
    /// Parses the code at the beginning of `text`. Spaces and comments around it are ignored.
    fn parse(text: &str) -> Option<Self> {
        let text = skip_comments(text);
        let end = text.find(|it: char| it.is_whitespace() || matches!(it, '(' | ';'));
        let code = end.and_then(|end| text.get(..end)).unwrap_or(text);
        let mut parts = code.split('.');
        let class = parts.next().filter(|class| matches!(*class, "4" | "5"))?;
        let is_number = |part: &str| {
            (1..=3).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit())
        };
        let subject = parts.next().filter(|part| is_number(part))?;
        let detail = parts.next().filter(|part| is_number(part))?;
        parts.next().is_none().then(|| Self {
            text: format!("{class}.{subject}.{detail}"),
        })
    }

    /// `4` if the failure is transient, `5` if it is permanent.
    fn class(&self) -> char {
        self.text.chars().next().unwrap_or_default()
    }

    /// The subject and the detail: the code without its class.
    fn subject(&self) -> &str {
        self.text.get(2..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bounce(kind: &str, subtype: &str, recipients: Value) -> DeliveryUpdate {
        read_update(&json!({
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
        let update = bounce(kind, subtype, recipients);
        assert_eq!(update.state, TranscriptState::Bounced);
        update.reason.unwrap()
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
            let update = bounce("Permanent", subtype, recipients.clone());
            assert_eq!(update.state, TranscriptState::Bounced);
            let reason = update.reason.unwrap();
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

    const FOR_GOOD: &str = "refused it for good";
    const MAY_TAKE_ANOTHER: &str = "may take another";

    #[test]
    fn a_failure_is_permanent_if_ses_or_the_status_says_so() {
        for (kind, status, words) in [
            ("Transient", "5.3.0", FOR_GOOD),
            ("Transient", "5.0.0", FOR_GOOD),
            ("Undetermined", "5.5.0", FOR_GOOD),
            ("", "5.0.0", FOR_GOOD),
            ("Permanent", "5.0.0", FOR_GOOD),
            ("Permanent", "4.4.1", FOR_GOOD),
            ("Transient", "4.4.1", MAY_TAKE_ANOTHER),
            ("Undetermined", "4.4.1", MAY_TAKE_ANOTHER),
        ] {
            let reason = reason_of(kind, "General", status);
            assert!(
                reason.contains(words) && reason.contains(status),
                "{kind} {status}: {reason}"
            );
        }
    }

    #[test]
    fn a_status_may_stand_among_blanks_and_comments() {
        for status in [
            "5.1.1",
            " 5.1.1 ",
            "5.1.1 (bad destination mailbox)",
            "5.1.1(bad)",
            "(permanent) 5.1.1",
            "(a) (b)5.1.1\t(c)",
            "5.1.1; unknown",
        ] {
            assert_eq!(
                reason_of("Transient", "General", status),
                "The address does not exist (status 5.1.1).",
                "{status:?}"
            );
        }
    }

    #[test]
    fn without_a_readable_status_the_kind_of_bounce_decides() {
        for status in [
            json!(null),
            json!("x"),
            json!("(5.1.1"),
            json!("2.0.0"),
            json!(5),
        ] {
            for (kind, words) in [
                ("Permanent", FOR_GOOD),
                ("Transient", MAY_TAKE_ANOTHER),
                ("Undetermined", "nothing says why"),
            ] {
                let recipients = json!([{"action": "failed", "status": status}]);
                let reason = bounce(kind, "General", recipients).reason.unwrap();
                assert!(
                    reason.contains(words) && !reason.contains("status"),
                    "{kind} {status}: {reason}"
                );
            }
        }
    }

    #[test]
    fn only_a_failed_action_is_a_failure() {
        use TranscriptState::{Bounced, Delayed, Delivered, Sent};
        for (action, state) in [
            ("failed", Bounced),
            ("Failed", Bounced),
            ("", Bounced),
            ("lost", Bounced),
            ("delayed", Delayed),
            ("Delayed", Delayed),
            (" DELAYED (still trying)", Delayed),
            ("(comment) delayed", Delayed),
            ("relayed", Sent),
            ("Relayed", Sent),
            ("delivered", Delivered),
            ("DELIVERED", Delivered),
            ("expanded", Delivered),
            ("Expanded", Delivered),
        ] {
            for (kind, status) in [
                ("Transient", "4.4.1"),
                ("Undetermined", "4.4.1"),
                ("Permanent", "5.0.0"),
                ("Transient", "2.0.0"),
            ] {
                let recipients = json!([{"action": action, "status": status}]);
                let update = bounce(kind, "General", recipients);
                assert_eq!(update.state, state, "{kind} {action:?}");
                let has_reason = matches!(state, Bounced | Delayed);
                assert_eq!(update.reason.is_some(), has_reason, "{kind} {action:?}");
            }
        }
    }

    #[test]
    fn of_several_recipients_the_worst_report_counts() {
        let reports = [
            json!({"action": "failed", "status": "5.3.0"}),
            json!({"action": "failed", "status": "4.4.1"}),
            json!({"action": "delayed", "status": "4.4.1"}),
            json!({"action": "relayed"}),
            json!({"action": "delivered"}),
        ];
        for (place, worst) in reports.iter().enumerate() {
            let alone = bounce("Transient", "General", json!([worst]));
            for better in &reports[place..] {
                for recipients in [json!([worst, better]), json!([better, worst])] {
                    assert_eq!(bounce("Transient", "General", recipients), alone);
                }
            }
        }
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
            "(<ana@example.org>) 5.1.1",
            "(<ana@example.org> 5.1.1",
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
            (
                "Transient",
                "General",
                json!([{"action": null, "status": "", "diagnosticCode": " "}]),
            ),
        ] {
            let update = bounce(kind, subtype, recipients);
            assert_eq!(
                update,
                DeliveryUpdate::plain(TranscriptState::Sent),
                "{kind}"
            );
        }
    }

    #[test]
    fn a_bounce_of_an_unknown_shape_is_a_bounce() {
        for value in [json!(null), json!({}), json!({"bounceType": 1}), json!("x")] {
            assert_eq!(read_update(&value).state, TranscriptState::Bounced);
        }
    }
}
