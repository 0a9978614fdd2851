use dynamodb::{Batch, MAX_KEYS_IN_BATCH, Table};
use errors::Fault;
use store::EntryItem;

use crate::messages::recording::MessagesRecording;
use crate::messages::write::{MessagesOutcome, record_messages};

/// Records messages as [`record_messages`] does, except those that are recorded already with the same content.
/// Use it for messages of which most are likely to be recorded: it reads them first, because a read costs a
/// fraction of a write.
///
/// A message that is not recorded, and was sent before the stack's retention, is left out, too. It may have expired.
///
/// A message that is recorded and left out keeps its `as_of`. An older version that was read before, or that an event
/// contains, and is written late can then replace it, until the next read. So pass only what was read from the platform's
/// current thread. A version that follows from an event must be recorded with [`record_messages`], also if it is the same.
///
/// # Errors
/// As [`record_messages`].
pub async fn record_changed_messages(
    table: &Table,
    mut recording: MessagesRecording,
) -> Result<MessagesOutcome, Fault> {
    let mut changed = Vec::new();
    let messages = std::mem::take(&mut recording.messages);
    let mut messages = messages.into_iter().peekable();
    while messages.peek().is_some() {
        let batch: Vec<_> = messages.by_ref().take(MAX_KEYS_IN_BATCH).collect();
        let keys = batch.iter().map(|message| message.key.clone());
        let mut recorded = Batch::read(table, keys).await?;
        for message in batch {
            let existing: Option<EntryItem> =
                recorded.take_unexpired(&message.key, recording.now)?;
            let is_left_out = match existing {
                Some(existing) => message.has_content_of(&existing)?,
                None => {
                    let expires_at = table.retention().expires_at(message.sent_at);
                    expires_at.is_some_and(|it| it <= recording.now.epoch_seconds())
                }
            };
            if !is_left_out {
                changed.push(message);
            }
        }
    }
    recording.messages = changed;
    record_messages(table, &recording).await
}
