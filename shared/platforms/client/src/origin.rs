use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::address::is_public;

/// Which servers may be called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Targets {
    /// Servers on the public internet, over HTTPS.
    #[default]
    Public,
    /// Also servers with private addresses and servers without HTTPS.
    Any,
}

impl Targets {
    /// Reads `public` or `any`.
    ///
    /// # Errors
    /// If `text` is neither. The error states the rule.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        match text {
            "public" => Ok(Self::Public),
            "any" => Ok(Self::Any),
            _ => Err("must be public or any"),
        }
    }
}

/// The scheme, the host and the port of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

/// Why a URL is not an origin that may be called. The text continues "the URL".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOrigin {
    /// The text is not an absolute URL.
    #[error("must be a URL such as https://chat.example.com")]
    NotAUrl,
    /// The scheme is not `https`, or `http` where that is allowed.
    #[error("must begin with https://")]
    Scheme,
    /// The URL has more than a scheme, a host and a port.
    #[error("must not contain a user, a path, a query or a fragment")]
    MoreThanOrigin,
    /// The host is an address that is not public.
    #[error("must not have a private address")]
    PrivateAddress,
}

impl Origin {
    /// Reads an origin such as `https://chat.example.com` or `https://chat.example.com:8443/`. The host is
    /// converted to lower case and ASCII, and the default port is removed.
    ///
    /// # Errors
    /// If `text` is not such a URL, or `targets` does not include it. A host name is not resolved: its
    /// addresses are checked each time that a TCP connection is opened.
    pub fn parse(text: &str, targets: Targets) -> Result<Self, InvalidOrigin> {
        let url = Url::parse(text).map_err(|_| InvalidOrigin::NotAUrl)?;
        match (url.scheme(), targets) {
            ("https", _) | ("http", Targets::Any) => {}
            _ => return Err(InvalidOrigin::Scheme),
        }
        let has_user = !url.username().is_empty() || url.password().is_some();
        let has_more = url.path() != "/" || url.query().is_some() || url.fragment().is_some();
        // `Url` drops an empty user, and accepts a URL without slashes or with backslashes.
        let is_written_as_origin = text
            .split_once("://")
            .is_some_and(|(_, rest)| !rest.contains(['@', '\\']) && !rest.starts_with('/'));
        if has_user || has_more || !is_written_as_origin {
            return Err(InvalidOrigin::MoreThanOrigin);
        }
        let address = match url.host().ok_or(InvalidOrigin::NotAUrl)? {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
        };
        if targets == Targets::Public && address.is_some_and(|address| !is_public(address)) {
            return Err(InvalidOrigin::PrivateAddress);
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// The origin as text, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_a_normal_form() {
        for (text, expected) in [
            ("https://chat.example.com", "https://chat.example.com"),
            ("https://Chat.Example.com/", "https://chat.example.com"),
            ("https://chat.example.com:443", "https://chat.example.com"),
            (
                "https://chat.example.com:8443/",
                "https://chat.example.com:8443",
            ),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("https://8.8.8.8", "https://8.8.8.8"),
            ("https://[2606:4700::1]", "https://[2606:4700::1]"),
        ] {
            let origin = Origin::parse(text, Targets::Public).unwrap();
            assert_eq!(origin.as_str(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_an_origin_is_refused_with_its_rule() {
        use InvalidOrigin::{MoreThanOrigin, NotAUrl, Scheme};
        for (text, expected) in [
            ("", NotAUrl),
            ("chat.example.com", NotAUrl),
            ("https://", NotAUrl),
            ("https://a b", NotAUrl),
            ("http://chat.example.com", Scheme),
            ("ftp://chat.example.com", Scheme),
            ("file:///etc/passwd", Scheme),
            ("https://ana@chat.example.com", MoreThanOrigin),
            ("https://@chat.example.com", MoreThanOrigin),
            ("https://ana:x@chat.example.com", MoreThanOrigin),
            ("https://chat.example.com/app", MoreThanOrigin),
            ("https://chat.example.com?a", MoreThanOrigin),
            ("https://chat.example.com#a", MoreThanOrigin),
            ("https:chat.example.com", MoreThanOrigin),
            ("https:///chat.example.com", MoreThanOrigin),
            ("https://chat.example.com\\@a", MoreThanOrigin),
        ] {
            let refused = Origin::parse(text, Targets::Public);
            assert_eq!(refused, Err(expected), "{text:?}");
        }
    }

    #[test]
    fn a_private_address_is_refused_in_every_notation() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "[::1]",
            "[::ffff:10.0.0.1]",
            "169.254.169.254",
            "１２７.0.0.1",
        ] {
            let url = format!("https://{host}");
            let refused = Origin::parse(&url, Targets::Public);
            assert_eq!(refused, Err(InvalidOrigin::PrivateAddress), "{url}");
            assert!(Origin::parse(&url, Targets::Any).is_ok(), "{url}");
        }
    }

    #[test]
    fn http_is_allowed_only_for_any_target() {
        let origin = Origin::parse("http://localhost:3000", Targets::Any).unwrap();
        assert_eq!(origin.to_string(), "http://localhost:3000");
    }
}
