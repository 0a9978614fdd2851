//! SES API version 2: it applies SES's checks, stores accepted mails, and sends nothing.

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

/// The state of the SES emulator.
pub(crate) struct Ses {
    clock: SharedClock,
    identities: Identities,
    outbox: Outbox,
    faults: Faults,
    events: Arc<MailEvents>,
    limits: Limits,
    call_rate: CallRate,
}

/// The SES limits that are enforced only on request, because they would hinder anyone who tries the
/// stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Whether calls other than sends are limited to one per second.
    pub(crate) call_rate: bool,
    /// Whether recipients have to be verified, as in a new account.
    pub(crate) sandbox: bool,
}

impl Ses {
    /// Opens the emulator with the data of the last run. `clock` dates the mails, and `events`
    /// publishes their events.
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

    /// Whether the rate limit allows a call other than a send. Uses up the call's token.
    fn admits_call(&self) -> bool {
        !self.limits.call_rate || self.call_rate.admits(self.clock.now())
    }

    /// All identities.
    pub(crate) fn identities(&self) -> BTreeMap<IdentityName, Verification> {
        self.identities.all()
    }

    /// All accepted mails, the oldest first.
    pub(crate) fn emails(&self) -> Result<Vec<Email>, StorageError> {
        self.outbox.all()
    }

    /// The publisher of mail events.
    pub(crate) fn events(&self) -> &MailEvents {
        &self.events
    }

    /// Replaces the faults of the next sends.
    pub(crate) fn set_faults(&self, next: Vec<Fault>) {
        self.faults.replace(next);
    }

    /// Simulates that a verification link was opened, or was not. Creates the identity if it does
    /// not exist.
    pub(crate) fn set_verified(
        &self,
        identity: IdentityName,
        verified: bool,
    ) -> Result<Verification, StorageError> {
        self.identities.set_verified(identity, verified)
    }
}
