use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Whether a request's `Accept-Encoding` allows gzip.
pub(crate) fn is_accepted(accept_encoding: &str) -> bool {
    accept_encoding.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_gzip = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let is_refused = parts
            .filter_map(|part| part.strip_prefix("q="))
            .any(|weight| weight.parse() == Ok(0.0_f32));
        is_gzip && !is_refused
    })
}

/// Compresses `bytes` with gzip, because API Gateway does not compress responses itself.
pub(crate) fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_accepted_if_it_is_named_and_not_refused() {
        for accepting in ["gzip", "br, GZIP;q=0.5", "deflate,gzip"] {
            assert!(is_accepted(accepting), "{accepting}");
        }
        for refusing in ["", "br", "gzip;q=0", "x-gzipped", "gzip; q=0.0"] {
            assert!(!is_accepted(refusing), "{refusing}");
        }
    }
}
