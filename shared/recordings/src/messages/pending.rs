use domain::{AuthorKind, EntryContent, Timestamp, Visibility};
use dynamodb::{
    ABSENT_OR_EXPIRED, Item, ItemOutcome, Table, TransactWriteItem, attribute, number, read_item,
    string, transact_item, update_expression,
};
use errors::Fault;
use serde::Deserialize;
use store::EntryItem;

use crate::messages::message_counts::MessageCounts;
use crate::messages::prepared_message::PreparedMessage;
use crate::messages::recording::MessagesRecording;

/// The attributes of a message that a later version of it may lack.
const OPTIONAL_ATTRIBUTES: [&str; 3] = ["attachments", "public_at", "unlinked_attachments"];

/// One message of a transaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending<'a> {
    pub(super) message: &'a PreparedMessage,
    pub(super) write: Write,
}

/// How a transaction writes a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Write {
    /// Records a message that does not exist.
    New,
    /// Replaces the recorded message.
    Replace(Counted),
    /// Makes the recorded message private. Keeps its text, because it is newer.
    Hide(Counted),
}

/// What the conversation's numbers of messages depend on, of a recorded message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    visibility: Visibility,
    author: AuthorKind,
}

/// What to do with a message after its write was refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Write(Write),
    /// Do nothing, because the recorded version is private or newer.
    Drop,
}

/// The next step for a message whose write was refused.
pub(super) struct Step {
    pub(super) next: Next,
    /// Whether the recorded version is newer.
    pub(super) is_outdated: bool,
}

impl<'a> Pending<'a> {
    /// The first attempt to write `message`.
    pub(super) fn first(message: &'a PreparedMessage) -> Self {
        let write = Write::New;
        Self { message, write }
    }

    /// Whether the write changes the public part of the thread. `Some(true)` if it hides a public
    /// message.
    pub(super) fn hides_public(&self) -> Option<bool> {
        match (self.write, self.message.visibility) {
            (Write::Hide(_), _) => Some(true),
            (_, Visibility::Public) => Some(false),
            (Write::Replace(recorded), Visibility::Private) => {
                (recorded.visibility == Visibility::Public).then_some(true)
            }
            (Write::New, Visibility::Private) => None,
        }
    }

    /// Adds what the write changes in the numbers of public messages.
    pub(super) fn count(&self, counts: &mut MessageCounts) {
        if let Write::Replace(recorded) | Write::Hide(recorded) = self.write
            && recorded.visibility == Visibility::Public
        {
            counts.remove(recorded.author);
        }
        let is_shown = self.message.visibility == Visibility::Public;
        if is_shown && !matches!(self.write, Write::Hide(_)) {
            counts.add(self.message.author);
        }
    }

    /// The item of the transaction that writes the message.
    pub(super) fn transact_item(
        &self,
        table: &Table,
        recording: &MessagesRecording,
    ) -> Result<TransactWriteItem, Fault> {
        match self.write {
            Write::New => self.record(table, recording, None),
            Write::Replace(recorded) => self.record(table, recording, Some(recorded)),
            Write::Hide(recorded) => self.hide(table, recording, recorded),
        }
    }

    /// Records the message. Keeps the arrival of an earlier version, and therefore its position
    /// among messages of the same time.
    fn record(
        &self,
        table: &Table,
        recording: &MessagesRecording,
        recorded: Option<Counted>,
    ) -> Result<TransactWriteItem, Fault> {
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
        update = update.update_expression(update_expression(&assignments, &removals));
        let Some(recorded) = recorded else {
            return transact_item(
                update
                    .condition_expression(ABSENT_OR_EXPIRED)
                    .expression_attribute_values(":now", number(recording.now.epoch_seconds())),
            );
        };
        let mut condition = Counted::CONDITION.to_owned();
        if let Some(as_of) = message.as_of {
            condition.push_str(" AND (attribute_not_exists(as_of) OR as_of <= :as_of)");
            update = update.expression_attribute_values(":as_of", string(as_of));
        }
        transact_item(
            update
                .condition_expression(condition)
                .expression_attribute_values(":visibility", attribute(&recorded.visibility)?)
                .expression_attribute_values(":author_kind", attribute(&recorded.author)?),
        )
    }

