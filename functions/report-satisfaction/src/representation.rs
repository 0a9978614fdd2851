use lambda::http::HttpRequest;
use lambda_http::http::header::ACCEPT;

/// The format of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Representation {
    Json,
    Csv,
}

impl Representation {
    /// Returns the format that the `Accept` header prefers, by the rules of RFC 9110. Returns JSON
    /// if the header accepts both formats equally, is absent, or accepts neither.
    pub(crate) fn preferred(accept: Option<&str>) -> Self {
        let accept = accept.unwrap_or("*/*");
        let [csv, json] = [("text", "csv"), ("application", "json")].map(|(kind, subtype)| {
            let weights = accept
                .split(',')
                .filter_map(|range| weigh(range, kind, subtype));
            // The most specific range decides, whatever its position.
            let (_, weight) = weights
                .max_by_key(|(exactness, _)| *exactness)
                .unwrap_or((0, 0));
            weight
        });
        if csv > json { Self::Csv } else { Self::Json }
    }
}

/// Returns how specifically a media range matches this type, and its weight in thousandths. Returns
/// `None` if the range does not match.
fn weigh(range: &str, kind: &str, subtype: &str) -> Option<(u8, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let (range_kind, range_subtype) = parts.next()?.split_once('/')?;
    let exactness = match (range_kind, range_subtype) {
        ("*", "*") => 1,
        (of, "*") if of.eq_ignore_ascii_case(kind) => 2,
        (of, one) if of.eq_ignore_ascii_case(kind) && one.eq_ignore_ascii_case(subtype) => 3,
        _ => return None,
    };
    let weight = parts
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
        .map_or(Some(1_000), |(_, value)| thousandths(value.trim()))?;
    Some((exactness, weight))
}

/// A weight of RFC 9110 (12.4.2): `0` to `1` with at most three decimals.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    let are_digits = decimals.bytes().all(|byte| byte.is_ascii_digit());
    if !matches!(whole, "0" | "1") || decimals.len() > 3 || !are_digits {
        return None;
    }
    let thousandths = format!("{whole}{decimals:0<3}").parse().ok()?;
    (thousandths <= 1_000).then_some(thousandths)
}

/// Returns the format that the request prefers.
pub(crate) fn representation(request: &HttpRequest) -> Representation {
    Representation::preferred(request.header(&ACCEPT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_returned_if_it_is_preferred_to_json() {
        for accept in [
            "text/csv",
            "TEXT/CSV; charset=utf-8",
            "text/*",
            "text/csv;header=present",
            "text/csv, application/json;q=0.9",
            "application/json;q=0.5,text/csv;q=0.501",
            "text/csv, */*;q=0.1",
            "*/*, application/json;q=0",
            "text/html, text/csv ; q=0.8, */* ; q=0.1",
        ] {
            let preferred = Representation::preferred(Some(accept));
            assert_eq!(preferred, Representation::Csv, "{accept}");
        }
    }

    #[test]
    fn json_is_returned_otherwise() {
        for accept in [
            "",
            "*/*",
            "application/json",
            "application/*",
            "text/html",
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "text/csv, application/json",
            "text/csv;q=0",
            "text/csv;q=0, */*",
            "text/*;q=0.9, text/csv;q=0.1, application/json;q=0.5",
            "text/csv;q=2",
            "text/csv;q=0.1234",
            "text/csv;q=-1",
            "text/csvx",
            "csv",
            "text/csv/x",
            ";;;,,,=/",
        ] {
            let preferred = Representation::preferred(Some(accept));
            assert_eq!(preferred, Representation::Json, "{accept}");
        }
        assert_eq!(Representation::preferred(None), Representation::Json);
    }
}
