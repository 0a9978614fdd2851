use dynamodb::{ItemOutcome, Table, TransactOutcome, attribute};
use errors::Fault;
use store::{ConversationUpdate, StoredConversation, ThreadVersion, transact_all_in_conversation};

use crate::messages::message_counts::MessageCounts;
use crate::messages::pending::{Next, Pending};
use crate::messages::prepared_message::PreparedMessage;
use crate::messages::recording::MessagesRecording;

/// The maximum number of messages in one transaction: DynamoDB's 100 actions minus the
/// conversation's own. A transaction never reaches DynamoDB's limit of 4 MB, because all messages of a
/// recording together take less.
const MESSAGES_AT_ONCE: usize = 99;

/// The maximum number of attempts of one transaction. The second one is enough unless other writes of
/// the same messages interfere.
const ATTEMPTS: u32 = 8;

/// The outcome of recording messages.
#[derive(Debug)]
pub enum MessagesOutcome {
    /// Each message is recorded as it was sent, or its recorded version is newer or private.
    All {
        /// Whether at least one message is older than its recorded version.
        is_outdated: bool,
    },
    /// The conversation does not exist.
    NoConversation,
    /// The conversation was erased.
    Erased,
}

/// Records messages, in transactions of up to 99. Without messages, nothing is checked or written.
///
/// # Errors
/// If DynamoDB fails, or if other writes of the messages interfere with every attempt. Some of the
/// messages may then be recorded, and the caller must retry all of them.
pub async fn record_messages(
    table: &Table,
    recording: &MessagesRecording,
) -> Result<MessagesOutcome, Fault> {
    let mut any_is_outdated = false;
    for messages in recording.messages.chunks(MESSAGES_AT_ONCE) {
        match write_messages(table, recording, messages).await? {
            MessagesOutcome::All { is_outdated } => any_is_outdated |= is_outdated,
            refused => return Ok(refused),
        }
    }
    Ok(MessagesOutcome::All {
        is_outdated: any_is_outdated,
    })
}

/// Writes messages and their conversation in one transaction, so that no message is written after
/// an erasure. Leaves out messages whose recorded version is private or newer, and writes the
/// others.
///
/// Takes one round trip if all messages are new, and two if some are recorded already.
async fn write_messages(
    table: &Table,
    recording: &MessagesRecording,
    messages: &[PreparedMessage],
) -> Result<MessagesOutcome, Fault> {
    let mut is_outdated = false;
    let mut pending: Vec<_> = messages.iter().map(Pending::first).collect();
    for _ in 0..ATTEMPTS {
        if pending.is_empty() {
            return Ok(MessagesOutcome::All { is_outdated });
        }
        let mut update = ConversationUpdate::default();
        if let Some(version) = thread_version(recording, &pending) {
            update = update
                .set("thread_version = :thread_version")
                .value(":thread_version", attribute(&version)?);
        }
        let mut counts = MessageCounts::default();
        pending.iter().for_each(|it| it.count(&mut counts));
        update = counts.add_to(update);
        let items = pending
            .iter()
            .map(|pending| pending.transact_item(table, recording))
            .collect::<Result<Vec<_>, _>>()?;
        let written =
            transact_all_in_conversation(table, recording.conversation_ref(), update, &items)
                .await?;
        let refused = match written {
            TransactOutcome::Committed => return Ok(MessagesOutcome::All { is_outdated }),
            TransactOutcome::Unknown(fault) => return Err(fault),
            TransactOutcome::Refused(refused) => refused,
        };
        if let Some(recorded) = explain_conversation(refused.conversation, recording)? {
            return Ok(recorded);
        }
        let mut next = Vec::new();
        for (pending, outcome) in pending.into_iter().zip(refused.others) {
            let Some(step) = pending.after_refusal(outcome, recording.now)? else {
                next.push(pending);
                continue;
            };
            is_outdated |= step.is_outdated;
            if let Next::Write(write) = step.next {
                next.push(Pending { write, ..pending });
            }
        }
        pending = next;
    }
    Err(Fault::contended(
        "the messages conflicted with other writes in every attempt",
    ))
}

/// The outcome of the recording if the conversation itself refused it.
fn explain_conversation(
    conversation: ItemOutcome,
    recording: &MessagesRecording,
) -> Result<Option<MessagesOutcome>, Fault> {
    let ItemOutcome::Failed(item) = conversation else {
        return Ok(None);
    };
    Ok(match StoredConversation::read(item)? {
        StoredConversation::Erased(_) => Some(MessagesOutcome::Erased),
        stored => match stored.into_existing(recording.now) {
            None => Some(MessagesOutcome::NoConversation),
            Some(_) => None,
        },
    })
}

/// The version of the thread after all of `pending` are written. Returns `None` if the public part
/// of the thread does not change.
fn thread_version(recording: &MessagesRecording, pending: &[Pending<'_>]) -> Option<ThreadVersion> {
    let is_hiding = pending.iter().any(|it| it.hides_public() == Some(true));
    let changing = pending.iter().filter(|it| it.hides_public().is_some());
    let first = changing.min_by_key(|it| &it.message.place)?;
    Some(ThreadVersion {
        write: recording.id.to_string(),
        message: first.message.place.clone(),
        is_public: !is_hiding,
    })
}
