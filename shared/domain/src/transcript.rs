use serde::{Deserialize, Serialize};

/// What has become of a transcript, in the order of rank: a state is only ever replaced by one of
/// a higher rank, in whatever order SES's events come.
///
/// `Rejected` outranks `Delivered`, as it ends a mail that was never on its way; `Bounced` does so
/// too, as a server may take a mail and return it later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TranscriptState {
    /// Its slot is taken; it is being sent, or its sender died before it could say more.
    Reserved,
    /// SES may have accepted it or not: its answer never came. It is not sent again.
    Unknown,
    /// SES accepted it.
    Sent,
    /// The recipient's server does not take it for now. SES goes on trying.
    Delayed,
    /// The recipient's server took it.
    Delivered,
    /// SES found a virus in it after all, and did not send it.
    Rejected,
    /// It came back, or SES did not send it because mail to the address came back before.
    Bounced,
    /// The recipient called it spam.
    Complained,
}

impl TranscriptState {
    /// All of them, in the order of rank.
    pub const ALL: [Self; 8] = [
        Self::Reserved,
        Self::Unknown,
        Self::Sent,
        Self::Delayed,
        Self::Delivered,
        Self::Rejected,
        Self::Bounced,
        Self::Complained,
    ];

    /// The state as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Unknown => "unknown",
            Self::Sent => "sent",
            Self::Delayed => "delayed",
            Self::Delivered => "delivered",
            Self::Rejected => "rejected",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
        }
    }

    /// Whether SES is known to have accepted the mail.
    pub fn is_accepted(self) -> bool {
        self >= Self::Sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_ordered_by_rank() {
        assert!(TranscriptState::ALL.is_sorted());
        let words = TranscriptState::ALL.map(TranscriptState::as_str);
        assert_eq!(
            words,
            [
                "reserved",
                "unknown",
                "sent",
                "delayed",
                "delivered",
                "rejected",
                "bounced",
                "complained"
            ]
        );
    }
}
