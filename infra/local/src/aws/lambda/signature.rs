//! Checks the signature of a call of Lambda's API. The SDKs sign the calls of the other services, but a function signs
//! this one itself.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use axum::http::HeaderMap;
use domain::Timestamp;

use crate::aws::credential_scope::CredentialScope;
use crate::functions::{SECRET_KEY, SESSION_TOKEN};

/// How far the time of a signature may be from AWS's own.
const TOLERANCE_SECONDS: i64 = 5 * 60;

/// Why AWS does not accept a call, as the type of its error.
pub(super) type SignatureError = &'static str;

/// Checks the signature of a POST of `body` to `path`. Its time must be near one of `times`.
pub(super) fn check(
    headers: &HeaderMap,
    path: &str,
    body: &[u8],
    times: &[Timestamp],
) -> Result<(), SignatureError> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let missing = "MissingAuthenticationTokenException";
    let authorization = text("authorization").ok_or(missing)?;
    let date = text("x-amz-date").ok_or(missing)?;
    let host = text("host").ok_or(missing)?;
    let scope = CredentialScope::of(headers).ok_or("IncompleteSignatureException")?;
    if scope.service != "lambda" {
        return Err("InvalidSignatureException");
    }
    // The keys of a function are temporary. They are not valid without their token.
    if text("x-amz-security-token") != Some(SESSION_TOKEN) {
        return Err("UnrecognizedClientException");
    }
    let time = read_date(date).ok_or("IncompleteSignatureException")?;
    let is_near =
        |it: &Timestamp| (time.epoch_seconds() - it.epoch_seconds()).abs() <= TOLERANCE_SECONDS;
    if !times.iter().any(is_near) {
        return Err("InvalidSignatureException");
    }
    let expected = expected_authorization(&scope, time, &format!("http://{host}{path}"), body);
    if expected.as_deref() == Some(authorization) {
        Ok(())
    } else {
        Err("InvalidSignatureException")
    }
}

/// The header of a request that is signed in this scope. The scope's region is not checked, because a stack of a test
/// has a region of its own.
fn expected_authorization(
    scope: &CredentialScope<'_>,
    time: Timestamp,
    url: &str,
    body: &[u8],
) -> Option<String> {
    let identity = Credentials::new(
        scope.access_key,
        SECRET_KEY,
        Some(SESSION_TOKEN.to_owned()),
        None,
        "local",
    );
    let identity = identity.into();
    let seconds = u64::try_from(time.epoch_seconds()).ok()?;
    let parameters = SigningParams::builder()
        .identity(&identity)
        .region(scope.region)
        .name(scope.service)
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        .settings(SigningSettings::default())
        .build()
        .ok()?
        .into();
    let body = SignableBody::Bytes(body);
    let request = SignableRequest::new("POST", url, std::iter::empty(), body).ok()?;
    let (instructions, _) = sign(request, &parameters).ok()?.into_parts();
    let mut headers = instructions.headers();
    let (_, authorization) = headers.find(|(name, _)| *name == "authorization")?;
    Some(authorization.to_owned())
}

/// Reads a time such as `20260105T090000Z`.
fn read_date(text: &str) -> Option<Timestamp> {
    let part = |range| text.get(range);
    let date = format!("{}-{}-{}", part(0..4)?, part(4..6)?, part(6..8)?);
    let time = format!("{}:{}:{}", part(9..11)?, part(11..13)?, part(13..15)?);
    Timestamp::parse(&format!("{date}T{time}Z")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/2015-03-31/functions/f/invocations";

    fn signed(body: &[u8]) -> (HeaderMap, Timestamp) {
        let now = Timestamp::parse("2026-01-05T09:00:00Z").unwrap();
        let url = format!("http://127.0.0.1:4000{PATH}");
        let scope = CredentialScope {
            access_key: "f",
            region: "eu-west-1",
            service: "lambda",
        };
        let authorization = expected_authorization(&scope, now, &url, body).unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", authorization.as_str()),
            ("host", "127.0.0.1:4000"),
            ("x-amz-date", "20260105T090000Z"),
            ("x-amz-security-token", SESSION_TOKEN),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        (headers, now)
    }

    #[test]
    fn only_the_body_the_path_and_the_time_that_were_signed_are_accepted() {
        let (headers, now) = signed(b"{}");
        assert_eq!(check(&headers, PATH, b"{}", &[now]), Ok(()));
        let invalid = Err("InvalidSignatureException");
        assert_eq!(check(&headers, PATH, b"{ }", &[now]), invalid);
        assert_eq!(
            check(
                &headers,
                "/2015-03-31/functions/g/invocations",
                b"{}",
                &[now]
            ),
            invalid
        );
        assert_eq!(
            check(&headers, PATH, b"{}", &[now.plus_seconds(301)]),
            invalid
        );
        let changed = |from: &str, to: &str| {
            let (mut headers, _) = signed(b"{}");
            let authorization = headers["authorization"].to_str().unwrap();
            let authorization = authorization.replace(from, to);
            headers.insert("authorization", authorization.parse().unwrap());
            check(&headers, PATH, b"{}", &[now])
        };
        assert_eq!(changed("/lambda/", "/ses/"), invalid);
        assert_eq!(changed("eu-west-1", "eu-west-2"), invalid);
        let unsigned = check(&HeaderMap::new(), PATH, b"{}", &[now]);
        assert_eq!(unsigned, Err("MissingAuthenticationTokenException"));
    }

    #[test]
    fn a_function_signs_with_the_token_of_its_temporary_credentials() {
        let (signed, now) = signed(b"{}");
        for token in [None, Some("another")] {
            let mut headers = signed.clone();
            headers.remove("x-amz-security-token");
            if let Some(token) = token {
                headers.insert("x-amz-security-token", token.parse().unwrap());
            }
            let refused = check(&headers, PATH, b"{}", &[now]);
            assert_eq!(refused, Err("UnrecognizedClientException"));
        }
        let mut unsigned = signed;
        let authorization = unsigned["authorization"].to_str().unwrap();
        let authorization = authorization.replace(";x-amz-security-token", "");
        unsigned.insert("authorization", authorization.parse().unwrap());
        let refused = check(&unsigned, PATH, b"{}", &[now]);
        assert_eq!(refused, Err("InvalidSignatureException"));
    }
}
