//! The JWT authorizer: validates the token and checks its scopes against the route.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use crate::gateway::refusal::Refusal;
use crate::template::JwtAuthorizer;
use crate::tokens::TokenKey;

/// Validates tokens against the system time.
pub(super) struct Authorizer {
    key: Arc<TokenKey>,
    issuer: String,
    audience: Vec<String>,
}

/// The part of the caller's token that the function receives.
#[derive(Debug)]
pub(super) struct Authorization {
    /// The claims. The gateway converts every claim to text.
    pub(super) claims: BTreeMap<String, String>,
    /// The token's scopes, or `None` if the route requires no scope.
    pub(super) scopes: Option<Vec<String>>,
}

impl Authorizer {
    pub(super) fn new(key: Arc<TokenKey>, template: &JwtAuthorizer) -> Self {
        Self {
            key,
            issuer: template.issuer.clone(),
            audience: template.audience.clone(),
        }
    }

    /// Accepts a request if its token is valid and has at least one of the `required` scopes. An
    /// empty `required` accepts any valid token.
    pub(super) fn authorize(
        &self,
        headers: &HeaderMap,
        required: &[String],
    ) -> Result<Authorization, Refusal> {
        let header = headers
            .get(header::AUTHORIZATION)
            .ok_or(Refusal::TokenMissing)?;
        let header = header.to_str().map_err(|_| Refusal::TokenInvalid)?;
        let token = match header.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => header,
        };
        let claims = self
            .key
            .verify(token, &self.issuer, &self.audience)
            .map_err(|_| Refusal::TokenInvalid)?;
        let held = scopes(&claims);
        if !required.is_empty() && !required.iter().any(|scope| held.contains(scope)) {
            return Err(Refusal::ScopeMissing);
        }
        Ok(Authorization {
            claims: claims
                .iter()
                .map(|(name, value)| (name.clone(), text(value)))
                .collect(),
            scopes: (!required.is_empty()).then_some(held),
        })
    }
}

fn scopes(claims: &Map<String, Value>) -> Vec<String> {
    match claims.get("scope").or_else(|| claims.get("scp")) {
        Some(Value::String(scopes)) => scopes.split_whitespace().map(str::to_owned).collect(),
        Some(Value::Array(scopes)) => scopes
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

fn text(claim: &Value) -> String {
    match claim {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(" "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use lambda::clock::{Clock, SystemClock};
    use serde_json::json;

    use super::*;
    use crate::storage::Storage;

    fn verdict(claims: Value, scheme: &str, required: &[&str]) -> Result<Authorization, Refusal> {
        let key = Arc::new(TokenKey::open(&Storage::Memory).unwrap());
        let now = SystemClock.now();
        let mut all = json!({"iss": "i", "aud": "a", "exp": now.epoch_milliseconds() / 1_000 + 60});
        for (name, value) in claims.as_object().unwrap() {
            all[name] = value.clone();
        }
        let token = key.sign(all.as_object().unwrap()).unwrap();
        let template = JwtAuthorizer {
            issuer: "i".to_owned(),
            audience: vec!["a".to_owned()],
        };
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_str(&format!("{scheme}{token}")).unwrap();
        headers.insert(header::AUTHORIZATION, value);
        let required: Vec<_> = required.iter().map(ToString::to_string).collect();
        Authorizer::new(key, &template).authorize(&headers, &required)
    }

    #[test]
    fn a_token_needs_one_of_the_scopes_of_the_route() {
        let claims = json!({"scope": "x ratings:ask"});
        assert!(verdict(claims.clone(), "Bearer ", &["ratings:ask", "y"]).is_ok());
        assert_eq!(
            verdict(claims, "Bearer ", &["y"]).unwrap_err(),
            Refusal::ScopeMissing
        );
        assert_eq!(
            verdict(json!({}), "Bearer ", &["y"]).unwrap_err(),
            Refusal::ScopeMissing
        );
    }

    #[test]
    fn a_scope_does_not_match_a_prefix_of_another() {
        let claims = json!({"scope": "ratings:asks xratings:ask"});
        assert_eq!(
            verdict(claims, "Bearer ", &["ratings:ask"]).unwrap_err(),
            Refusal::ScopeMissing
        );
    }

    #[test]
    fn the_authorization_scheme_is_optional_and_case_insensitive() {
        assert!(verdict(json!({}), "", &[]).is_ok());
        assert!(verdict(json!({}), "bEARER ", &[]).is_ok());
        assert_eq!(
            verdict(json!({}), "Basic ", &[]).unwrap_err(),
            Refusal::TokenInvalid
        );
    }

    #[test]
    fn claims_are_forwarded_as_text() {
        let claims = json!({"org": "main", "groups": ["a", "b"], "level": 3, "admin": true});
        let claims = verdict(claims, "Bearer ", &[]).unwrap().claims;
        assert_eq!(claims["org"], "main");
        assert_eq!(claims["groups"], "[a b]");
        assert_eq!(claims["level"], "3");
        assert_eq!(claims["admin"], "true");
    }

    #[test]
    fn a_request_without_a_token_is_refused() {
        let key = Arc::new(TokenKey::open(&Storage::Memory).unwrap());
        let template = JwtAuthorizer {
            issuer: "i".to_owned(),
            audience: vec![],
        };
        let verdict = Authorizer::new(key, &template).authorize(&HeaderMap::new(), &[]);
        assert_eq!(verdict.unwrap_err(), Refusal::TokenMissing);
    }
}
