//! The ids that the gateway gives to requests.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// A new id in the gateway's own form: 16 characters, the last of them `=`.
pub(super) fn generate() -> String {
    let mut bytes = [0_u8; 11];
    // Without randomness the ids repeat, which is better than no answer.
    let _ = getrandom::fill(&mut bytes);
    BASE64_STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_looks_like_the_gateways_and_does_not_repeat() {
        let id = generate();
        assert!(id.len() == 16 && id.ends_with('='));
        assert_ne!(id, generate());
    }
}
