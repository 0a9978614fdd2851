use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use domain::Visibility;
use dynamodb::{
    ABSENT_OR_EXPIRED, ItemOutcome, Table, TransactWriteItem, attribute, number, read_item, string,
    transact_item, update_expression,
};
use errors::Fault;
use store::EntryItem;

use crate::messages::body::{NewMessage, Recording};

/// The attributes of a message that a later version of it may lack.
const OPTIONAL_ATTRIBUTES: [&str; 3] = ["attachments", "public_at", "unlinked_attachments"];

/// One message of a transaction.
#[derive(Clone, Debug)]
pub(super) struct Pending<'a> {
    pub(super) message: &'a NewMessage,
    pub(super) write: Write,
}

/// How a transaction writes a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Write {
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
    pub(super) fn first(message: &'a NewMessage) -> Self {
        let write = match message.visibility {
            Visibility::Public => Write::Public,
            Visibility::Private => Write::Private,
        };
        Self { message, write }
    }

    /// The item of the transaction that writes the message.
    pub(super) fn transact_item(
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
        update = update.update_expression(update_expression(&assignments, &removals));
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
    pub(super) fn after_refusal(&self, outcome: ItemOutcome) -> Result<Option<Step>, Fault> {
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
        let next = next_write(self.write, existing, is_outdated);
        Ok(Some(Step { next, is_outdated }))
    }
}

/// The next write of a message whose `write` was refused. `existing` is the visibility of the
/// recorded message, if it was read, and `is_outdated` states whether that message is newer.
fn next_write(write: Write, existing: Option<Visibility>, is_outdated: bool) -> Next {
    match (write, existing) {
        // The recorded message is public. The first arm applies if it is not newer.
        (Write::Private, None | Some(Visibility::Public)) if !is_outdated => {
            Next::Write(Write::PrivateOverPublic)
        }
        (Write::Private | Write::PrivateOverPublic, Some(Visibility::Public)) => {
            Next::Write(Write::Hide)
        }
        // The recorded message is private, newer, or both.
        _ => Next::Drop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_message_stays_private_and_a_newer_one_keeps_its_text() {
        use Visibility::{Private, Public};
        let over_public = || Next::Write(Write::PrivateOverPublic);
        let hide = || Next::Write(Write::Hide);
        for (write, existing, is_outdated, expected) in [
            (Write::Public, None, false, Next::Drop),
            (Write::Public, Some(Private), false, Next::Drop),
            (Write::Public, Some(Public), true, Next::Drop),
            (Write::Private, None, false, over_public()),
            (Write::Private, Some(Public), false, over_public()),
            (Write::Private, Some(Public), true, hide()),
            (Write::Private, Some(Private), true, Next::Drop),
            (Write::PrivateOverPublic, Some(Public), true, hide()),
            (Write::PrivateOverPublic, Some(Private), true, Next::Drop),
            (Write::Hide, None, false, Next::Drop),
        ] {
            let next = next_write(write, existing, is_outdated);
            assert_eq!(next, expected, "{write:?} {existing:?} {is_outdated}");
        }
    }
}
