use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use shared::domain::Visibility;
use shared::fault::Fault;
use shared::table::{
    ConversationUpdate, EntryItem, IS_FREE, Leg, StoredConversation, Table, ThreadVersion,
    TransactWriteItem, Transacted, attribute, leg, number, read_item, string,
};

use super::body::{NewMessage, Recording};
use crate::RecordConversation;

/// How many messages one transaction takes: DynamoDB's 100 actions less the conversation's own. Its
/// 4 MB are never reached, because a body has at most 1 MB.
const MESSAGES_AT_ONCE: usize = 99;

/// How often messages are tried again that kept meeting other writes.
const RETRIES: u32 = 5;

/// The attributes of a message that a later version of it may lack.
const OPTIONAL_ATTRIBUTES: [&str; 2] = ["attachments", "public_at"];

/// The outcome of recording messages.
#[derive(Debug)]
pub(super) enum Recorded {
    /// Each is in the thread as it was sent, or as something newer or private has it: 200.
    All {
        /// Whether at least one is older than what was recorded of it before.
        is_outdated: bool,
    },
    /// There is no such conversation: 404.
    NoConversation,
    /// It was erased: 410.
    Erased,
}

/// One message of a transaction.
#[derive(Clone, Debug)]
struct Pending<'a> {
    message: &'a NewMessage,
    /// Whether only its visibility is written: it is private, and what the thread has is newer.
    hides_only: bool,
}

/// What is done about a message that the thread refuses.
enum Next {
    /// It is tried again.
    Retry,
    /// It makes what the thread has private.
    Hide,
    /// Nothing.
    Drop,
}

impl RecordConversation {
    /// Writes the messages, in transactions of up to 99.
    pub(super) async fn write_all_messages(
        &self,
        recording: &Recording,
    ) -> Result<Recorded, Fault> {
        let mut any_is_outdated = false;
        for messages in recording.messages.chunks(MESSAGES_AT_ONCE) {
            match self.write_messages(recording, messages).await? {
                Recorded::All { is_outdated } => any_is_outdated |= is_outdated,
                refused => return Ok(refused),
            }
        }
        Ok(Recorded::All {
            is_outdated: any_is_outdated,
        })
    }

    /// Writes messages in one transaction with their conversation, so that none is written after an
    /// erasure. Those that the thread has as private, or newer, are left out: the others are written
    /// without them.
    async fn write_messages(
        &self,
        recording: &Recording,
        messages: &[NewMessage],
    ) -> Result<Recorded, Fault> {
        let mut is_outdated = false;
        let mut pending: Vec<_> = messages
            .iter()
            .map(|message| Pending {
                message,
                hides_only: false,
            })
            .collect();
        let mut retries = 0;
        while retries <= RETRIES {
            let Some(version) = thread_version(recording, &pending) else {
                return Ok(Recorded::All { is_outdated });
            };
            let update = ConversationUpdate::default()
                .set("thread_version = :thread_version")
                .value(":thread_version", attribute(&version)?);
            let legs = pending
                .iter()
                .map(|pending| pending.leg(&self.table, recording))
                .collect::<Result<Vec<_>, _>>()?;
            let written = self
                .table
                .transact_all_in(recording.at(), update, &legs)
                .await?;
            let refused = match written {
                Transacted::Committed => return Ok(Recorded::All { is_outdated }),
                Transacted::Unsettled(fault) => return Err(fault),
                Transacted::Refused(refused) => refused,
            };
            if let Leg::Refused(item) = refused.conversation {
                match StoredConversation::read(item)? {
                    StoredConversation::Erased(_) => return Ok(Recorded::Erased),
                    stored if stored.clone().standing(recording.now).is_none() => {
                        return Ok(Recorded::NoConversation);
                    }
                    _ => {}
                }
            }
            let before = pending.len();
            let mut changes = false;
            let mut next = Vec::new();
            for (pending, leg) in pending.into_iter().zip(refused.others) {
                let (step, was_newer) = pending.after(leg)?;
                is_outdated |= was_newer;
                match step {
                    Next::Retry => next.push(pending),
                    Next::Hide => {
                        changes = true;
                        next.push(Pending {
                            hides_only: true,
                            ..pending
                        });
                    }
                    Next::Drop => {}
                }
            }
            pending = next;
            if pending.len() == before && !changes {
                retries += 1;
            }
        }
        Err(Fault::contended("messages kept meeting other writes"))
    }
}

