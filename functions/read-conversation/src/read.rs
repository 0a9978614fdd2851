use domain::ClockHour;
use dynamodb::Batch;
use errors::Fault;
use store::asking::{Gates, gated_visitor, read_visitor_gate};
use store::{
    ConversationAt, ConversationItem, QuotaItem, SenderItem, StoredConversation, Verification, key,
};

use crate::thread::ThreadPage;
use crate::transcripts::NewestTranscripts;
use crate::{ReadConversation, Reading};

/// Everything that the answer is made of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) conversation: Option<ConversationItem>,
    pub(crate) thread: ThreadPage,
    pub(crate) transcripts: NewestTranscripts,
    pub(crate) gates: Gates,
    pub(crate) quota: QuotaItem,
    pub(crate) senders: Vec<SenderItem>,
}

impl ReadConversation {
    /// Reads all parts side by side, each as it stands now but for the senders. Only a visitor's gate
    /// comes after the conversation that tells who the visitor is.
    pub(crate) async fn read(&self, reading: &Reading) -> Result<Parts, Fault> {
        let ((conversation, gates, quota), thread, transcripts, senders) = tokio::try_join!(
            self.read_items(reading),
            self.read_thread(reading),
            self.read_transcripts(reading),
            self.read_senders(reading),
        )?;
        Ok(Parts {
            conversation,
            thread,
            transcripts,
            gates,
            quota,
            senders,
        })
    }

    /// Reads the verified senders of the organisation.
    async fn read_senders(&self, reading: &Reading) -> Result<Vec<SenderItem>, Fault> {
        let partition = key::organisation_partition(&reading.organisation);
        let query = self
            .table
            .query(partition, key::SENDERS)
            // One partition for all inboxes of the organisation: it takes twice as many such reads.
            // A sender that was verified a moment ago may be missing; sending looks again.
            .consistent_read(false);
        let mut pages = self.table.pages::<SenderItem>(query);
        let mut senders = Vec::new();
        while let Some(page) = pages.next().await? {
            let verified = page
                .into_iter()
                .filter(|sender| sender.verification == Verification::Verified);
            senders.extend(verified);
        }
        Ok(senders)
    }

    /// Reads the parts that are one item each: the conversation, what may keep an asking in it out, and
    /// what is used of its transcripts.
    async fn read_items(
        &self,
        reading: &Reading,
    ) -> Result<(Option<ConversationItem>, Gates, QuotaItem), Fault> {
        let Reading {
            organisation,
            conversation,
            agent,
            now,
            ..
        } = reading;
        let at = ConversationAt::new(organisation, conversation, *now);
        let gate = key::ask_gate(organisation, conversation, agent);
        let quota = key::conversation_quota(organisation, conversation, ClockHour::of(*now));
        let keys = [at.key(), gate.clone(), quota.clone()];
        let mut items = Batch::read(&self.table, keys).await?;
        let stands = StoredConversation::take_from(&mut items, &at.key())?.standing(at.now);
        let visitor = stands
            .as_ref()
            .and_then(|stands| gated_visitor(self.visitor_interval, stands));
        let gates = Gates {
            agent: items.take(&gate)?,
            visitor: read_visitor_gate(&self.table, organisation, visitor).await?,
        };
        let quota = items.take(&quota)?.unwrap_or_default();
        Ok((stands, gates, quota))
    }
}
