use std::fmt;

use domain::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How far a webhook's timestamp may be from the current time, in either direction.
const TOLERANCE_SECONDS: i64 = 300;

const PREFIX: &str = "sha256=";

/// The secret with which a Chatwoot server signs its webhooks. `Debug` does not show it.
#[derive(Clone)]
pub struct WebhookSecret(String);

impl WebhookSecret {
    /// The secret as Chatwoot shows it in the webhook's form.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

/// The headers of a signed webhook.
#[derive(Clone, Copy, Debug, Default)]
pub struct SignatureHeaders<'a> {
    /// `X-Chatwoot-Signature`.
    pub signature: Option<&'a str>,
    /// `X-Chatwoot-Timestamp`.
    pub timestamp: Option<&'a str>,
}

/// Why a webhook's signature was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// A header is missing.
    #[error("`X-Chatwoot-Signature` and `X-Chatwoot-Timestamp` are required")]
    Missing,
    /// The signature is not `sha256=` and 64 hexadecimal digits.
    #[error("`X-Chatwoot-Signature` must be `sha256=` and 64 hexadecimal digits")]
    MalformedSignature,
    /// The timestamp is not a time in Unix seconds.
    #[error("`X-Chatwoot-Timestamp` must be a time in Unix seconds")]
    MalformedTimestamp,
    /// The timestamp is more than 300 seconds in the past or in the future.
    #[error("`X-Chatwoot-Timestamp` is more than 300 seconds from the current time")]
    OutOfTolerance,
    /// The body was not signed with this secret.
    #[error("the signature does not match the body")]
    Mismatch,
}

/// Checks that the sender of `body`, the unchanged bytes of a webhook, knows `secret`, and that the
/// webhook was sent at most 300 seconds from `now`.
///
/// The comparison takes the same time for each wrong signature.
///
/// # Errors
/// If a header is missing or malformed, the timestamp is out of tolerance or the signature does not
/// match.
pub fn verify_signature(
    secret: &WebhookSecret,
    headers: SignatureHeaders<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<(), SignatureError> {
    let (Some(signature), Some(timestamp)) = (headers.signature, headers.timestamp) else {
        return Err(SignatureError::Missing);
    };
    let signature = signature
        .strip_prefix(PREFIX)
        .and_then(decode_digest)
        .ok_or(SignatureError::MalformedSignature)?;
    let sent_at = read_seconds(timestamp).ok_or(SignatureError::MalformedTimestamp)?;
    let distance = now
        .epoch_milliseconds()
        .abs_diff(sent_at.epoch_milliseconds());
    if distance > TOLERANCE_SECONDS.unsigned_abs() * 1000 {
        return Err(SignatureError::OutOfTolerance);
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.0.as_bytes())
        .map_err(|_| SignatureError::Mismatch)?;
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.verify_slice(&signature)
        .map_err(|_| SignatureError::Mismatch)
}

/// Reads digits only, because `parse` accepts a sign.
fn read_seconds(text: &str) -> Option<Timestamp> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = is_number.then(|| text.parse().ok()).flatten()?;
    Timestamp::from_epoch_seconds(seconds)
}

