//! The query parameters of a request.

use axum::http::Uri;
use percent_encoding::percent_decode_str;

/// The decoded value of the first parameter `name`.
pub(super) fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let mut pairs = uri.query()?.split('&');
    let value = pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}
