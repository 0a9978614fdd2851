use crate::status::Status;

/// Whether a failure is permanent: the server of the recipient would refuse the same mail again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Permanence {
    Unknown,
    Transient,
    Permanent,
}

impl Permanence {
    /// A failure is permanent if SES or the mail server reports it as such. SES reports some
    /// replies of class 5 as transient. After a bounce that SES reports as permanent, it suppresses
    /// the address, whatever the class is.
    pub(crate) fn of(kind: &str, class: Option<char>) -> Self {
        match (kind, class) {
            ("Permanent", _) | (_, Some('5')) => Self::Permanent,
            ("Transient", _) | (_, Some('4')) => Self::Transient,
            _ => Self::Unknown,
        }
    }
}

/// Returns the reason that agents see.
pub(crate) fn reason(
    permanence: Permanence,
    subtype: &str,
    status: Option<&Status>,
) -> &'static str {
    match subtype {
        "OnAccountSuppressionList" => {
            return "The address is on your account's suppression list, because earlier mail to it bounced or was reported as spam. Nothing was sent.";
        }
        "Suppressed" => {
            return "The address is on the mail service's suppression list, because earlier mail to it bounced. Nothing was sent.";
        }
        "UnsubscribedRecipient" => return "The recipient has unsubscribed from your mail.",
        "MailboxFull" => return "The recipient's mailbox is full.",
        "MessageTooLarge" => return "The mail is larger than the recipient's mail server accepts.",
        "ContentRejected" => return "The recipient's mail server rejected its content.",
        "AttachmentRejected" => return "The recipient's mail server rejected its attachment.",
        _ => {}
    }
    match (permanence, status.map(Status::subject)) {
        (_, Some("1.1")) => "The address does not exist.",
        (_, Some("1.2" | "1.10")) => "The address's domain does not accept mail.",
        (_, Some("2.1")) => "The recipient's mailbox is disabled.",
        (_, Some("2.2")) => "The recipient's mailbox is full.",
        (_, Some("2.3" | "3.4")) => "The mail is larger than the recipient's mail server accepts.",
        (_, Some("4.7")) => "The recipient's mail server did not accept the mail in time.",
        (_, Some(subject)) if subject.starts_with("7.") => {
            "The recipient's mail server rejected the mail because of its policy."
        }
        (Permanence::Permanent, _) => "The recipient's mail server permanently rejected the mail.",
        (Permanence::Transient, _) => {
            "The recipient's mail server temporarily rejected the mail. It may accept a later one."
        }
        (Permanence::Unknown, _) => "The mail bounced. No reason was given.",
    }
}
