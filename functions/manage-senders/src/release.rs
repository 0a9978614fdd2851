use domain::SenderAddress;
use dynamodb::{TransactOutcome, string, transact, transact_item};
use errors::{Failure, Fault, Refusal, RefusalCode};
use lambda::http::{HttpRequest, HttpResponse};
use store::{SenderItem, key};

use crate::identities::unavailable;
use crate::marks::{IdentityChange, mark_releasing, unmark_releasing};
use crate::{ManageSenders, TIME_FOR_SES};

impl ManageSenders {
    /// Releases an address. If its SES identity was created for it, the identity is deleted first.
    /// An identity without a sender would verify the next claimant at once.
    pub(crate) async fn release(&self, request: &HttpRequest) -> Result<HttpResponse, Failure> {
        let organisation = self.tenants.organisation(request)?;
        let address = request.path_parameter("address", SenderAddress::parse_in_path)?;
        let calls = self.identities.calls_within(TIME_FOR_SES);
        let change = IdentityChange::new(&organisation, &address, request.now());
        let sender = mark_releasing(&self.table, &change, &calls)
            .await?
            .ok_or_else(sender_not_found)?;
        if sender.made_identity
            && let Err(failure) = calls.delete(&address).await
        {
            return Err(self.remove_mark(&change, unavailable(failure)).await.into());
        }
        self.remove(&change).await
    }

    /// Removes the mark of a release that failed with `fault`, so that claims can continue. Returns
    /// `fault`.
    async fn remove_mark(&self, change: &IdentityChange<'_>, fault: Fault) -> Fault {
        if let Err(second) = unmark_releasing(&self.table, change).await {
            let code = second.code().as_str();
            tracing::warn!(code, "a release's mark was left");
        }
        fault
    }

    async fn remove(&self, change: &IdentityChange<'_>) -> Result<HttpResponse, Failure> {
        let delete_sender = transact_item(
            self.table
                .delete(change.key())
                .condition_expression("releasing = :id")
                .expression_attribute_values(":id", string(change.id())),
        )?;
        let delete_owner = transact_item(
            self.table
                .delete(key::sender_owner(change.address))
                .condition_expression("organisation = :organisation")
                .expression_attribute_values(":organisation", string(change.organisation)),
        )?;
        let transacted = transact(&self.table, [delete_sender, delete_owner]);
        let transacted = match transacted.await {
            Ok(transacted) => transacted,
            Err(fault) => return Err(self.remove_mark(change, fault).await.into()),
        };
        match transacted {
            TransactOutcome::Committed => Ok(HttpResponse::no_content()),
            TransactOutcome::Refused(_) => {
                match self.table.get::<SenderItem>(change.key()).await? {
                    None => Err(sender_not_found().into()),
                    Some(_) => Err(Fault::contended("another release took this one over").into()),
                }
            }
            // The transaction may still be committed. Keep the mark, so that no claim starts before
            // that.
            TransactOutcome::Unknown(fault) => Err(fault.into()),
        }
    }
}

fn sender_not_found() -> Refusal {
    Refusal::new(
        RefusalCode::SenderNotFound,
        "The organisation has no sender with this address.",
    )
}
