use serde::{Deserialize, Serialize};

/// What has become of a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TranscriptState {
    /// Its slot is taken; it is being sent, or its sender died before it could say more.
    Reserved,
    /// SES may have accepted it or not: its answer never came. It is not sent again.
    Unknown,
    /// SES accepted it.
    Sent,
}

impl TranscriptState {
    /// The state as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Unknown => "unknown",
            Self::Sent => "sent",
        }
    }
}
