use std::time::Duration;

use domain::{OrganisationId, SenderAddress, Timestamp, UniqueId};
use dynamodb::{Key, Table, attribute, string, string_set};
use errors::Fault;
use lambda::random;
use store::{SenderItem, Verification, key};

use crate::identities::IdentityCalls;
use crate::sender_update::update_sender;

/// How long a mark is respected: much longer than this function may run, so that whoever set it and
/// did not remove it has crashed.
const MARK_SECONDS: i64 = 60;

/// The pause before a mark of another request is looked at again.
const PAUSE: Duration = Duration::from_millis(200);

/// A request that changes the SES identity of a sender.
///
/// A claim that makes the identity and a release that deletes it must not overlap. Otherwise the
/// claim could make the identity after the release deleted it, and the release could remove the
/// sender after that: the identity would belong to nobody, its owner could still confirm it, and the
/// next organisation that claims the address would find it verified. So each leaves a mark on the
/// sender while it works, and waits while there is a mark of the other kind. Claims do not wait for
/// claims, nor releases for releases: what they do to the identity can be repeated.
#[derive(Debug)]
pub(crate) struct IdentityChange<'a> {
    pub(crate) organisation: &'a OrganisationId,
    pub(crate) address: &'a SenderAddress,
    pub(crate) now: Timestamp,
    /// Tells this request's mark from others.
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

/// Marks the sender before its SES identity is made, once no release is under way, and notes that
/// the identity is made for it. The note comes first so that a crash leaves no identity that
/// nobody knows to be ours to delete. Returns `None` if there is no such sender (any more).
///
/// A first try of the write can take place late, after the claim is over: then it must not leave
/// a mark. It is known by `settled_claim`.
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

/// Removes the mark of a claim that made no identity.
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

/// Marks the sender before its SES identity is deleted, once no claim is making it. From then on
/// it is not verified. Returns `None` if there is no such sender (any more).
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
