use domain::SenderAddress;
use dynamodb::{Table, TransactOutcome, string, transact, transact_item};
use errors::{Failure, Fault, Refusal, RefusalCode};
use lambda::http::{HttpRequest, HttpResponse, TenantResolver};
use store::{SenderItem, key};

use crate::identities::{Identities, TIME_FOR_CHANGES, unavailable};
use crate::marks::{IdentityChange, mark_releasing, unmark_releasing};

/// Releases an address. If its SES identity was created for it, the identity is deleted first.
/// An identity without a sender would verify the next claimant at once.
pub(crate) async fn release(
    table: &Table,
    identities: &Identities,
    tenants: &TenantResolver,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let organisation = tenants.organisation(request)?;
    let address = request.path_parameter("address", SenderAddress::parse_in_path)?;
    let calls = identities.calls_within(TIME_FOR_CHANGES);
    let change = IdentityChange::new(&organisation, &address, request.now());
    let sender = mark_releasing(table, &change, &calls)
        .await?
        .ok_or_else(sender_not_found)?;
    if sender.made_identity
        && let Err(failure) = calls.delete(&address).await
    {
        return Err(remove_mark(table, &change, unavailable(failure))
            .await
            .into());
    }
    remove(table, &change).await
}

/// Removes the mark of a release that failed with `fault`, so that claims can continue. Returns
/// `fault`.
async fn remove_mark(table: &Table, change: &IdentityChange<'_>, fault: Fault) -> Fault {
    if let Err(second) = unmark_releasing(table, change).await {
        let code = second.code().as_str();
        tracing::warn!(code, "a release's mark was not removed");
    }
    fault
}

async fn remove(table: &Table, change: &IdentityChange<'_>) -> Result<HttpResponse, Failure> {
    let delete_sender = transact_item(
        table
            .delete(change.key())
            .condition_expression("releasing = :id")
            .expression_attribute_values(":id", string(change.id())),
    )?;
    let delete_owner = transact_item(
        table
            .delete(key::sender_owner(change.address))
            .condition_expression("organisation = :organisation")
            .expression_attribute_values(":organisation", string(change.organisation)),
    )?;
    let transacted = transact(table, [delete_sender, delete_owner]);
    let transacted = match transacted.await {
        Ok(transacted) => transacted,
        Err(fault) => return Err(remove_mark(table, change, fault).await.into()),
    };
    match transacted {
        TransactOutcome::Committed => Ok(HttpResponse::no_content()),
        TransactOutcome::Refused(_) => match table.get::<SenderItem>(change.key()).await? {
            None => Err(sender_not_found().into()),
            Some(_) => {
                Err(Fault::contended("another release replaced the mark of this one").into())
            }
        },
        // The transaction may still be committed. Keep the mark, so that no claim starts before
        // that.
        TransactOutcome::Unknown(fault) => Err(fault.into()),
    }
}

fn sender_not_found() -> Refusal {
    Refusal::new(
        RefusalCode::SenderNotFound,
        "The organisation has no sender with this address.",
    )
}
