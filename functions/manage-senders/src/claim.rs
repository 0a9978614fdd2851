use domain::{OrganisationId, SenderAddress, SenderName, Timestamp};
use dynamodb::{Key, Table, TransactOutcome, attribute, string, transact, transact_item};
use errors::{Failure, Fault, Refusal, RefusalCode};
use lambda::http::{Fields, HttpRequest, HttpResponse, TenantResolver, check_from_header, text};
use serde_json::json;
use store::{SenderItem, SenderOwnerItem, Verification, key};

use crate::identities::{Identities, IdentityCalls, Known, TIME_FOR_CHANGES, unavailable};
use crate::marks::{IdentityChange, mark_creating, unmark_creating};
use crate::notes::{note_created, note_verification};
use crate::sender_body::SenderBody;

/// The maximum number of attempts to claim an address, if its sender is released in the meantime.
const ROUNDS: usize = 3;

/// A decoded request to claim an address.
#[derive(Debug)]
struct Claim {
    organisation: OrganisationId,
    address: SenderAddress,
    /// `None` keeps the existing name.
    name: Option<SenderName>,
    now: Timestamp,
}

/// Whether an identity exists whose verification failed.
#[derive(Clone, Copy, Debug)]
enum Failed {
    /// No such identity exists.
    None,
    /// It exists and is deleted first.
    Delete,
}

/// The outcome of a claim.
#[derive(Debug)]
enum ClaimOutcome {
    /// The address belongs to this organisation.
    Ours,
    /// The address belongs to another organisation: 409.
    Taken,
}

/// Claims an address for the organisation. SES verifies the address if it has no identity for
/// it yet. Each step can be repeated, so the next claim completes one that was interrupted.
pub(crate) async fn claim(
    table: &Table,
    identities: &Identities,
    tenants: &TenantResolver,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let claim = Claim::decode(request, tenants)?;
    let calls = identities.calls_within(TIME_FOR_CHANGES);
    for _ in 0..ROUNDS {
        if let Some(response) = claim_once(table, &claim, &calls).await? {
            return Ok(response);
        }
    }
    Err(Fault::contended("a sender was released after each attempt to claim it").into())
}

/// Returns `None` if the sender was released in the meantime.
async fn claim_once(
    table: &Table,
    claim: &Claim,
    calls: &IdentityCalls<'_>,
) -> Result<Option<HttpResponse>, Failure> {
    let known_before: Option<SenderItem> = table.get(claim.key()).await?;
    let is_new = known_before.is_none();
    if let ClaimOutcome::Taken = write_claim(table, claim).await? {
        return Err(Refusal::new(
            RefusalCode::SenderTaken,
            "The address belongs to another organisation.",
        )
        .into());
    }
    let verified = verify(table, claim, known_before.as_ref(), calls).await?;
    Ok(verified.map(|sender| {
        let body = json!({ "sender": SenderBody::from(sender) });
        if is_new {
            HttpResponse::created(body)
        } else {
            HttpResponse::ok(body)
        }
    }))
}

/// Assigns the address to the organisation, and writes the sender if it does not exist yet.
async fn write_claim(table: &Table, claim: &Claim) -> Result<ClaimOutcome, Fault> {
    let owner = SenderOwnerItem {
        organisation: claim.organisation.clone(),
    };
    let put_owner = transact_item(
        table
            .put(key::sender_owner(&claim.address), &owner)?
            .condition_expression("attribute_not_exists(pk) OR organisation = :organisation")
            .expression_attribute_values(":organisation", string(&claim.organisation)),
    )?;
    let mut assignments = "SET address = :address, \
            verification = if_not_exists(verification, :pending), \
            checked_at = if_not_exists(checked_at, :now), \
            made_identity = if_not_exists(made_identity, :false)"
        .to_owned();
    let mut update = table
        .update(claim.key())
        .expression_attribute_values(":address", string(&claim.address))
        .expression_attribute_values(":pending", attribute(&Verification::Pending)?)
        .expression_attribute_values(":now", string(claim.now))
        .expression_attribute_values(":false", attribute(&false)?);
    if let Some(name) = &claim.name {
        assignments.push_str(", #name = :name");
        update = update
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":name", string(name));
    }
    let set_sender = transact_item(update.update_expression(assignments))?;
    match transact(table, [put_owner, set_sender]).await? {
        TransactOutcome::Committed => Ok(ClaimOutcome::Ours),
        TransactOutcome::Refused(_) => Ok(ClaimOutcome::Taken),
        TransactOutcome::Unknown(fault) => Err(fault),
    }
}

/// Records the verification status that SES returns for the address. Creates an identity if SES
/// has none. Returns `None` if the sender was released in the meantime.
async fn verify(
    table: &Table,
    claim: &Claim,
    known_before: Option<&SenderItem>,
    calls: &IdentityCalls<'_>,
) -> Result<Option<SenderItem>, Fault> {
    let made_identity = known_before.is_some_and(|sender| sender.made_identity);
    let known = calls.look_up(&[&claim.address]).await;
    let known = known.map_err(unavailable)?.into_iter().next();
    match known.unwrap_or(Known::Not) {
        // SES repeats a verification only for a new identity.
        Known::As(Verification::Failed) if made_identity => {
            create_identity(table, claim, Failed::Delete, calls).await
        }
        Known::As(verification) => {
            let (organisation, address) = (&claim.organisation, &claim.address);
            note_verification(table, organisation, address, verification, claim.now).await
        }
        Known::Not => create_identity(table, claim, Failed::None, calls).await,
    }
}

async fn create_identity(
    table: &Table,
    claim: &Claim,
    failed: Failed,
    calls: &IdentityCalls<'_>,
) -> Result<Option<SenderItem>, Fault> {
    let change = IdentityChange::new(&claim.organisation, &claim.address, claim.now);
    if mark_creating(table, &change, calls).await?.is_none() {
        return Ok(None);
    }
    let created = async {
        if let Failed::Delete = failed {
            calls.delete(&claim.address).await?;
        }
        calls.create(&claim.address).await
    };
    match created.await {
        Ok(()) => note_created(table, &change).await,
        Err(failure) => {
            // SES may still create the identity if it did not refuse the call. If so, keep
            // the mark. A release then waits until the mark expires.
            if !failure.is_ambiguous()
                && let Err(fault) = unmark_creating(table, &change).await
            {
                tracing::warn!(
                    code = fault.code().as_str(),
                    "a claim's mark was not removed"
                );
            }
            Err(unavailable(failure))
        }
    }
}

impl Claim {
    fn decode(request: &HttpRequest, tenants: &TenantResolver) -> Result<Self, Refusal> {
        let organisation = tenants.organisation(request)?;
        let address = request.path_parameter("address", SenderAddress::parse_in_path)?;
        let mut body = Fields::of_optional_body(request.body())?;
        let name = body.optional("name", text(SenderName::parse))?;
        body.finish()?;
        if let Some(name) = &name {
            check_from_header("name", name, &address)?;
        }
        Ok(Self {
            organisation,
            address,
            name,
            now: request.now(),
        })
    }

    fn key(&self) -> Key {
        key::sender(&self.organisation, &self.address)
    }
}
