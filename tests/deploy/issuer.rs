use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use local::{Deployment, Options};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::RSA_PKCS1_SHA256;
use serde_json::{Value, json};
use tests::Caller;

use crate::variable;

/// The audience of the deployed authorizer.
const AUDIENCE: &str = "https://api.example.com";
/// The id of the issuer's key.
const KEY_ID: &str = "deploy";

/// The lifetime of a token.
const HOUR: Duration = Duration::from_secs(3_600);

/// The claims of an agent with the scopes of all routes.
pub(crate) fn claims() -> Value {
    let deployment = Deployment::load(&Options::default()).expect("the template is supported");
    let scopes: Vec<_> = deployment.route_scopes().into_iter().collect();
    json!({
        "iss": variable("AFTERCHAT_ISSUER"),
        "aud": AUDIENCE,
        "sub": "jo",
        "name": "Jo Okafor",
        "exp": seconds_ahead(HOUR),
        "scope": scopes.join(" "),
    })
}

/// The claims of an agent, with these replaced.
pub(crate) fn claims_with(others: Value) -> Value {
    let mut claims = claims();
    for (name, value) in others.as_object().expect("claims") {
        claims[name] = value.clone();
    }
    claims
}

/// A token of the issuer with these claims.
pub(crate) fn signed(claims: &Value) -> String {
    let header = json!({ "alg": "RS256", "typ": "JWT", "kid": KEY_ID });
    let parts = [header, claims.clone()];
    let parts = parts.map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string()));
    let payload = parts.join(".");
    let key = std::fs::read(variable("AFTERCHAT_ISSUER_KEY")).expect("the key exists");
    let key = KeyPair::from_pkcs8(&key).expect("an RSA key");
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        payload.as_bytes(),
        &mut signature,
    )
    .expect("the key signs");
    format!("{payload}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

/// A caller of the deployed API with this token.
pub(crate) fn bearer(token: &str) -> Caller {
    Caller::new(&variable("AFTERCHAT_API"), Some(token.to_owned()))
}

/// A caller of the deployed API with a token of these claims.
pub(crate) fn caller(claims: &Value) -> Caller {
    bearer(&signed(claims))
}

#[expect(clippy::disallowed_methods, reason = "the deployed API uses real time")]
pub(crate) fn seconds_ahead(duration: Duration) -> i64 {
    (Timestamp::now() + duration).as_second()
}
