use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{InvalidValue, OrganisationId, SenderAddress, Timestamp};
use dynamodb::Table;
use errors::{Failure, Fault};
use lambda::http::{HttpRequest, HttpResponse, ResponseBudget, TenantResolver};
use lambda::random;
use serde::Serialize;
use store::{SenderItem, Verification, key};

use crate::identities::{Identities, Known, unavailable};
use crate::notes::{note_check, note_verification};
use crate::sender_body::SenderBody;

/// How long the last SES status of a pending sender is used before SES is queried again.
const CHECK_INTERVAL_SECONDS: i64 = 60;

/// The maximum number of pending senders that one listing checks. Each check is recorded in the
/// table.
const CHECKS_PER_LISTING: usize = 20;

/// The maximum time that a listing waits for SES.
const TIME_FOR_SES: Duration = Duration::from_secs(5);

/// The senders, or one page of them if they do not fit into one response.
#[derive(Serialize)]
struct ListBody {
    senders: Vec<SenderBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Lists the senders. Queries SES for pending senders that were not checked within a minute.
pub(crate) async fn list(
    table: &Table,
    identities: &Identities,
    tenants: &TenantResolver,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let organisation = tenants.organisation(request)?;
    let after = request.query_parameter("cursor", read_cursor)?;
    let (mut senders, has_more) = read_senders(table, &organisation, after.as_ref()).await?;
    // If SES is unavailable, return the stored statuses: an outdated listing is better than
    // none.
    if let Err(fault) = refresh(
        table,
        identities,
        &organisation,
        &mut senders,
        request.now(),
    )
    .await
    {
        tracing::warn!(code = fault.code().as_str(), "senders were not refreshed");
    }
    let last = senders.last().filter(|_| has_more);
    let next_cursor = last.map(|last| URL_SAFE_NO_PAD.encode(last.address.as_str()));
    Ok(HttpResponse::ok(ListBody {
        senders: senders.into_iter().map(SenderBody::from).collect(),
        next_cursor,
    }))
}

/// Reads as many senders as fit into one response. Also returns whether there are more.
async fn read_senders(
    table: &Table,
    organisation: &OrganisationId,
    after: Option<&SenderAddress>,
) -> Result<(Vec<SenderItem>, bool), Fault> {
    let partition = key::organisation_partition(organisation);
    let start = after.map(|address| key::sender(organisation, address).into_item());
    let query = table.query(partition, key::SENDERS);
    let mut pages = table.pages(query.set_exclusive_start_key(start));
    let mut budget = ResponseBudget::of_body();
    let mut senders = Vec::new();
    while let Some(page) = pages.next().await? {
        for sender in page {
            if !budget.take(&SenderBody::from(SenderItem::clone(&sender)).to_json()?) {
                return Ok((senders, true));
            }
            senders.push(sender);
        }
    }
    Ok((senders, false))
}

/// Queries SES for the pending ones among `senders`, except those that another listing checks.
async fn refresh(
    table: &Table,
    identities: &Identities,
    organisation: &OrganisationId,
    senders: &mut [SenderItem],
    now: Timestamp,
) -> Result<(), Fault> {
    let check = random::unique_id();
    let mut checked = Vec::new();
    for sender in senders
        .iter_mut()
        .filter(|sender| is_due(sender, now))
        .take(CHECKS_PER_LISTING)
    {
        let noted = note_check(table, organisation, sender, check, now).await?;
        if noted.is_some() {
            checked.push(sender);
        }
    }
    if checked.is_empty() {
        return Ok(());
    }
    let addresses: Vec<_> = checked.iter().map(|sender| &sender.address).collect();
    let calls = identities.calls_within(TIME_FOR_SES);
    let known = calls.look_up(&addresses).await.map_err(unavailable)?;
    for (sender, known) in checked.into_iter().zip(known) {
        let verification = match known {
            Known::As(verification) => verification,
            Known::Not => Verification::Failed,
        };
        if verification != sender.verification
            && let Some(refreshed) =
                note_verification(table, organisation, &sender.address, verification, now).await?
        {
            *sender = refreshed;
        }
    }
    Ok(())
}

/// Decodes the address at which a page ended.
fn read_cursor(text: &str) -> Result<SenderAddress, InvalidValue> {
    let read = || {
        let address = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        SenderAddress::parse(&address).ok()
    };
    read().ok_or_else(|| InvalidValue::new("must be the next_cursor of a page"))
}

fn is_due(sender: &SenderItem, now: Timestamp) -> bool {
    sender.verification == Verification::Pending
        && sender.checked_at.plus_seconds(CHECK_INTERVAL_SECONDS) <= now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_the_address_at_which_a_page_ended() {
        let address = SenderAddress::parse("support@example.com").unwrap();
        let cursor = URL_SAFE_NO_PAD.encode(address.as_str());
        assert_eq!(read_cursor(&cursor).unwrap().as_str(), address.as_str());
        for text in ["", "support@example.com", "====", "eA"] {
            assert!(read_cursor(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn ses_is_queried_for_a_pending_sender_after_a_minute() {
        let now = Timestamp::from_epoch_seconds(1_000).unwrap();
        for (verification, seconds_ago, expected) in [
            (Verification::Pending, 60, true),
            (Verification::Pending, 59, false),
            (Verification::Verified, 3_600, false),
            (Verification::Failed, 3_600, false),
        ] {
            let sender = SenderItem {
                address: SenderAddress::parse("support@example.com").unwrap(),
                name: None,
                verification,
                checked_at: now.plus_seconds(-seconds_ago),
                check_id: None,
                made_identity: false,
            };
            assert_eq!(
                is_due(&sender, now),
                expected,
                "{verification:?} {seconds_ago}"
            );
        }
    }
}
