//! SES, version 2 of its API: refuses what SES refuses, keeps what it takes, and sends nothing.

mod api;
mod call_rate;
mod error;
mod faults;
mod identities;
mod list_identities;
mod mail_events;
mod mailbox;
mod outbox;
mod send_email;
mod transfer_encoding;

use std::collections::BTreeMap;
use std::sync::Arc;

use call_rate::CallRate;
use faults::Faults;
use identities::Identities;
use lambda::clock::SharedClock;
use outbox::Outbox;

use crate::storage::{Storage, StorageError};

pub(crate) use api::router;
pub(crate) use faults::Fault;
pub(crate) use identities::{IdentityName, Verification};
pub(crate) use mail_events::MailEvents;
pub(crate) use mailbox::Mailbox;
pub(crate) use outbox::Email;

/// The stand-in's state.
pub(crate) struct Ses {
    clock: SharedClock,
    identities: Identities,
    outbox: Outbox,
    faults: Faults,
    events: Arc<MailEvents>,
    limits: Limits,
    call_rate: CallRate,
}

/// The limits of SES that the stand-in enforces only on request, because they are in the way of
/// whoever tries the stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Whether calls other than sends are limited to one a second.
    pub(crate) call_rate: bool,
    /// Whether recipients have to be verified, as in a new account.
    pub(crate) sandbox: bool,
}

impl Ses {
    /// The stand-in as the last run left it. Mails are dated by `clock`, and what becomes of them
    /// is told by `events`.
    pub(crate) fn open(
        storage: &Storage,
        clock: SharedClock,
        events: MailEvents,
        limits: Limits,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            clock,
            identities: Identities::open(storage.clone())?,
            outbox: Outbox::open(storage.clone())?,
            faults: Faults::default(),
            events: Arc::new(events),
            limits,
            call_rate: CallRate::default(),
        })
    }

    /// Whether a call other than a send is made within the rate that SES allows.
    fn admits_call(&self) -> bool {
        !self.limits.call_rate || self.call_rate.admits(self.clock.now())
    }

    /// All identities.
    pub(crate) fn identities(&self) -> BTreeMap<IdentityName, Verification> {
        self.identities.all()
    }

    /// Every mail that was accepted, the oldest first.
    pub(crate) fn emails(&self) -> Result<Vec<Email>, StorageError> {
        self.outbox.all()
    }

    /// What becomes of mails.
    pub(crate) fn events(&self) -> &MailEvents {
        &self.events
    }

    /// What the next sends meet, in place of what was still to come.
    pub(crate) fn set_faults(&self, next: Vec<Fault>) {
        self.faults.replace(next);
    }

    /// Does what a click on a verification link does, or its absence. Makes the identity if need be.
    pub(crate) fn set_verified(
        &self,
        identity: IdentityName,
        verified: bool,
    ) -> Result<Verification, StorageError> {
        self.identities.set_verified(identity, verified)
    }
}