fn decode_digest(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|it| u8::try_from(it).ok()))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect();
    (digits.len() == 64).then(|| bytes.try_into().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `openssl dgst -sha256 -hmac whsec_example` of `1772442904.{"event":"x"}`.
    const SIGNATURE: &str =
        "sha256=0d1f6a23b9b96f45797a65ea240368f44ee92d186ef64bfb3bbb4be6d0e8f1cc";
    const BODY: &[u8] = br#"{"event":"x"}"#;

    fn verify(signature: &str, timestamp: &str, now: i64) -> Result<(), SignatureError> {
        let headers = SignatureHeaders {
            signature: Some(signature),
            timestamp: Some(timestamp),
        };
        let now = Timestamp::from_epoch_milliseconds(now).unwrap();
        verify_signature(&WebhookSecret::new("whsec_example"), headers, BODY, now)
    }

    #[test]
    fn a_signature_over_timestamp_and_body_is_accepted() {
        assert_eq!(verify(SIGNATURE, "1772442904", 1_772_442_904_000), Ok(()));
        let upper = SIGNATURE.to_uppercase().replace("SHA256", "sha256");
        assert_eq!(verify(&upper, "1772442904", 1_772_442_904_000), Ok(()));
    }

    #[test]
    fn a_timestamp_may_be_300_seconds_in_the_past_or_in_the_future() {
        for (now, expected) in [
            (1_772_443_204_000, Ok(())),
            (1_772_443_204_001, Err(SignatureError::OutOfTolerance)),
            (1_772_442_604_000, Ok(())),
            (1_772_442_603_999, Err(SignatureError::OutOfTolerance)),
        ] {
            assert_eq!(verify(SIGNATURE, "1772442904", now), expected, "{now}");
        }
    }

    #[test]
    fn another_body_secret_or_timestamp_does_not_match() {
        let now = Timestamp::from_epoch_seconds(1_772_442_904).unwrap();
        let headers = SignatureHeaders {
            signature: Some(SIGNATURE),
            timestamp: Some("1772442904"),
        };
        let secret = WebhookSecret::new("whsec_example");
        let other = WebhookSecret::new("whsec_other");
        let mismatch = Err(SignatureError::Mismatch);
        assert_eq!(verify_signature(&secret, headers, b"{}", now), mismatch);
        assert_eq!(verify_signature(&other, headers, BODY, now), mismatch);
        assert_eq!(verify(SIGNATURE, "1772442905", 1_772_442_904_000), mismatch);
        assert_eq!(
            verify(SIGNATURE, "01772442904", 1_772_442_904_000),
            mismatch
        );
    }

    #[test]
    fn a_missing_header_is_refused() {
        let now = Timestamp::EPOCH;
        let secret = WebhookSecret::new("whsec_example");
        for headers in [
            SignatureHeaders::default(),
            SignatureHeaders {
                signature: Some(SIGNATURE),
                timestamp: None,
            },
            SignatureHeaders {
                signature: None,
                timestamp: Some("0"),
            },
        ] {
            let refused = verify_signature(&secret, headers, BODY, now);
            assert_eq!(refused, Err(SignatureError::Missing));
        }
    }

    #[test]
    fn a_malformed_header_is_refused() {
        let digest = &SIGNATURE[7..];
        for signature in [
            String::new(),
            digest.to_owned(),
            format!("sha1={digest}"),
            format!("SHA256={digest}"),
            "sha256=".to_owned(),
            format!("sha256={}", &digest[..63]),
            format!("sha256={digest}0"),
            format!("sha256={}g", &digest[..63]),
            format!("sha256= {}", &digest[1..]),
            format!("sha256={}é", &digest[..62]),
            format!("{SIGNATURE} "),
        ] {
            let refused = verify(&signature, "1772442904", 1_772_442_904_000);
            assert_eq!(
                refused,
                Err(SignatureError::MalformedSignature),
                "{signature:?}"
            );
        }
        for timestamp in [
            "",
            "-1772442904",
            "+1772442904",
            " 1772442904",
            "1772442904.0",
            "1e9",
            "2026-03-02T09:15:04Z",
            "99999999999999999999999999999999",
            "9223372036854775807",
            "١٢٣",
        ] {
            let refused = verify(SIGNATURE, timestamp, 1_772_442_904_000);
            assert_eq!(
                refused,
                Err(SignatureError::MalformedTimestamp),
                "{timestamp:?}"
            );
        }
    }

    #[test]
    fn the_secret_is_not_shown() {
        let secret = WebhookSecret::new("whsec_example");
        assert!(!format!("{secret:?}").contains("whsec"));
    }

    proptest! {
        #[test]
        fn arbitrary_headers_do_not_panic(signature in ".*", timestamp in ".*", body: Vec<u8>) {
            let headers = SignatureHeaders {
                signature: Some(&signature),
                timestamp: Some(&timestamp),
            };
            let secret = WebhookSecret::new("whsec_example");
            prop_assert!(verify_signature(&secret, headers, &body, Timestamp::EPOCH).is_err());
        }
    }
}
