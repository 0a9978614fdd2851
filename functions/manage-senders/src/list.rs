use serde_json::json;
use shared::api::{Answer, Call, Failure};
use shared::domain::{OrganisationId, Timestamp, UniqueId};
use shared::fault::Fault;
use shared::table::{Key, SenderItem, Verification};

use crate::identities::Known;
use crate::{ManageSenders, SenderBody};

/// How long what SES said of a pending sender counts before it is asked again.
const CHECK_INTERVAL_SECONDS: i64 = 60;

/// How many pending senders one listing asks SES about: identity calls may be held to one a second.
const CHECKS_PER_LISTING: usize = 5;

impl ManageSenders {
    /// Lists the senders; asks SES about pending ones that were not asked about for a minute.
    pub(crate) async fn list(&self, call: &Call) -> Result<Answer, Failure> {
        let organisation = self.tenancy.organisation(call)?;
        let check = UniqueId::random();
        let partition = Key::organisation_partition(&organisation);
        let mut senders: Vec<SenderItem> = self
            .table
            .read_all(self.table.query(partition, Key::SENDERS))
            .await?;
        let due = senders
            .iter_mut()
            .filter(|sender| is_due(sender, call.now()))
            .take(CHECKS_PER_LISTING);
        for sender in due {
            // A listing is worth more than its freshness: it stays as it was where SES is away.
            if let Err(fault) = self.refresh(&organisation, sender, check, call.now()).await {
                tracing::warn!(code = fault.code().as_str(), "a sender was not refreshed");
                break;
            }
        }
        let senders: Vec<SenderBody> = senders.into_iter().map(SenderBody::from).collect();
        Ok(Answer::ok(json!({ "senders": senders })))
    }

    /// Asks SES about `sender`, unless another listing is doing so.
    async fn refresh(
        &self,
        organisation: &OrganisationId,
        sender: &mut SenderItem,
        check: UniqueId,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let noted = self.note_check(organisation, sender, check, now).await?;
        if noted.is_none() {
            return Ok(());
        }
        let verification = match self.identities.look_up(&sender.address).await? {
            Known::As(verification) => verification,
            Known::Not => Verification::Failed,
        };
        if verification != sender.verification
            && let Some(refreshed) = self
                .note_verification(organisation, &sender.address, verification, now)
                .await?
        {
            *sender = refreshed;
        }
        Ok(())
    }
}

fn is_due(sender: &SenderItem, now: Timestamp) -> bool {
    sender.verification == Verification::Pending
        && sender.checked_at.plus_seconds(CHECK_INTERVAL_SECONDS) <= now
}
