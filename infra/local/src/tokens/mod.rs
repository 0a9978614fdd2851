//! The local issuer of agents' tokens. It signs and verifies them with a key of this machine.

mod es256;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use lambda::clock::{Clock, SystemClock};
use serde_json::{Map, Value};

use crate::storage::{Storage, StorageError};

/// The issuer of local tokens.
pub(crate) const ISSUER: &str = "https://issuer.afterchat.local";
/// The audience of local tokens.
pub(crate) const AUDIENCE: &str = "afterchat";

const FILE: &str = "token-key.p8";

/// The key pair that signs and verifies tokens.
pub(crate) struct TokenKey {
    signing: EncodingKey,
    verifying: DecodingKey,
}

/// A token or a key is not available.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// The key could not be stored.
    #[error("{0}")]
    Storage(StorageError),
    /// The key could not be created or used.
    #[error("{0}")]
    Key(&'static str),
    /// The token could not be signed, or is invalid.
    #[error("{0}")]
    Token(jsonwebtoken::errors::Error),
    /// The token was issued in the future.
    #[error("the token was issued in the future")]
    IssuedLater,
}

impl TokenKey {
    /// Opens the key of the last run, so that its tokens stay valid, or creates a key.
    pub(crate) fn open(storage: &Storage) -> Result<Self, TokenError> {
        es256::install();
        let document = match storage.read(FILE).map_err(TokenError::Storage)? {
            Some(document) => document,
            None => {
                let document = es256::generate().map_err(TokenError::Key)?;
                storage
                    .write(FILE, &document)
                    .map_err(TokenError::Storage)?;
                document
            }
        };
        Ok(Self {
            verifying: DecodingKey::from_ec_der(
                &es256::public_key(&document).map_err(TokenError::Key)?,
            ),
            signing: EncodingKey::from_ec_der(&document),
        })
    }

    /// Returns a token with exactly these claims.
    pub(crate) fn sign(&self, claims: &Map<String, Value>) -> Result<String, TokenError> {
        let header = Header::new(Algorithm::ES256);
        jsonwebtoken::encode(&header, claims, &self.signing).map_err(TokenError::Token)
    }

