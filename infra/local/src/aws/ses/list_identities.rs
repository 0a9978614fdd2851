//! The operation `ListEmailIdentities`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::aws::ses::error::SesError;
use crate::aws::ses::{IdentityName, Verification};

const LARGEST_PAGE: usize = 1_000;
const USUAL_PAGE: usize = 100;

/// The input of the operation.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ListEmailIdentitiesRequest {
    filter: Filter,
    next_token: Option<String>,
    page_size: Option<usize>,
}

/// The properties that all identities on the page share.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default, deny_unknown_fields)]
struct Filter {
    identity_name_contains: Option<String>,
    identity_type: Option<String>,
    verification_status: Option<Verification>,
}

impl Filter {
    fn matches(&self, name: &IdentityName, verification: Verification) -> bool {
        let text = self.identity_name_contains.as_deref();
        let kind = self.identity_type.as_deref();
        text.is_none_or(|text| name.as_str().contains(text))
            && kind.is_none_or(|kind| name.kind() == kind)
            && self
                .verification_status
                .is_none_or(|status| status == verification)
    }
}

/// The page of `identities` that the request selects. The token of the next page is the name of the
/// last identity on this page.
pub(super) fn page(
    request: ListEmailIdentitiesRequest,
    identities: &BTreeMap<IdentityName, Verification>,
) -> Result<Value, SesError> {
    let size = match request.page_size.unwrap_or(USUAL_PAGE) {
        0 => USUAL_PAGE,
        size @ 1..=LARGEST_PAGE => size,
        _ => {
            return Err(SesError::bad_request(format!(
                "PageSize must not exceed {LARGEST_PAGE}."
            )));
        }
    };
    let after = request.next_token.as_deref();
    let mut rest = identities
        .iter()
        .filter(|(name, verification)| request.filter.matches(name, **verification))
        .filter(|(name, _)| after.is_none_or(|after| name.as_str() > after));
    let page: Vec<_> = rest.by_ref().take(size).collect();
    let last = page.last().map(|(name, _)| *name);
    let next = last.filter(|_| rest.next().is_some());
    let shown = page.iter().map(|(name, verification)| {
        json!({
            "IdentityType": name.kind(),
            "IdentityName": name,
            "SendingEnabled": **verification == Verification::Success,
            "VerificationStatus": verification,
        })
    });
    Ok(json!({
        "EmailIdentities": shown.collect::<Vec<_>>(),
        "NextToken": next,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identities(names: &[&str]) -> BTreeMap<IdentityName, Verification> {
        let names = names.iter().map(|name| IdentityName::parse(name).unwrap());
        names.map(|name| (name, Verification::Success)).collect()
    }

    fn list(request: Value, names: &[&str]) -> (Vec<String>, Option<String>) {
        let request = serde_json::from_value(request).unwrap();
        let page = page(request, &identities(names)).unwrap();
        let listed = page["EmailIdentities"].as_array().unwrap().iter();
        let listed = listed.map(|it| it["IdentityName"].as_str().unwrap().to_owned());
        let next = page["NextToken"].as_str().map(ToOwned::to_owned);
        (listed.collect(), next)
    }

    #[test]
    fn each_page_has_a_token_for_the_next_one() {
        let names = ["a.example", "b.example", "c.example"];
        let (first, next) = list(json!({ "PageSize": 2 }), &names);
        assert_eq!(first, ["a.example", "b.example"]);
        let (second, next) = list(json!({ "PageSize": 2, "NextToken": next }), &names);
        assert_eq!(second, ["c.example"]);
        assert_eq!(next, None);
        let (whole, next) = list(json!({ "PageSize": 3 }), &names);
        assert_eq!(whole.len(), 3);
        assert_eq!(next, None);
    }

    #[test]
    fn a_filter_compares_a_part_of_the_name_and_the_type() {
        let names = ["example.com", "jo@example.com", "example.net"];
        let by_name = json!({ "Filter": { "IDENTITY_NAME_CONTAINS": "example.com" } });
        assert_eq!(list(by_name, &names).0, ["example.com", "jo@example.com"]);
        let by_kind = json!({ "Filter": { "IDENTITY_TYPE": "DOMAIN" } });
        assert_eq!(list(by_kind, &names).0, ["example.com", "example.net"]);
    }

    #[test]
    fn a_page_has_at_most_a_thousand_identities() {
        let request = ListEmailIdentitiesRequest {
            page_size: Some(1_001),
            ..ListEmailIdentitiesRequest::default()
        };
        assert!(page(request, &BTreeMap::new()).is_err());
    }
}
