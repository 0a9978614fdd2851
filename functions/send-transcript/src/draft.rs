use store::{PreparedFrom, TranscriptItem};
use transcript_mail::Transcript;

/// A transcript that may be sent.
#[derive(Debug)]
pub(crate) struct Draft {
    /// As it is reserved.
    pub(crate) item: TranscriptItem,
    /// What must not have changed when it is sent.
    pub(crate) prepared_from: PreparedFrom,
    /// As it is mailed, but for what stands around its messages.
    pub(crate) transcript: Transcript,
}
