use std::fmt;

use sha2::{Digest, Sha256};

/// A 128-bit id, shown as 32 hexadecimal digits. It is random, or derived from an idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UniqueId([u8; 16]);

impl UniqueId {
    /// The id with these bytes, which must be random.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The id that is derived from `parts`: the same parts always result in the same id.
    ///
    /// Each part is hashed with its length before it, so that different lists of parts never
    /// produce the same input.
    pub fn derived_from(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let digest = hash.finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(digest.split_at(16).0);
        Self(bytes)
    }
}

impl fmt::Display for UniqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equal_parts_result_in_equal_ids() {
        let id = UniqueId::derived_from(&["ab", "c"]);
        assert_eq!(id, UniqueId::derived_from(&["ab", "c"]));
        assert_ne!(id, UniqueId::derived_from(&["a", "bc"]));
        assert_ne!(id, UniqueId::derived_from(&["abc"]));
    }

    #[test]
    fn an_id_is_shown_as_32_hexadecimal_digits() {
        let text = UniqueId::from_bytes([7; 16]).to_string();
        assert_eq!(text.len(), 32);
        assert!(text.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
