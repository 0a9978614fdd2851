//! `POST /dev/token`: an agent's token, as an identity provider would issue it.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use lambda::clock::{Clock, SystemClock};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::dev::failure;
use crate::dev::input::{self, BadInput};
use crate::template::Template;
use crate::tokens::{AUDIENCE, ISSUER, TokenError, TokenKey};

const LIFETIME_SECONDS: i64 = 12 * 60 * 60;

/// The one scope that a token has only if the request names it.
const ACT_FOR_AGENTS: &str = "agents:act";

/// Issues tokens with the stack's scopes.
pub(crate) struct TokenIssuer {
    key: Arc<TokenKey>,
    scope_prefix: String,
    scopes: BTreeSet<String>,
}

/// The agent of the token, and its scopes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    sub: String,
    /// `null` for a token without this claim.
    #[serde(default = "main_organisation")]
    org: Option<String>,
    name: Option<String>,
    /// The scopes without the prefix, which the issuer adds.
    scopes: Option<Vec<String>>,
}

fn main_organisation() -> Option<String> {
    Some("main".to_owned())
}

impl TokenIssuer {
    pub(crate) fn new(key: Arc<TokenKey>, template: &Template) -> Self {
        Self {
            key,
            scope_prefix: template.scope_prefix.clone(),
            scopes: template.scopes.clone(),
        }
    }

    /// Returns a token with exactly these claims.
    pub(crate) fn sign(&self, claims: &Map<String, Value>) -> Result<String, TokenError> {
        self.key.sign(claims)
    }

    fn claims(&self, request: TokenRequest, now: i64) -> Map<String, Value> {
        let scopes = request.scopes.unwrap_or_else(|| {
            self.scopes
                .iter()
                .filter(|scope| *scope != ACT_FOR_AGENTS)
                .cloned()
                .collect()
        });
        let scopes = scopes
            .iter()
            .map(|scope| format!("{}{scope}", self.scope_prefix));
        let claims = [
            ("iss", json!(ISSUER)),
            ("aud", json!(AUDIENCE)),
            ("iat", json!(now)),
            ("exp", json!(now + LIFETIME_SECONDS)),
            ("sub", json!(request.sub)),
            ("org", json!(request.org)),
            ("name", json!(request.name)),
            ("scope", json!(scopes.collect::<Vec<_>>().join(" "))),
        ];
        let present = claims.into_iter().filter(|(_, value)| !value.is_null());
        present
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

pub(super) async fn issue(
    State(office): State<Arc<TokenIssuer>>,
    body: Bytes,
) -> Result<Response, BadInput> {
    let request: TokenRequest = input::parse(&body)?;
    let now = SystemClock.now().epoch_milliseconds() / 1_000;
    match office.sign(&office.claims(request, now)) {
        Ok(token) => Ok(Json(json!({ "token": token })).into_response()),
        Err(error) => Ok(failure(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Storage;

    fn claims(request: Value) -> Map<String, Value> {
        let office = TokenIssuer {
            key: Arc::new(TokenKey::open(&Storage::Memory).unwrap()),
            scope_prefix: "p/".to_owned(),
            scopes: ["agents:act", "ratings:ask", "senders:write"]
                .map(str::to_owned)
                .into(),
        };
        office.claims(serde_json::from_value(request).unwrap(), 1_000)
    }

    #[test]
    fn a_token_has_all_scopes_except_acting_for_agents() {
        let claims = claims(json!({"sub": "a1"}));
        assert_eq!(claims["scope"], "p/ratings:ask p/senders:write");
        assert_eq!(
            (&claims["sub"], &claims["org"]),
            (&json!("a1"), &json!("main"))
        );
        assert!(!claims.contains_key("name"));
    }

    #[test]
    fn a_token_has_only_the_requested_scopes() {
        let claims = claims(json!({"sub": "a1", "scopes": ["agents:act"], "org": null}));
        assert_eq!(claims["scope"], "p/agents:act");
        assert!(!claims.contains_key("org"));
    }
}