    /// Returns the claims of `token` if this key signed it and it is valid at the current real
    /// time.
    pub(crate) fn verify(
        &self,
        token: &str,
        issuer: &str,
        audience: &[String],
    ) -> Result<Map<String, Value>, TokenError> {
        let mut validation = Validation::new(Algorithm::ES256);
        validation.leeway = 0;
        validation.validate_nbf = true;
        validation.set_issuer(&[issuer]);
        validation.set_audience(audience);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        let claims: Map<String, Value> = jsonwebtoken::decode(token, &self.verifying, &validation)
            .map_err(TokenError::Token)?
            .claims;
        let now = SystemClock.now().epoch_milliseconds() as f64;
        let is_from_the_future = claims
            .get("iat")
            .and_then(Value::as_f64)
            .is_some_and(|issued_at| issued_at * 1_000.0 > now);
        if is_from_the_future {
            Err(TokenError::IssuedLater)
        } else {
            Ok(claims)
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
    use ring::hmac;
    use serde_json::json;

    use super::*;

    fn claims(changes: Value) -> Map<String, Value> {
        let now = SystemClock.now().epoch_milliseconds() / 1_000;
        let mut claims = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": "a1", "iat": now, "exp": now + 60,
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object().unwrap().clone()
    }

    fn verdict(key: &TokenKey, token: &str) -> Result<Map<String, Value>, TokenError> {
        key.verify(token, ISSUER, &[AUDIENCE.to_owned()])
    }

    fn is_accepted(changes: Value) -> bool {
        let key = TokenKey::open(&Storage::Memory).unwrap();
        verdict(&key, &key.sign(&claims(changes)).unwrap()).is_ok()
    }

    #[test]
    fn a_token_of_this_issuer_for_this_audience_is_accepted() {
        assert!(is_accepted(json!({})));
        assert!(is_accepted(json!({"aud": ["another", AUDIENCE]})));
    }

    #[test]
    fn a_token_that_has_expired_is_refused() {
        let now = SystemClock.now().epoch_milliseconds() / 1_000;
        assert!(!is_accepted(json!({"exp": now - 1})));
        assert!(!is_accepted(json!({"exp": "soon"})));
    }

    #[test]
    fn a_token_before_its_not_before_time_is_refused() {
        let later = SystemClock.now().epoch_milliseconds() / 1_000 + 30;
        assert!(!is_accepted(json!({"nbf": later})));
        assert!(!is_accepted(json!({"iat": later})));
    }

    #[test]
    fn another_issuer_or_audience_is_refused() {
        assert!(!is_accepted(json!({"iss": "https://issuer.example"})));
        assert!(!is_accepted(json!({"aud": "another"})));
        assert!(!is_accepted(json!({"aud": ["another"]})));
    }

    #[test]
    fn a_token_signed_with_another_key_is_refused() {
        let key = TokenKey::open(&Storage::Memory).unwrap();
        let another = TokenKey::open(&Storage::Memory).unwrap();
        assert!(verdict(&key, &another.sign(&claims(json!({}))).unwrap()).is_err());
    }

    #[test]
    fn another_algorithm_is_refused_even_with_the_public_key_as_its_secret() {
        let key = TokenKey::open(&Storage::Memory).unwrap();
        let token = key.sign(&claims(json!({}))).unwrap();
        let (_, payload_and_signature) = token.split_once('.').unwrap();
        let (payload, signature) = payload_and_signature.split_once('.').unwrap();
        for algorithm in ["none", "HS256", "ES384", "RS256"] {
            let header = json!({"alg": algorithm, "typ": "JWT"}).to_string();
            let header = BASE64_URL_SAFE_NO_PAD.encode(header);
            assert!(verdict(&key, &format!("{header}.{payload}.{signature}")).is_err());
            assert!(verdict(&key, &format!("{header}.{payload}.")).is_err());
        }
    }

    /// A key, its public key, and the payload of a token that it signed.
    fn key_and_payload() -> (TokenKey, Vec<u8>, String) {
        es256::install();
        let document = es256::generate().unwrap();
        let public = es256::public_key(&document).unwrap();
        let key = TokenKey {
            verifying: DecodingKey::from_ec_der(&public),
            signing: EncodingKey::from_ec_der(&document),
        };
        let token = key.sign(&claims(json!({}))).unwrap();
        let payload = token.split('.').nth(1).unwrap().to_owned();
        (key, public, payload)
    }

    #[test]
    fn a_token_that_is_signed_with_the_public_key_as_a_secret_is_refused() {
        let (key, public, payload) = key_and_payload();
        let base64 = BASE64_STANDARD.encode(&public);
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{base64}\n-----END PUBLIC KEY-----\n");
        for (algorithm, hash) in [
            ("HS256", hmac::HMAC_SHA256),
            ("HS384", hmac::HMAC_SHA384),
            ("HS512", hmac::HMAC_SHA512),
        ] {
            let header = json!({"alg": algorithm, "typ": "JWT"}).to_string();
            let signed = format!("{}.{payload}", BASE64_URL_SAFE_NO_PAD.encode(header));
            for secret in [&public, base64.as_bytes(), pem.as_bytes(), b""] {
                let signature = hmac::sign(&hmac::Key::new(hash, secret), signed.as_bytes());
                let signature = BASE64_URL_SAFE_NO_PAD.encode(signature);
                assert!(verdict(&key, &format!("{signed}.{signature}")).is_err());
            }
        }
    }

    #[test]
    fn a_token_that_brings_its_own_key_is_refused() {
        let (key, ..) = key_and_payload();
        let (_, public, _) = key_and_payload();
        let (x, y) = public[public.len() - 64..].split_at(32);
        let coordinate = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": coordinate(x), "y": coordinate(y)});
        let another = TokenKey::open(&Storage::Memory).unwrap();
        for (name, value) in [
            ("jwk", jwk.clone()),
            ("jku", json!("https://evil.example/jwks.json")),
            ("x5u", json!("https://evil.example/certificate.pem")),
            ("kid", json!("../../../../dev/null")),
            ("kid", json!("' UNION SELECT 'key")),
        ] {
            let mut header = json!({"alg": "ES256", "typ": "JWT"});
            header[name] = value;
            let header: Header = serde_json::from_value(header).unwrap();
            let claims = claims(json!({}));
            let token = jsonwebtoken::encode(&header, &claims, &another.signing).unwrap();
            assert!(verdict(&key, &token).is_err(), "{name}");
        }
    }

    #[test]
    fn malformed_tokens_are_refused() {
        let key = TokenKey::open(&Storage::Memory).unwrap();
        for text in ["", ".", "..", "a.b.c", "é"] {
            assert!(verdict(&key, text).is_err());
        }
    }
}
