//! The credential scope in the signature of a request to AWS.

use axum::http::HeaderMap;

/// Who signed a request, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CredentialScope<'a> {
    pub(crate) access_key: &'a str,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
}

impl<'a> CredentialScope<'a> {
    /// Reads the scope of a signature of version 4. `None` if the request has no such signature.
    pub(crate) fn of(headers: &'a HeaderMap) -> Option<Self> {
        let authorization = headers.get("authorization")?.to_str().ok()?;
        let (_, credential) = authorization.split_once("Credential=")?;
        let (credential, _) = credential.split_once(',')?;
        let parts: Vec<_> = credential.split('/').collect();
        match parts.as_slice() {
            [access_key, _date, region, service, "aws4_request"] => Some(Self {
                access_key,
                region,
                service,
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scope_is_read_from_the_signature() {
        let mut headers = HeaderMap::new();
        assert_eq!(CredentialScope::of(&headers), None);
        let signature =
            "AWS4-HMAC-SHA256 Credential=key/20260105/r/dynamodb/aws4_request, Signature=x";
        headers.insert("authorization", signature.parse().unwrap());
        let expected = CredentialScope {
            access_key: "key",
            region: "r",
            service: "dynamodb",
        };
        assert_eq!(CredentialScope::of(&headers), Some(expected));
        headers.insert("authorization", "Bearer x".parse().unwrap());
        assert_eq!(CredentialScope::of(&headers), None);
    }
}
