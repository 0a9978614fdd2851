use crate::sender_update::update_sender;
use domain::{OrganisationId, SenderAddress, Timestamp, UniqueId};
use dynamodb::{Table, attribute, string, string_set};
use errors::Fault;
use store::{SenderItem, Verification, key};

use crate::marks::IdentityChange;

/// What is noted on a sender that stands. Each note gives the sender as it stands then, or `None`
/// where its condition does not hold: the sender was given up, or another note came first.
/// Notes what SES said at `now`.
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

/// Notes that the sender's SES identity was made, and removes the mark that said so in advance.
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

/// Notes that the check `check` asks SES at `now`, where nobody noted so since `sender` was read.
/// After a lost reply the SDK's repeat meets its own note, which holds: it is known by `check`,
/// for two listings can come in the same millisecond.
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
