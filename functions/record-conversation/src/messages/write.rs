use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use domain::Visibility;
use dynamodb::{
    ABSENT_OR_EXPIRED, ItemOutcome, Table, TransactOutcome, TransactWriteItem, attribute, number,
    read_item, string, transact_item,
};
use errors::Fault;
use store::{
    ConversationUpdate, EntryItem, StoredConversation, ThreadVersion, transact_all_in_conversation,
};

use super::body::{NewMessage, Recording};

/// The maximum number of messages in one transaction: DynamoDB's 100 actions minus the
/// conversation's own. A transaction never reaches DynamoDB's limit of 4 MB, because a request body
/// has at most 1 MB.
const MESSAGES_AT_ONCE: usize = 99;

/// The maximum number of retries if other writes to the messages interfere.
const RETRIES: u32 = 5;

/// The attributes of a message that a later version of it may lack.
const OPTIONAL_ATTRIBUTES: [&str; 3] = ["attachments", "public_at", "unlinked_attachments"];

/// The outcome of recording messages.
#[derive(Debug)]
pub(super) enum Recorded {
    /// Each message is recorded as it was sent, or its recorded version is newer or private: 200.
    All {
        /// Whether at least one message is older than its recorded version.
        is_outdated: bool,
    },
    /// The conversation does not exist: 404.
    NoConversation,
    /// The conversation was erased: 410.
    Erased,
}

/// One message of a transaction.
#[derive(Clone, Debug)]
struct Pending<'a> {
    message: &'a NewMessage,
    write: Write,
}

/// How a transaction writes a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Write {
    /// Records a public message, unless its recorded version is private.
    Public,
    /// Records a private message, unless its recorded version is public.
    Private,
    /// Records a private message whose recorded version is public.
    PrivateOverPublic,
    /// Makes the recorded message private. Keeps its text, because it is newer.
    Hide,
}

/// What to do with a message after its write was refused.
enum Next {
    Write(Write),
    /// Do nothing, because the recorded version is private or newer.
    Drop,
}

/// Writes the messages, in transactions of up to 99.
pub(super) async fn write_all_messages(
    table: &Table,
    recording: &Recording,
) -> Result<Recorded, Fault> {
    let mut any_is_outdated = false;
    for messages in recording.messages.chunks(MESSAGES_AT_ONCE) {
        match write_messages(table, recording, messages).await? {
            Recorded::All { is_outdated } => any_is_outdated |= is_outdated,
            refused => return Ok(refused),
        }
    }
    Ok(Recorded::All {
        is_outdated: any_is_outdated,
    })
}

/// Writes messages and their conversation in one transaction, so that no message is written after
/// an erasure. Leaves out messages whose recorded version is private or newer, and writes the
/// others.
async fn write_messages(
    table: &Table,
    recording: &Recording,
    messages: &[NewMessage],
) -> Result<Recorded, Fault> {
    let mut is_outdated = false;
    let mut pending: Vec<_> = messages
        .iter()
        .map(|message| Pending {
            message,
            write: match message.visibility {
                Visibility::Public => Write::Public,
                Visibility::Private => Write::Private,
            },
        })
        .collect();
    let mut retries = 0;
    while retries <= RETRIES {
        if pending.is_empty() {
            return Ok(Recorded::All { is_outdated });
        }
        let mut update = ConversationUpdate::default();
        if let Some(version) = thread_version(recording, &pending) {
            update = update
                .set("thread_version = :thread_version")
                .value(":thread_version", attribute(&version)?);
        }
        let items = pending
            .iter()
            .map(|pending| pending.transact_item(table, recording))
            .collect::<Result<Vec<_>, _>>()?;
        let written =
            transact_all_in_conversation(table, recording.conversation_ref(), update, &items)
                .await?;
        let refused = match written {
            TransactOutcome::Committed => return Ok(Recorded::All { is_outdated }),
            TransactOutcome::Unknown(fault) => return Err(fault),
            TransactOutcome::Refused(refused) => refused,
        };
        if let ItemOutcome::Failed(item) = refused.conversation {
            match StoredConversation::read(item)? {
                StoredConversation::Erased(_) => return Ok(Recorded::Erased),
                stored if stored.clone().into_existing(recording.now).is_none() => {
                    return Ok(Recorded::NoConversation);
                }
                _ => {}
            }
        }
        let mut changes = false;
        let mut next = Vec::new();
        for (pending, outcome) in pending.into_iter().zip(refused.others) {
            let Some(step) = pending.after_refusal(outcome)? else {
                next.push(pending);
                continue;
            };
            changes = true;
            is_outdated |= step.is_outdated;
            if let Next::Write(write) = step.next {
                next.push(Pending { write, ..pending });
            }
        }
        pending = next;
        if !changes {
            retries += 1;
        }
    }
    Err(Fault::contended("messages kept meeting other writes"))
}

/// The next step for a message whose write was refused.
struct Step {
    next: Next,
    /// Whether the recorded version is newer.
    is_outdated: bool,
}

