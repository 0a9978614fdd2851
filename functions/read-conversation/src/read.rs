use domain::ClockHour;
use dynamodb::Batch;
use errors::Fault;
use store::rating_requests::{Cooldowns, read_visitor_cooldown, visitor_with_cooldown};
use store::{
    ConversationItem, ConversationRef, QuotaItem, SenderItem, StoredConversation, Verification, key,
};

use crate::thread::{ThreadPage, read_thread};
use crate::transcripts::{NewestTranscripts, read_transcripts};
use crate::{ReadConversation, Reading};

/// Everything that the answer is made of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) conversation: Option<ConversationItem>,
    pub(crate) thread: ThreadPage,
    pub(crate) transcripts: NewestTranscripts,
    pub(crate) cooldowns: Cooldowns,
    pub(crate) quota: QuotaItem,
    pub(crate) senders: Vec<SenderItem>,
}

impl ReadConversation {
    /// Reads all parts side by side, each as it stands now but for the senders. Only a visitor's cooldown
    /// comes after the conversation that tells who the visitor is.
    pub(crate) async fn read(&self, reading: &Reading) -> Result<Parts, Fault> {
        let ((conversation, cooldowns, quota), thread, transcripts, senders) = tokio::try_join!(
            self.read_items(reading),
            read_thread(&self.table, reading),
            read_transcripts(&self.table, reading),
            self.read_senders(reading),
        )?;
        Ok(Parts {
            conversation,
            thread,
            transcripts,
            cooldowns,
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
    ) -> Result<(Option<ConversationItem>, Cooldowns, QuotaItem), Fault> {
        let Reading {
            organisation,
            conversation,
            agent,
            now,
            ..
        } = reading;
        let at = ConversationRef::new(organisation, conversation, *now);
        let cooldown = key::agent_cooldown(organisation, conversation, agent);
        let quota = key::conversation_quota(organisation, conversation, ClockHour::of(*now));
        let keys = [at.key(), cooldown.clone(), quota.clone()];
        let mut items = Batch::read(&self.table, keys).await?;
        let stands = StoredConversation::take_from(&mut items, &at.key())?.live(at.now);
        let visitor = stands
            .as_ref()
            .and_then(|stands| visitor_with_cooldown(self.visitor_interval, stands));
        let cooldowns = Cooldowns {
            agent: items.take(&cooldown)?,
            visitor: read_visitor_cooldown(&self.table, organisation, visitor).await?,
        };
        let quota = items.take(&quota)?.unwrap_or_default();
        Ok((stands, cooldowns, quota))
    }
}
