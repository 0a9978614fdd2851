//! Decodes a request's path as an HTTP API does.

use percent_encoding::percent_decode_str;

/// The path, percent-decoded once and then cut at its first `?`. API Gateway does this before it
/// matches routes.
///
/// `%2F` therefore separates segments, and the text after a `%3F` is lost. A `+` and an invalid
/// escape stay as they were sent. Bytes that are not UTF-8 become U+FFFD.
///
/// A deployed API Gateway also decoded a path a second time if a `%` was left in it, and returned
/// 400 if that failed. This is not emulated, because it affects no path of the API contract.
pub(super) fn decode(raw: &str) -> String {
    let decoded = percent_decode_str(raw).decode_utf8_lossy();
    match decoded.split_once('?') {
        Some((path, _)) => path.to_owned(),
        None => decoded.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The results that a deployed HTTP API returned for these paths.
    #[test]
    fn a_path_is_decoded_like_in_a_deployed_api() {
        for (sent, decoded) in [
            ("/capture/plain", "/capture/plain"),
            ("/capture/space%20value", "/capture/space value"),
            ("/capture/question%3Fvalue", "/capture/question"),
            ("/capture/hash%23value", "/capture/hash#value"),
            ("/capture/slash%2Fvalue", "/capture/slash/value"),
            (
                "/capture/unicode-%CE%BB-%E4%B8%96%E7%95%8C",
                "/capture/unicode-λ-世界",
            ),
        ] {
            assert_eq!(decode(sent), decoded, "{sent}");
        }
    }

    #[test]
    fn a_path_is_decoded_once() {
        assert_eq!(decode("/50%2541@x"), "/50%41@x");
        assert_eq!(decode("/a%252Fb%253Fc"), "/a%2Fb%3Fc");
    }

    #[test]
    fn an_invalid_escape_is_not_changed() {
        for path in ["/a%zzb", "/%", "/%2", "/%u002e", "/a+b", "//a/../b/./", "/"] {
            assert_eq!(decode(path), path);
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_become_replacement_characters() {
        assert_eq!(decode("/a%FFb"), "/a\u{fffd}b");
        // An overlong encoding of a slash is not a slash.
        assert!(!decode("a%C0%AFb").contains('/'));
    }
}
