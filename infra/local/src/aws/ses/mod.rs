//! SES, version 2 of its API: refuses what SES refuses, keeps what it takes, and sends nothing.

mod api;
mod error;
mod faults;
mod identities;
mod mail_events;
mod mailbox;
mod outbox;
mod send_email;

use std::sync::Arc;

use shared::clock::SharedClock;

use crate::storage::{Storage, StorageError};
use faults::Faults;
use identities::Identities;
use outbox::Outbox;

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
}

impl Ses {
    /// The stand-in as the last run left it. Mails are dated by `clock`, and what becomes of them
    /// is told by `events`.
    pub(crate) fn open(
        storage: &Storage,
        clock: SharedClock,
        events: MailEvents,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            clock,
            identities: Identities::open(storage.clone())?,
            outbox: Outbox::open(storage.clone())?,
            faults: Faults::default(),
            events: Arc::new(events),
        })
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