impl Pending<'_> {
    fn leg(&self, table: &Table, recording: &Recording) -> Result<TransactWriteItem, Fault> {
        if self.hides_only {
            self.hide(table, recording)
        } else {
            self.record(table, recording)
        }
    }

    /// Records the message. It keeps the arrival of an earlier version, and so its place among the
    /// messages of its time. Private wins for good: a public version does not replace a private one.
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
        // Without an `as_of` the refusal says all, and what the thread has may be long.
        if message.as_of.is_none() {
            update = update.return_values_on_condition_check_failure(
                ReturnValuesOnConditionCheckFailure::None,
            );
        }
        let is_not_private = "visibility = :public";
        let is_not_newer = "(attribute_not_exists(as_of) OR as_of <= :as_of)";
        let replaces = match (message.visibility, message.as_of) {
            (Visibility::Private, None) => return leg(update),
            (Visibility::Private, Some(_)) => is_not_newer.to_owned(),
            (Visibility::Public, None) => is_not_private.to_owned(),
            (Visibility::Public, Some(_)) => format!("({is_not_private} AND {is_not_newer})"),
        };
        update = update
            .condition_expression(format!("{IS_FREE} OR {replaces}"))
            .expression_attribute_values(":now", number(recording.now.epoch_seconds()));
        if message.visibility == Visibility::Public {
            update = update.expression_attribute_values(":public", string("public"));
        }
        if let Some(as_of) = message.as_of {
            update = update.expression_attribute_values(":as_of", string(as_of));
        }
        leg(update)
    }

    /// Makes what the thread has private, and leaves the rest of it.
    fn hide(&self, table: &Table, recording: &Recording) -> Result<TransactWriteItem, Fault> {
        leg(table
            .update(self.message.key.clone())
            .update_expression(
                "SET visibility = :private, written_by = :written_by REMOVE public_at",
            )
            .condition_expression("visibility = :public")
            .expression_attribute_values(":private", string("private"))
            .expression_attribute_values(":public", string("public"))
            .expression_attribute_values(":written_by", string(recording.id)))
    }

    /// What is done about the message after a refused transaction, and whether what the thread has is
    /// newer.
    fn after(&self, leg: Leg) -> Result<(Next, bool), Fault> {
        let existing = match leg {
            Leg::Refused(item) => item,
            Leg::Fine | Leg::Unknown(_) | Leg::Read(_) => return Ok((Next::Retry, false)),
        };
        if self.hides_only {
            return Ok((Next::Drop, false));
        }
        let Some(as_of) = self.message.as_of else {
            return Ok((Next::Drop, false));
        };
        let Some(existing) = existing.map(read_item::<EntryItem>).transpose()? else {
            return Ok((Next::Retry, false));
        };
        let is_newer = existing.as_of.is_some_and(|newest| newest > as_of);
        let next = match (self.message.visibility, existing.entry.visibility) {
            (Visibility::Private, Visibility::Public) => Next::Hide,
            _ => Next::Drop,
        };
        Ok((next, is_newer))
    }
}

/// The state of the thread once all of `pending` are written; `None` if there are none.
fn thread_version(recording: &Recording, pending: &[Pending<'_>]) -> Option<ThreadVersion> {
    let first = pending.iter().min_by_key(|it| &it.message.place)?;
    Some(ThreadVersion {
        write: recording.id.to_string(),
        message: first.message.place.clone(),
        is_public: first.message.visibility == Visibility::Public,
    })
}
