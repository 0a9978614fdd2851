//! A request's path, as an HTTP API routes it and hands it to functions.

use percent_encoding::percent_decode_str;

/// The path percent-decoded once and then cut at its first `?`, as API Gateway does before it looks
/// for a route.
///
/// So `%2F` divides a segment, and what follows a `%3F` is lost. A `+` stays, an invalid escape stays
/// as it was sent, and bytes that are not UTF-8 become U+FFFD.
///
/// API Gateway was also seen to decode a path once more if a `%` is left in it, and to answer 400 if
/// that fails. This is not imitated: the contract sends no path in which it would matter.
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

    /// What a deployed HTTP API was seen to make of these paths.
    #[test]
    fn a_path_is_decoded_as_a_deployed_api_decodes_it() {
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
    fn what_is_no_escape_stays_as_it_was_sent() {
        for path in ["/a%zzb", "/%", "/%2", "/%u002e", "/a+b", "//a/../b/./", "/"] {
            assert_eq!(decode(path), path);
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_become_replacement_characters() {
        assert_eq!(decode("/a%FFb"), "/a\u{fffd}b");
        // An overlong encoding of a slash is no slash.
        assert!(!decode("a%C0%AFb").contains('/'));
    }
}
