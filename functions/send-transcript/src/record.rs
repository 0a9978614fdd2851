use std::time::Duration;

use shared::aws::AwsFailure;
use shared::domain::{Entry, EntryId, Event, TranscriptState};
use shared::fault::Fault;
use shared::table::{
    Announced, Key, Transacted, TranscriptItem, WriteToken, attribute, leg, number,
};

use crate::SendTranscript;
use crate::request::TranscriptRequest;

/// How long the answer waits for its record.
const RECORDING_TIME: Duration = Duration::from_secs(4);

impl SendTranscript {
    /// Step 4: one transaction marks the transcript sent and puts the public event.
    ///
    /// Where that fails the mail is out all the same: the caller gets its 201, and the transcript
    /// stays reserved until an event of its delivery mends it.
    pub(crate) async fn record_sent(
        &self,
        request: &TranscriptRequest,
        transcript: &TranscriptItem,
        remaining: u32,
    ) {
        let recorded = self.try_record_sent(request, transcript, remaining);
        note_lost(tokio::time::timeout(RECORDING_TIME, recorded).await);
    }

    /// Marks the transcript as one whose outcome nobody knows. Its slot stays used.
    pub(crate) async fn record_unknown(&self, request: &TranscriptRequest) {
        let recorded = self.try_record_unknown(request);
        note_lost(tokio::time::timeout(RECORDING_TIME, recorded).await);
    }

    async fn try_record_sent(
        &self,
        request: &TranscriptRequest,
        transcript: &TranscriptItem,
        remaining: u32,
    ) -> Result<(), Fault> {
        let mut assignments = "SET #state = :sent, remaining = :remaining".to_owned();
        let mut update = self.table.update(request.transcript_key());
        if let Some(asked) = &transcript.rating_request {
            assignments.push_str(", rating_request = :asked");
            update = update.expression_attribute_values(":asked", attribute(asked)?);
        }
        let mark_sent = leg(update
            .update_expression(assignments)
            .condition_expression("#state = :reserved")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":sent", attribute(&TranscriptState::Sent)?)
            .expression_attribute_values(":reserved", attribute(&TranscriptState::Reserved)?)
            .expression_attribute_values(":remaining", number(remaining)))?;
        let id = EntryId::of_event("transcript_sent", request.id.as_str());
        let event = Event::TranscriptSent {
            transcript_id: request.id.clone(),
            to: transcript.to.mask(),
            agent: request.agent.clone(),
        };
        // The event's key comes from the reservation alone: whoever learns that the mail is out
        // writes the same one.
        let at = transcript.sent_at;
        let key = Key::entry(&request.organisation, &request.conversation, at, &id);
        let entry = Announced::entry(Entry::of_event(id, at, event), request.subject());
        let put_event = leg(self.table.put(key, &entry)?)?;
        match self
            .table
            .transact(WriteToken::random(), [mark_sent, put_event])
            .await?
        {
            Transacted::Committed | Transacted::Refused(_) => Ok(()),
            Transacted::Contended(fault) => Err(fault),
        }
    }

    async fn try_record_unknown(&self, request: &TranscriptRequest) -> Result<(), Fault> {
        self.table
            .client()
            .update_item()
            .table_name(self.table.name())
            .set_key(Some(request.transcript_key().into_item()))
            .update_expression("SET #state = :unknown")
            .condition_expression("#state = :reserved")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":unknown", attribute(&TranscriptState::Unknown)?)
            .expression_attribute_values(":reserved", attribute(&TranscriptState::Reserved)?)
            .send()
            .await
            .map(|_| ())
            .map_err(|error| Fault::storage(AwsFailure::new("dynamodb:UpdateItem", &error)))
    }
}

fn note_lost(recorded: Result<Result<(), Fault>, tokio::time::error::Elapsed>) {
    match recorded {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => {
            tracing::error!(
                code = fault.code().as_str(),
                "a transcript was not recorded"
            );
        }
        Err(_elapsed) => tracing::error!(code = "timed_out", "a transcript was not recorded"),
    }
}
