use domain::Timestamp;
use dynamodb::{ItemOutcome, Table, read_not_evaluated};
use errors::Fault;
use store::{StoredConversation, TranscriptItem};

/// The outcome of one write.
pub(crate) enum Step {
    /// The write succeeded. This is the transcript after it.
    Written(Box<TranscriptItem>),
    /// Another write came first. This is the transcript after that one.
    Overtaken(Box<TranscriptItem>),
    /// The transcript or its conversation no longer exists.
    Gone,
}

/// Finds the reason for a refused write: another write came first, or the transcript or its
/// conversation no longer exists.
pub(crate) async fn explain_refused(
    table: &Table,
    conversation: ItemOutcome,
    transcript: ItemOutcome,
    now: Timestamp,
) -> Result<Step, Fault> {
    let [conversation, transcript] = read_not_evaluated(table, [conversation, transcript]).await?;
    explain(conversation, transcript, now)
}

fn explain(
    conversation: ItemOutcome,
    transcript: ItemOutcome,
    now: Timestamp,
) -> Result<Step, Fault> {
    if let Some(stored) = StoredConversation::of_outcome(conversation)?
        && stored.into_existing(now).is_none()
    {
        return Ok(Step::Gone);
    }
    match transcript.read::<TranscriptItem>()? {
        Some(Some(existing)) => Ok(Step::Overtaken(Box::new(existing))),
        Some(None) => Ok(Step::Gone),
        None => Err(Fault::contended(
            "other writes kept refusing a delivery update",
        )),
    }
}
