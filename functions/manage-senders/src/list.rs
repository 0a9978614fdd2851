use std::time::Duration;

use serde_json::json;
use shared::api::{Answer, Call, Failure};
use shared::domain::{OrganisationId, Timestamp, UniqueId};
use shared::fault::Fault;
use shared::table::{Key, SenderItem, Verification};

use crate::identities::{Known, unavailable};
use crate::{ManageSenders, SenderBody};

/// How long what SES said about a pending sender counts before it is asked again.
const CHECK_INTERVAL_SECONDS: i64 = 60;

/// How many pending senders one listing checks: each is noted in the table.
const CHECKS_PER_LISTING: usize = 20;

/// How long a listing waits for SES.
const TIME_FOR_SES: Duration = Duration::from_secs(5);

impl ManageSenders {
    /// Lists the senders. Asks SES about pending ones that were not checked for a minute.
    pub(crate) async fn list(&self, call: &Call) -> Result<Answer, Failure> {
        let organisation = self.tenancy.organisation(call)?;
        let partition = Key::organisation_partition(&organisation);
        let mut senders: Vec<SenderItem> = self
            .table
            .read_all(self.table.query(partition, Key::SENDERS))
            .await?;
        // A listing that is not fresh is better than none: it stays as it was if SES is away.
        if let Err(fault) = self.refresh(&organisation, &mut senders, call.now()).await {
            tracing::warn!(code = fault.code().as_str(), "senders were not refreshed");
        }
        let senders: Vec<SenderBody> = senders.into_iter().map(SenderBody::from).collect();
        Ok(Answer::ok(json!({ "senders": senders })))
    }

    /// Asks SES about the pending ones among `senders`, but for those that another listing checks.
    async fn refresh(
        &self,
        organisation: &OrganisationId,
        senders: &mut [SenderItem],
        now: Timestamp,
    ) -> Result<(), Fault> {
        let check = UniqueId::random();
        let mut checked = Vec::new();
        for sender in senders
            .iter_mut()
            .filter(|sender| is_due(sender, now))
            .take(CHECKS_PER_LISTING)
        {
            let noted = self.note_check(organisation, sender, check, now).await?;
            if noted.is_some() {
                checked.push(sender);
            }
        }
        if checked.is_empty() {
            return Ok(());
        }
        let addresses: Vec<_> = checked.iter().map(|sender| &sender.address).collect();
        let calls = self.identities.calls_within(TIME_FOR_SES);
        let known = calls.look_up(&addresses).await.map_err(unavailable)?;
        for (sender, known) in checked.into_iter().zip(known) {
            let verification = match known {
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
        }
        Ok(())
    }
}

fn is_due(sender: &SenderItem, now: Timestamp) -> bool {
    sender.verification == Verification::Pending
        && sender.checked_at.plus_seconds(CHECK_INTERVAL_SECONDS) <= now
}
