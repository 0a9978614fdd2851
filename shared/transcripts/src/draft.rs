use std::sync::Arc;

use settings::Settings;
use store::{ConversationSnapshot, TranscriptItem};
use transcript_mail::Transcript;

/// A transcript that may be sent.
#[derive(Debug)]
pub(crate) struct Draft {
    /// The item that the reservation writes.
    pub(crate) item: TranscriptItem,
    /// The parts of the conversation that must be unchanged when the mail is sent.
    pub(crate) snapshot: ConversationSnapshot,
    /// The messages of the mail, without the text above and below them.
    pub(crate) transcript: Transcript,
    /// The organisation's settings.
    pub(crate) own_settings: Arc<Settings>,
}
