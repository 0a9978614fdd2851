use serde::{Deserialize, Serialize};

/// The delivery state of a transcript, in the order of rank. Only a state of a higher rank replaces
/// a state, because SES's events can arrive in any order.
///
/// `Rejected` has a higher rank than `Delivered`, because a rejected mail was never sent. So has
/// `Bounced`, because a server may accept a mail and return it later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TranscriptState {
    /// Its slot is reserved. It is being sent, or its sender crashed before recording the result.
    Reserved,
    /// SES may or may not have accepted it, because its response was lost. It is not sent again.
    Unknown,
    /// SES accepted the mail for delivery.
    Sent,
    /// The recipient's server does not accept it for now. SES keeps retrying.
    Delayed,
    /// The recipient's server accepted it.
    Delivered,
    /// SES found a virus in it after accepting it, and did not send it.
    Rejected,
    /// It bounced, or SES did not send it because earlier mail to the address bounced.
    Bounced,
    /// The recipient reported it as spam.
    Complained,
}

impl TranscriptState {
    /// All states, in the order of rank.
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

    /// The state as it is stored and shown, such as `sent`.
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
