//! The signature of webhooks.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The value of `X-Chatwoot-Signature` for a body that is sent at `timestamp`, in Unix seconds.
pub(crate) fn sign(secret: &str, timestamp: i64, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    let digest = mac.finalize().into_bytes();
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(format!("sha256={digits}"))
}
