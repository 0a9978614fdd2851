//! Generates the gateway's request IDs.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// A new ID in the format of API Gateway: 16 characters, the last of which is `=`.
pub(super) fn generate() -> String {
    let mut bytes = [0_u8; 11];
    // If no randomness is available, IDs repeat. That is better than a failed request.
    let _ = getrandom::fill(&mut bytes);
    BASE64_STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_has_the_format_of_the_gateway_and_is_unique() {
        let id = generate();
        assert!(id.len() == 16 && id.ends_with('='));
        assert_ne!(id, generate());
    }
}
