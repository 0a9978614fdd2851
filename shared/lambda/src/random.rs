//! New ids and secrets, from the kernel's random source.

use domain::{HookKey, UniqueId, VisitorSecret};

/// A new id: 128 random bits.
pub fn unique_id() -> UniqueId {
    UniqueId::from_bytes(random_bytes())
}

/// A new secret of a visitor.
pub fn visitor_secret() -> VisitorSecret {
    VisitorSecret::from_bytes(random_bytes())
}

/// A new key of a hook.
pub fn hook_key() -> HookKey {
    HookKey::from_bytes(random_bytes())
}

#[expect(
    clippy::expect_used,
    reason = "the kernel's random source does not fail once it is seeded; an id or a secret that is not random would be worse"
)]
fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the kernel gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_ids_and_secrets_differ() {
        assert_ne!(unique_id(), unique_id());
        assert!(!visitor_secret().equals(&visitor_secret()));
        assert!(!hook_key().equals(&hook_key()));
    }
}
