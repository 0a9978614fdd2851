use crate::sender_update::update_sender;
use domain::{OrganisationId, SenderAddress, Timestamp, UniqueId};
use dynamodb::{Table, attribute, string, string_set};
use errors::Fault;
use store::{SenderItem, Verification, key};

use crate::marks::IdentityChange;

/// Records the verification status that SES returned at `now`. Returns the updated sender, or
/// `None` if it was released.
pub(crate) async fn note_verification(
    table: &Table,
    organisation: &OrganisationId,
    address: &SenderAddress,
    verification: Verification,
    now: Timestamp,
) -> Result<Option<SenderItem>, Fault> {
    update_sender(
        table,
        key::sender(organisation, address),
        "SET verification = :verification, checked_at = :now",
        "attribute_exists(pk)",
        [
            (":verification", attribute(&verification)?),
            (":now", string(now)),
        ],
    )
    .await
}

/// Records that the sender's SES identity was created, and removes the mark that was set before.
/// Returns the updated sender, or `None` if it was released.
pub(crate) async fn note_created(
    table: &Table,
    change: &IdentityChange<'_>,
) -> Result<Option<SenderItem>, Fault> {
    update_sender(
        table,
        change.key(),
        "SET verification = :pending, checked_at = :now, settled_claim = :id \
         DELETE creating :ids",
        "attribute_exists(pk)",
        [
            (":pending", attribute(&Verification::Pending)?),
            (":now", string(change.now)),
            (":id", string(change.id())),
            (":ids", string_set(change.id())),
        ],
    )
    .await
}

/// Records that the check `check` queries SES at `now`. Returns `None` if another check was
/// recorded since `sender` was read, or if the sender was released.
///
/// If a reply is lost, the SDK's retry finds its own record and must succeed. The condition
/// recognizes that record by `check`, because two listings can run in the same millisecond.
pub(crate) async fn note_check(
    table: &Table,
    organisation: &OrganisationId,
    sender: &SenderItem,
    check: UniqueId,
    now: Timestamp,
) -> Result<Option<SenderItem>, Fault> {
    update_sender(
        table,
        key::sender(organisation, &sender.address),
        "SET checked_at = :now, check_id = :check",
        "checked_at = :before OR check_id = :check",
        [
            (":now", string(now)),
            (":before", string(sender.checked_at)),
            (":check", string(check)),
        ],
    )
    .await
}
