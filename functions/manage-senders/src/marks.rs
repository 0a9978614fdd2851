use std::time::Duration;

use domain::{OrganisationId, SenderAddress, Timestamp, UniqueId};
use dynamodb::{Key, Table, attribute, string, string_set};
use errors::Fault;
use lambda::random;
use store::{SenderItem, Verification, key};

use crate::identities::IdentityCalls;
use crate::sender_update::update_sender;

/// How long a mark is valid. This is much longer than the function may run, so a request whose mark
/// is older must have crashed.
const MARK_SECONDS: i64 = 60;

/// The pause before another request's mark is read again.
const PAUSE: Duration = Duration::from_millis(200);

/// A request that changes the SES identity of a sender.
///
/// A claim that creates the identity must not overlap with a release that deletes it. Otherwise the
/// claim could create the identity after the release deleted it, and the release could then remove
/// the sender. The identity would have no sender, but its owner could still confirm it. The next
/// organisation that claims the address would then find it verified.
///
/// Each request therefore marks the sender while it works, and waits while a mark of the other kind
/// exists. Claims do not wait for claims, and releases do not wait for releases, because their
/// changes to the identity can be repeated.
#[derive(Debug)]
pub(crate) struct IdentityChange<'a> {
    pub(crate) organisation: &'a OrganisationId,
    pub(crate) address: &'a SenderAddress,
    pub(crate) now: Timestamp,
    /// Distinguishes this request's mark from others.
    id: UniqueId,
}

impl<'a> IdentityChange<'a> {
    pub(crate) fn new(
        organisation: &'a OrganisationId,
        address: &'a SenderAddress,
        now: Timestamp,
    ) -> Self {
        Self {
            organisation,
            address,
            now,
            id: random::unique_id(),
        }
    }

    pub(crate) fn key(&self) -> Key {
        key::sender(self.organisation, self.address)
    }

    pub(crate) fn id(&self) -> UniqueId {
        self.id
    }

    fn until(&self) -> Timestamp {
        self.now.plus_seconds(MARK_SECONDS)
    }
}

/// Marks the sender before its SES identity is created, as soon as no release is in progress. Also
/// records in advance that the identity is created for this sender: otherwise a crash could leave
/// an identity that no release deletes. Returns `None` if the sender does not exist.
///
/// The SDK's first attempt of the write can take effect late, after the claim has ended. It must
/// not leave a mark then. The condition recognizes it by `settled_claim`.
pub(crate) async fn mark_creating(
    table: &Table,
    change: &IdentityChange<'_>,
    calls: &IdentityCalls<'_>,
) -> Result<Option<SenderItem>, Fault> {
    loop {
        let marked = update_sender(
            table,
            change.key(),
            "SET made_identity = :true, creating_until = :until ADD creating :ids",
            "attribute_exists(pk) \
                 AND (attribute_not_exists(settled_claim) OR settled_claim <> :id) \
                 AND (attribute_not_exists(releasing) OR releasing_until < :now)",
            [
                (":id", string(change.id)),
                (":true", attribute(&true)?),
                (":until", string(change.until())),
                (":ids", string_set(change.id)),
                (":now", string(change.now)),
            ],
        )
        .await?;
        if marked.is_some() || is_gone(table, change).await? {
            return Ok(marked);
        }
        wait(calls).await?;
    }
}

/// Removes the mark of a claim that created no identity.
pub(crate) async fn unmark_creating(
    table: &Table,
    change: &IdentityChange<'_>,
) -> Result<(), Fault> {
    update_sender(
        table,
        change.key(),
        "SET settled_claim = :id DELETE creating :ids",
        "attribute_exists(pk)",
        [(":id", string(change.id)), (":ids", string_set(change.id))],
    )
    .await?;
    Ok(())
}

/// Marks the sender before its SES identity is deleted, as soon as no claim is creating it. The
/// sender is unverified from then on. Returns `None` if the sender does not exist.
pub(crate) async fn mark_releasing(
    table: &Table,
    change: &IdentityChange<'_>,
    calls: &IdentityCalls<'_>,
) -> Result<Option<SenderItem>, Fault> {
    loop {
        let marked = update_sender(
            table,
            change.key(),
            "SET releasing = :id, releasing_until = :until, verification = :pending",
            "attribute_exists(pk) \
                 AND (attribute_not_exists(creating) OR creating_until < :now)",
            [
                (":id", string(change.id)),
                (":until", string(change.until())),
                (":pending", attribute(&Verification::Pending)?),
                (":now", string(change.now)),
            ],
        )
        .await?;
        if marked.is_some() || is_gone(table, change).await? {
            return Ok(marked);
        }
        wait(calls).await?;
    }
}

/// Removes the mark of a release that failed.
pub(crate) async fn unmark_releasing(
    table: &Table,
    change: &IdentityChange<'_>,
) -> Result<(), Fault> {
    update_sender(
        table,
        change.key(),
        "REMOVE releasing, releasing_until",
        "releasing = :id",
        [(":id", string(change.id))],
    )
    .await?;
    Ok(())
}

async fn is_gone(table: &Table, change: &IdentityChange<'_>) -> Result<bool, Fault> {
    Ok(table.get_item(change.key()).await?.is_none())
}

async fn wait(calls: &IdentityCalls<'_>) -> Result<(), Fault> {
    if !calls.have_time() {
        return Err(Fault::contended(
            "another request was changing the sender's SES identity",
        ));
    }
    tokio::time::sleep(PAUSE).await;
    Ok(())
}
