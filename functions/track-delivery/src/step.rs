use domain::Timestamp;
use dynamodb::{ItemOutcome, ReportedItem, Table, read_not_evaluated};
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
    if let ReportedItem::Absent = StoredConversation::reported(conversation, now)? {
        return Ok(Step::Gone);
    }
    match transcript.read::<TranscriptItem>()? {
        ReportedItem::Existing(existing) => Ok(Step::Overtaken(Box::new(existing))),
        ReportedItem::Absent => Ok(Step::Gone),
        ReportedItem::NotReported => Err(Fault::contended(
            "a delivery update conflicted with other writes in every attempt",
        )),
    }
}

#[cfg(test)]
mod tests {
    use domain::TranscriptState;
    use dynamodb::{Key, write_item};
    use serde::Serialize;
    use serde_json::json;

    use super::*;

    fn failed(item: &impl Serialize) -> ItemOutcome {
        let key = Key {
            pk: "p".to_owned(),
            sk: "s".to_owned(),
        };
        ItemOutcome::Failed(Some(write_item(key, item).unwrap()))
    }

    #[test]
    fn a_refused_update_is_explained_by_the_conversation_and_then_by_the_transcript() {
        let transcript = json!({
            "transcript_id": "0a1b",
            "state": "delivered",
            "to": "ana@example.org",
            "from": "support@example.com",
            "sender_name": "Support",
            "agent": { "id": "kim" },
            "message_count": 1,
            "sent_at": Timestamp::EPOCH,
        });
        let erased = json!({ "erased_at": Timestamp::EPOCH });
        let absent = || ItemOutcome::Failed(None);
        for (conversation, transcript, expected) in [
            (failed(&erased), failed(&transcript), Some("gone")),
            (absent(), ItemOutcome::Passed, Some("gone")),
            (ItemOutcome::Passed, absent(), Some("gone")),
            (ItemOutcome::Passed, failed(&transcript), Some("overtaken")),
            (ItemOutcome::Passed, ItemOutcome::Passed, None),
        ] {
            let name = format!("{conversation:?} {transcript:?}");
            let step = explain(conversation, transcript, Timestamp::EPOCH).ok();
            let step = step.map(|step| match step {
                Step::Gone => "gone",
                Step::Overtaken(existing) => {
                    assert_eq!(existing.state, TranscriptState::Delivered);
                    "overtaken"
                }
                Step::Written(_) => "written",
            });
            assert_eq!(step, expected, "{name}");
        }
    }
}
