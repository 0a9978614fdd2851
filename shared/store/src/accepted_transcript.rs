//! The record that a transcript was sent. Two functions write it: the one that sends the mail, and
//! the one that processes SES's events. The second one repairs a transcript whose sender crashed
//! before recording the send.

use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{Entry, EntryId, Event, TranscriptState};
use dynamodb::{
    ItemOutcome, Table, TransactOutcome, attribute, number, put_with_ttl, transact_item,
    update_with_ttl,
};
use errors::Fault;

use crate::conversation_ref::ConversationRef;
use crate::conversation_write::{
    ConversationUpdate, OutcomesInConversation, transact_in_conversation,
};
use crate::key;
use crate::outbox::WithOutbox;
use crate::transcript::TranscriptItem;

/// A transcript that SES accepted, with its conversation.
#[derive(Debug)]
pub struct AcceptedTranscript<'a> {
    /// The transcript's conversation, at the time of this write.
    pub conversation: ConversationRef<'a>,
    /// The reserved transcript, with the values of `remaining` and `rating_request` that were
    /// determined since.
    pub transcript: &'a TranscriptItem,
}

impl AcceptedTranscript<'_> {
    /// Changes the transcript's state from `from` to `Sent` and puts the event, or writes
    /// nothing. It writes nothing if the conversation does not exist or the transcript is no longer
    /// in the state `from`.
    ///
    /// If the transaction is refused, the `others` are the outcomes of the transcript and the
    /// event.
    ///
    /// # Errors
    /// If DynamoDB fails.
    pub async fn record_sent(
        &self,
        table: &Table,
        from: TranscriptState,
    ) -> Result<TransactOutcome<OutcomesInConversation<[ItemOutcome; 2]>>, Fault> {
        let others = [self.mark_sent(table, from)?, self.put_event(table)?];
        transact_in_conversation(
            table,
            self.conversation,
            ConversationUpdate::default(),
            others,
        )
        .await
    }

    fn mark_sent(&self, table: &Table, from: TranscriptState) -> Result<TransactWriteItem, Fault> {
        let TranscriptItem {
            transcript_id,
            remaining,
            rating_request,
            ..
        } = self.transcript;
        let key = key::transcript(
            self.conversation.organisation,
            self.conversation.conversation,
            transcript_id,
        );
        let mut assignments = "#state = :sent".to_owned();
        let mut update = table.update(key);
        if let Some(remaining) = remaining {
            assignments.push_str(", remaining = :remaining");
            update = update.expression_attribute_values(":remaining", number(*remaining));
        }
        if let Some(rating_request) = rating_request {
            assignments.push_str(", rating_request = :rating_request");
            update =
                update.expression_attribute_values(":rating_request", attribute(rating_request)?);
        }
        transact_item(
            update_with_ttl(table, update, &assignments, self.conversation.now)
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
        let to = transcript.to.mask();
        let (kind, event) = match &transcript.rating_mail_of {
            None => (
                "transcript_sent",
                Event::TranscriptSent {
                    transcript_id: transcript.transcript_id.clone(),
                    to,
                    agent: transcript.agent.clone(),
                },
            ),
            Some(request) => (
                "rating_request_mailed",
                Event::RatingRequestMailed {
                    rating_request_id: request.clone(),
                    to,
                },
            ),
        };
        let id = EntryId::of_event(kind, transcript.transcript_id.as_str());
        let at = transcript.sent_at;
        let ConversationRef {
            organisation,
            conversation,
            now,
        } = self.conversation;
        let key = key::entry(organisation, conversation, at, &id);
        let entry = WithOutbox::of_entry(
            Entry::of_event(id, at, event),
            transcript.event_subject(organisation, conversation),
        );
        transact_item(put_with_ttl(table, key, &entry, now)?)
    }
}
