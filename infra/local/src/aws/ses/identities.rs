//! The email identities of the SES account, and whether mail may come from them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::aws::ses::mailbox::{self, Address};
use crate::storage::{Storage, StorageError};

const FILE: &str = "ses-identities.json";

/// An address, or a domain that covers all of its addresses. Domains are in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct IdentityName(String);

impl IdentityName {
    /// Parses `text` as an identity. Returns `None` if it is neither an address nor a domain.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.contains('@') {
            let Address { local, domain } = Address::parse(text).ok()?;
            Some(Self(format!("{local}@{domain}")))
        } else {
            mailbox::is_domain(text).then(|| Self(text.to_ascii_lowercase()))
        }
    }

    /// The identity as text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The identity type in SES's API.
    pub(super) fn kind(&self) -> &'static str {
        if self.0.contains('@') {
            "EMAIL_ADDRESS"
        } else {
            "DOMAIN"
        }
    }
}

/// The verification status of an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Verification {
    /// The verification link was sent and not opened yet.
    Pending,
    /// The link was opened.
    Success,
    /// The link expired.
    Failed,
}

pub(super) struct Identities {
    storage: Storage,
    known: Mutex<BTreeMap<IdentityName, Verification>>,
}

impl Identities {
    pub(super) fn open(storage: Storage) -> Result<Self, StorageError> {
        let known = storage.read_json(FILE)?.unwrap_or_default();
        Ok(Self {
            storage,
            known: Mutex::new(known),
        })
    }

    pub(super) fn all(&self) -> BTreeMap<IdentityName, Verification> {
        self.known().clone()
    }

    /// Creates an identity, which is pending. Returns whether it did not exist before.
    pub(super) fn create(&self, name: IdentityName) -> Result<bool, StorageError> {
        let mut known = self.known();
        if known.contains_key(&name) {
            return Ok(false);
        }
        known.insert(name, Verification::Pending);
        self.keep(&known).map(|()| true)
    }

    /// Deletes an identity. Returns whether it existed.
    pub(super) fn delete(&self, name: &IdentityName) -> Result<bool, StorageError> {
        let mut known = self.known();
        let existed = known.remove(name).is_some();
        self.keep(&known).map(|()| existed)
    }

    /// Sets the verification of an identity. If it is not `verified`, a new identity is pending and
    /// an existing one has failed.
    pub(super) fn set_verified(
        &self,
        name: IdentityName,
        verified: bool,
    ) -> Result<Verification, StorageError> {
        let mut known = self.known();
        let verification = match (verified, known.contains_key(&name)) {
            (true, _) => Verification::Success,
            (false, false) => Verification::Pending,
            (false, true) => Verification::Failed,
        };
        known.insert(name, verification);
        self.keep(&known).map(|()| verification)
    }

    /// Whether `address` or its domain is verified. If so, mail may come from it, and may go to it
    /// in the sandbox.
    pub(super) fn is_verified(&self, address: &Address) -> bool {
        let known = self.known();
        let is_verified =
            |name: String| known.get(&IdentityName(name)) == Some(&Verification::Success);
        let mut domain = Some(address.domain.as_str());
        let domains = std::iter::from_fn(|| {
            let this = domain?;
            domain = this.split_once('.').map(|(_, parent)| parent);
            Some(this.to_owned())
        });
        is_verified(address.to_string()) || domains.into_iter().any(is_verified)
    }

    fn keep(&self, known: &BTreeMap<IdentityName, Verification>) -> Result<(), StorageError> {
        self.storage.write_json(FILE, known)
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<IdentityName, Verification>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identities(verified: &[&str]) -> Identities {
        let identities = Identities::open(Storage::Memory).unwrap();
        for name in verified {
            identities
                .set_verified(IdentityName::parse(name).unwrap(), true)
                .unwrap();
        }
        identities
    }

    fn may_send(identities: &Identities, address: &str) -> bool {
        identities.is_verified(&Address::parse(address).unwrap())
    }

    #[test]
    fn a_verified_address_does_not_verify_its_domain() {
        let identities = identities(&["help@example.com"]);
        assert!(may_send(&identities, "help@Example.com"));
        assert!(!may_send(&identities, "Help@example.com"));
        assert!(!may_send(&identities, "sales@example.com"));
    }

    #[test]
    fn a_domain_is_verified_for_its_addresses_and_its_subdomains() {
        let identities = identities(&["example.com"]);
        assert!(may_send(&identities, "help@example.com"));
        assert!(may_send(&identities, "help@mail.example.com"));
        assert!(!may_send(&identities, "help@notexample.com"));
    }

    #[test]
    fn a_new_identity_is_pending_until_it_is_verified() {
        let identities = identities(&[]);
        let name = || IdentityName::parse("help@example.com").unwrap();
        assert!(identities.create(name()).unwrap());
        assert!(!identities.create(name()).unwrap());
        assert_eq!(identities.all()[&name()], Verification::Pending);
        assert!(!may_send(&identities, "help@example.com"));
        assert_eq!(
            identities.set_verified(name(), false).unwrap(),
            Verification::Failed
        );
        assert_eq!(
            identities.set_verified(name(), true).unwrap(),
            Verification::Success
        );
        assert!(may_send(&identities, "help@example.com"));
    }
}