    fn hide(
        &self,
        table: &Table,
        recording: &MessagesRecording,
        recorded: Counted,
    ) -> Result<TransactWriteItem, Fault> {
        transact_item(
            table
                .update(self.message.key.clone())
                .update_expression(
                    "SET visibility = :private, written_by = :written_by REMOVE public_at",
                )
                .condition_expression(Counted::CONDITION)
                .expression_attribute_values(":private", attribute(&Visibility::Private)?)
                .expression_attribute_values(":visibility", attribute(&recorded.visibility)?)
                .expression_attribute_values(":author_kind", attribute(&recorded.author)?)
                .expression_attribute_values(":written_by", string(recording.id)),
        )
    }

    /// Returns the next step after a refused transaction at `now`. Returns `None` if DynamoDB did not
    /// report that this message's own condition failed.
    pub(super) fn after_refusal(
        &self,
        outcome: ItemOutcome,
        now: Timestamp,
    ) -> Result<Option<Step>, Fault> {
        let ItemOutcome::Failed(existing) = outcome else {
            return Ok(None);
        };
        let existing = existing.map(RecordedMessage::read).transpose()?;
        let existing = existing.filter(|it| !it.has_expired(now));
        let is_newer = |existing: &RecordedMessage| match (existing.as_of, self.message.as_of) {
            (Some(newest), Some(as_of)) => newest > as_of,
            _ => false,
        };
        let is_outdated = existing.as_ref().is_some_and(is_newer);
        let recorded = existing.map(|existing| existing.counted);
        let next = next_write(self.message.visibility, recorded, is_outdated);
        Ok(Some(Step { next, is_outdated }))
    }
}

impl Counted {
    /// The condition that the recorded message is counted as `:visibility` and `:author_kind` say.
    const CONDITION: &str = "visibility = :visibility AND author.kind = :author_kind";
}

/// The recorded version of a message.
struct RecordedMessage {
    counted: Counted,
    as_of: Option<Timestamp>,
    expires_at: Option<i64>,
}

#[derive(Deserialize)]
struct Expiry {
    expires_at: Option<i64>,
}

impl RecordedMessage {
    fn read(item: Item) -> Result<Self, Fault> {
        let Expiry { expires_at } = read_item(item.clone())?;
        let EntryItem { entry, as_of, .. } = read_item(item)?;
        let EntryContent::Message(message) = entry.content else {
            return Err(Fault::internal("an event has the key of a message"));
        };
        Ok(Self {
            counted: Counted {
                visibility: entry.visibility,
                author: message.author.kind,
            },
            as_of,
            expires_at,
        })
    }

    fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at
            .is_some_and(|expires_at| expires_at <= now.epoch_seconds())
    }
}

/// The next write of a message of this `visibility` whose write was refused. `recorded` is its recorded
/// version, and `is_outdated` states whether that version is newer.
fn next_write(visibility: Visibility, recorded: Option<Counted>, is_outdated: bool) -> Next {
    let Some(recorded) = recorded else {
        return Next::Write(Write::New);
    };
    match (visibility, recorded.visibility) {
        (Visibility::Public, Visibility::Private) => Next::Drop,
        (Visibility::Private, Visibility::Public) if is_outdated => {
            Next::Write(Write::Hide(recorded))
        }
        _ if is_outdated => Next::Drop,
        _ => Next::Write(Write::Replace(recorded)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(visibility: Visibility) -> Counted {
        Counted {
            visibility,
            author: AuthorKind::Agent,
        }
    }

    #[test]
    fn a_private_message_stays_private_and_a_newer_one_keeps_its_text() {
        use Visibility::{Private, Public};
        let replace = |visibility| Next::Write(Write::Replace(recorded(visibility)));
        let hide = || Next::Write(Write::Hide(recorded(Public)));
        for (visibility, existing, is_outdated, expected) in [
            (Public, None, false, Next::Write(Write::New)),
            (Public, Some(Private), false, Next::Drop),
            (Public, Some(Private), true, Next::Drop),
            (Public, Some(Public), false, replace(Public)),
            (Public, Some(Public), true, Next::Drop),
            (Private, None, false, Next::Write(Write::New)),
            (Private, Some(Public), false, replace(Public)),
            (Private, Some(Public), true, hide()),
            (Private, Some(Private), false, replace(Private)),
            (Private, Some(Private), true, Next::Drop),
        ] {
            let next = next_write(visibility, existing.map(recorded), is_outdated);
            assert_eq!(next, expected, "{visibility:?} {existing:?} {is_outdated}");
        }
    }
}
