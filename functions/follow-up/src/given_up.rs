//! Says in the thread that a mail was given up.

use domain::{Entry, EntryId, Event, MailInThread, Timestamp, UniqueId};
use dynamodb::{ABSENT_OR_EXPIRED, TransactOutcome, number, put_with_ttl, string, transact_item};
use errors::Fault;
use lambda::events::EventOutcome;
use store::{ConversationRef, ConversationUpdate, EntryItem, key, transact_in_conversation};

use crate::FollowUp;
use crate::due::Due;

impl FollowUp {
    /// Writes the private event, once for the round or the rating request of the mail.
    pub(crate) async fn record_given_up(
        &self,
        due: &Due,
        mail: MailInThread,
        now: Timestamp,
    ) -> Result<EventOutcome, Fault> {
        let conversation = due.conversation_id.as_str();
        let id = UniqueId::derived_from(&[due.organisation.as_str(), conversation, due.subject()]);
        let id = EntryId::of_event("mail_given_up", &id.to_string());
        // A repeated firing has another time, so the entry alone does not tell whether it exists.
        let once = ConversationUpdate::default()
            .set("given_up = :given_up")
            .value(":given_up", string(&id))
            .require("NOT given_up = :given_up");
        let key = key::entry(&due.organisation, &due.conversation_id, now, &id);
        let entry = EntryItem::from(Entry::of_event(id, now, Event::MailGivenUp { mail }));
        let put_event = transact_item(
            put_with_ttl(&self.table, key, &entry, now)?
                .condition_expression(ABSENT_OR_EXPIRED)
                .expression_attribute_values(":now", number(now.epoch_seconds())),
        )?;
        let written = transact_in_conversation(
            &self.table,
            ConversationRef::new(&due.organisation, &due.conversation_id, now),
            once,
            [put_event],
        );
        match written.await? {
            TransactOutcome::Committed => Ok(EventOutcome::applied("given_up")),
            TransactOutcome::Refused(_) => {
                Ok(EventOutcome::unchanged("already_given_up_or_erased"))
            }
            TransactOutcome::Unknown(fault) => Err(fault),
        }
    }
}
