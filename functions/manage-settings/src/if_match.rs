use domain::InvalidValue;
use errors::Refusal;
use lambda::http::HttpRequest;
use lambda_http::http::header::IF_MATCH;

/// The maximum number of versions in `If-Match`.
const MAXIMUM_VERSIONS: usize = 10;

/// Returns the versions that `If-Match` names, or `None` if any version may be replaced: without the
/// header, or with `*`.
///
/// # Errors
/// 422 if the header is not a list of 1 to 10 entity tags.
pub(crate) fn read_if_match(request: &HttpRequest) -> Result<Option<Vec<String>>, Refusal> {
    let Some(header) = request.header(&IF_MATCH) else {
        return Ok(None);
    };
    parse_if_match(header).map_err(|rule| Refusal::invalid_field("If-Match", &rule))
}

fn parse_if_match(header: &str) -> Result<Option<Vec<String>>, InvalidValue> {
    if header.trim() == "*" {
        return Ok(None);
    }
    let versions: Option<Vec<_>> = header
        .split(',')
        .map(|tag| {
            let version = tag.trim().strip_prefix('"')?.strip_suffix('"')?;
            let is_plain =
                !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_alphanumeric());
            is_plain.then(|| version.to_owned())
        })
        .collect();
    versions
        .filter(|versions| versions.len() <= MAXIMUM_VERSIONS)
        .map(Some)
        .ok_or_else(|| InvalidValue::new("must be * or the ETag of the settings"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_a_list_of_versions_or_any() {
        for (header, versions) in [
            ("\"a1\"", Some(vec!["a1"])),
            (" \"a\" ,\"0\"", Some(vec!["a", "0"])),
            ("*", None),
        ] {
            let read = parse_if_match(header).unwrap();
            assert_eq!(
                read,
                versions.map(|it| it.into_iter().map(str::to_owned).collect())
            );
        }
    }

    #[test]
    fn what_is_not_the_tag_of_a_version_is_refused() {
        let many = ["\"a\""; 11].join(",");
        for header in [
            "",
            "a",
            "W/\"a\"",
            "\"\"",
            "\"a",
            "\"a\",",
            "\"é\"",
            "\"a\" \"b\"",
            &many,
        ] {
            assert!(parse_if_match(header).is_err(), "{header}");
        }
    }
}
