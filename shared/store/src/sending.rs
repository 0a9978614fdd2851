//! The record that a transcript was sent. Two functions write it: the one that sends the mail, and
//! the one that processes SES's events. The second one repairs a transcript whose sender crashed
//! before recording the send.

use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{ConversationId, Entry, EntryId, Event, OrganisationId, TranscriptState};
use dynamodb::{
    ItemOutcome, Table, TransactOutcome, attribute, number, put_with_ttl, transact_item,
    update_with_ttl,
};
use errors::Fault;

use crate::conversation_ref::ConversationRef;
use crate::conversation_write::{ConversationUpdate, InConversation, transact_in};
use crate::key;
use crate::outbox::{EventSubject, WithOutbox};
use crate::transcript::TranscriptItem;

/// A transcript that SES accepted, with its conversation.
#[derive(Debug)]
pub struct AcceptedTranscript<'a> {
    /// The transcript's conversation, at the time of the record.
    pub at: ConversationRef<'a>,
    /// The reserved transcript, with the values of `remaining` and `rating_request` that were
    /// determined since.
    pub transcript: &'a TranscriptItem,
}

impl AcceptedTranscript<'_> {
    /// Marks the transcript as sent and puts the public event, or writes nothing. It writes nothing
    /// if the conversation does not exist or the transcript is no longer in the state `from`.
    ///
    /// The other items are the transcript and the event.
    ///
    /// # Errors
    /// If DynamoDB fails.
    pub async fn record(
        &self,
        table: &Table,
        from: TranscriptState,
    ) -> Result<TransactOutcome<InConversation<[ItemOutcome; 2]>>, Fault> {
        let others = [self.mark_sent(table, from)?, self.put_event(table)?];
        transact_in(table, self.at, ConversationUpdate::default(), others).await
    }

    fn mark_sent(&self, table: &Table, from: TranscriptState) -> Result<TransactWriteItem, Fault> {
        let TranscriptItem {
            transcript_id,
            remaining,
            rating_request,
            ..
        } = self.transcript;
        let key = key::transcript(self.at.organisation, self.at.conversation, transcript_id);
        let mut assignments = "#state = :sent".to_owned();
        let mut update = table.update(key);
        if let Some(remaining) = remaining {
            assignments.push_str(", remaining = :remaining");
            update = update.expression_attribute_values(":remaining", number(*remaining));
        }
        if let Some(asked) = rating_request {
            assignments.push_str(", rating_request = :asked");
            update = update.expression_attribute_values(":asked", attribute(asked)?);
        }
        transact_item(
            update_with_ttl(table, update, &assignments, self.at.now)
                .condition_expression("#state = :from")
                .expression_attribute_names("#state", "state")
                .expression_attribute_values(":sent", attribute(&TranscriptState::Sent)?)
                .expression_attribute_values(":from", attribute(&from)?),
        )
    }

    /// The event's key is derived from the reservation alone, so that both writers write the same
    /// event.
    fn put_event(&self, table: &Table) -> Result<TransactWriteItem, Fault> {
        let transcript = self.transcript;
        let id = EntryId::of_event("transcript_sent", transcript.transcript_id.as_str());
        let event = Event::TranscriptSent {
            transcript_id: transcript.transcript_id.clone(),
            to: transcript.to.mask(),
            agent: transcript.agent.clone(),
        };
        let at = transcript.sent_at;
        let key = key::entry(self.at.organisation, self.at.conversation, at, &id);
        let entry = WithOutbox::entry(
            Entry::of_event(id, at, event),
            subject(self.at.organisation, self.at.conversation, transcript),
        );
        transact_item(put_with_ttl(table, key, &entry, self.at.now)?)
    }
}

/// The subject of a transcript's events.
pub fn subject(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    transcript: &TranscriptItem,
) -> EventSubject {
    let TranscriptItem {
        agent,
        transcript_id,
        ..
    } = transcript;
    EventSubject::transcript(organisation, conversation, agent, transcript_id)
}
