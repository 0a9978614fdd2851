use shared::asking::{Gates, gated_visitor, read_visitor_gate};
use shared::domain::{ClockHour, Entry};
use shared::fault::Fault;
use shared::table::{
    ConversationAt, ConversationItem, EntryItem, Key, QuotaItem, SenderItem, TranscriptItem, alive,
};

use crate::cursor::Cursor;
use crate::{ReadConversation, Reading};

/// Everything that the answer is made of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) conversation: Option<ConversationItem>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) next: Option<Cursor>,
    pub(crate) transcripts: Vec<TranscriptItem>,
    pub(crate) gates: Gates,
    pub(crate) quota: QuotaItem,
    pub(crate) senders: Vec<SenderItem>,
}

impl ReadConversation {
    /// Reads all parts side by side, each as it stands now but for the senders. Only a visitor's gate
    /// comes after the conversation that tells who the visitor is.
    pub(crate) async fn read(&self, reading: &Reading) -> Result<Parts, Fault> {
        let Reading {
            organisation,
            conversation,
            now,
            ..
        } = reading;
        let partition = Key::conversation_partition(organisation, conversation);
        let ((conversation, gates, quota), page, transcripts, senders) = tokio::try_join!(
            self.read_items(reading),
            self.read_entries(reading),
            self.table
                .read_all(alive(self.table.query(partition, Key::TRANSCRIPTS), *now)),
            self.table.read_all(
                self.table
                    .query(Key::organisation_partition(organisation), Key::SENDERS)
                    // One partition for all inboxes of the organisation: it takes twice as many
                    // such reads. A sender that was verified a moment ago may be missing; sending
                    // looks again.
                    .consistent_read(false)
            ),
        )?;
        let (entries, next) = page;
        Ok(Parts {
            conversation,
            entries,
            next,
            transcripts,
            gates,
            quota,
            senders,
        })
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
        let gate = Key::ask_gate(organisation, conversation, agent);
        let quota = Key::conversation_quota(organisation, conversation, ClockHour::of(*now));
        let keys = [at.key(), gate.clone(), quota.clone()];
        let mut items = self.table.get_batch(keys).await?;
        let stands = items.take_conversation(at)?;
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

    /// Reads one page of the thread, oldest first. A page ends early where DynamoDB's own (1 MB)
    /// does, which also keeps the answer below Lambda's 6 MB.
    async fn read_entries(&self, reading: &Reading) -> Result<(Vec<Entry>, Option<Cursor>), Fault> {
        let Reading {
            organisation,
            conversation,
            cursor,
            limit,
            now,
            ..
        } = reading;
        let partition = Key::conversation_partition(organisation, conversation);
        let mut start = cursor
            .as_ref()
            .map(|last| Key::entry(organisation, conversation, last.at, &last.id).into_item());
        let query = self
            .table
            .query(partition, Key::ENTRIES)
            // One more than asked for tells whether another page follows.
            .limit(i32::from(*limit) + 1);
        let query = alive(query, *now);
        let page = loop {
            let query = query.clone().set_exclusive_start_key(start);
            let page = self.table.read_page::<EntryItem>(query).await?;
            // All that stands on it may have expired.
            if !page.items.is_empty() || page.next.is_none() {
                break page;
            }
            start = page.next;
        };
        let mut entries: Vec<Entry> = page.items.into_iter().map(|item| item.entry).collect();
        let has_more = page.next.is_some() || entries.len() > usize::from(*limit);
        entries.truncate((*limit).into());
        let next = entries.last().filter(|_| has_more).map(|last| Cursor {
            at: last.at,
            id: last.id.clone(),
        });
        Ok((entries, next))
    }
}