impl Pending<'_> {
    fn transact_item(
        &self,
        table: &Table,
        recording: &Recording,
    ) -> Result<TransactWriteItem, Fault> {
        if self.write == Write::Hide {
            self.hide(table, recording)
        } else {
            self.record(table, recording)
        }
    }

    /// Records the message. Keeps the arrival of an earlier version, and therefore its position
    /// among messages of the same time.
    fn record(&self, table: &Table, recording: &Recording) -> Result<TransactWriteItem, Fault> {
        let message = self.message;
        let mut attributes = message.attributes.clone();
        if let Some(expires_at) = table.retention().expires_at(recording.now) {
            attributes.insert("expires_at".to_owned(), number(expires_at));
        }
        let mut update = table.update(message.key.clone());
        let mut removals = Vec::new();
        for name in OPTIONAL_ATTRIBUTES.into_iter().chain(["expires_at"]) {
            if !attributes.contains_key(name) {
                removals.push(name);
            }
        }
        let mut assignments = Vec::new();
        for (number, (name, value)) in attributes.into_iter().enumerate() {
            let (placeholder, value_placeholder) = (format!("#a{number}"), format!(":a{number}"));
            assignments.push(if name == "arrival" {
                format!("{placeholder} = if_not_exists({placeholder}, {value_placeholder})")
            } else {
                format!("{placeholder} = {value_placeholder}")
            });
            update = update
                .expression_attribute_names(placeholder, name)
                .expression_attribute_values(value_placeholder, value);
        }
        let mut expression = format!("SET {}", assignments.join(", "));
        if !removals.is_empty() {
            expression = format!("{expression} REMOVE {}", removals.join(", "));
        }
        update = update.update_expression(expression);
        // Do not return the recorded message if there is no `as_of`. It is not needed then, and it
        // may be large.
        if message.as_of.is_none() {
            update = update.return_values_on_condition_check_failure(
                ReturnValuesOnConditionCheckFailure::None,
            );
        }
        let is_not_newer = "attribute_not_exists(as_of) OR as_of <= :as_of";
        // DynamoDB refuses redundant parentheses.
        let replaces = match (self.write, message.as_of) {
            (Write::PrivateOverPublic, None) => return transact_item(update),
            (Write::PrivateOverPublic, Some(_)) => is_not_newer.to_owned(),
            (_, None) => "visibility = :visibility".to_owned(),
            (_, Some(_)) => format!("(visibility = :visibility AND ({is_not_newer}))"),
        };
        update = update
            .condition_expression(format!("{ABSENT_OR_EXPIRED} OR {replaces}"))
            .expression_attribute_values(":now", number(recording.now.epoch_seconds()));
        if self.write != Write::PrivateOverPublic {
            let visibility = attribute(&message.visibility)?;
            update = update.expression_attribute_values(":visibility", visibility);
        }
        if let Some(as_of) = message.as_of {
            update = update.expression_attribute_values(":as_of", string(as_of));
        }
        transact_item(update)
    }

    fn hide(&self, table: &Table, recording: &Recording) -> Result<TransactWriteItem, Fault> {
        transact_item(
            table
                .update(self.message.key.clone())
                .update_expression(
                    "SET visibility = :private, written_by = :written_by REMOVE public_at",
                )
                .condition_expression("visibility = :public")
                .expression_attribute_values(":private", string("private"))
                .expression_attribute_values(":public", string("public"))
                .expression_attribute_values(":written_by", string(recording.id)),
        )
    }

    /// Returns the next step after a refused transaction. Returns `None` if DynamoDB did not report
    /// that this message's own condition failed.
    fn after_refusal(&self, outcome: ItemOutcome) -> Result<Option<Step>, Fault> {
        let ItemOutcome::Failed(existing) = outcome else {
            return Ok(None);
        };
        let (existing, is_outdated) = match (existing, self.message.as_of) {
            (Some(item), Some(as_of)) => {
                let existing: EntryItem = read_item(item)?;
                let is_newer = existing.as_of.is_some_and(|newest| newest > as_of);
                (Some(existing.entry.visibility), is_newer)
            }
            _ => (None, false),
        };
        let next = match (self.write, existing) {
            // The recorded message is public. The first arm applies if it is not newer.
            (Write::Private, None | Some(Visibility::Public)) if !is_outdated => {
                Next::Write(Write::PrivateOverPublic)
            }
            (Write::Private | Write::PrivateOverPublic, Some(Visibility::Public)) => {
                Next::Write(Write::Hide)
            }
            // The recorded message is private, newer, or both.
            _ => Next::Drop,
        };
        Ok(Some(Step { next, is_outdated }))
    }
}

/// The version of the thread after all of `pending` are written. Returns `None` if the public part
/// of the thread does not change.
fn thread_version(recording: &Recording, pending: &[Pending<'_>]) -> Option<ThreadVersion> {
    let hides = |it: &&Pending<'_>| matches!(it.write, Write::PrivateOverPublic | Write::Hide);
    let shows = |it: &&Pending<'_>| it.write == Write::Public;
    let is_hiding = pending.iter().any(|it| hides(&it));
    let changing = pending.iter().filter(|it| hides(it) || shows(it));
    let first = changing.min_by_key(|it| &it.message.place)?;
    Some(ThreadVersion {
        write: recording.id.to_string(),
        message: first.message.place.clone(),
        is_public: !is_hiding,
    })
}
