use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Host;

use crate::links::characters::is_unspaced;
use crate::links::found::Found;
use crate::links::host::{host, is_domain};

/// The characters of a local part that a `mailto` URL contains unencoded (RFC 6068, section 2).
const KEPT_IN_MAILTO: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'.')
    .remove(b'_')
    .remove(b'+')
    .remove(b'-');

/// Reads the email address around the `@` at `place`.
pub(super) fn address(word: &str, from: usize, place: usize) -> Found {
    let (Some(before), Some(after)) = (word.get(from..place), word.get(place + 1..)) else {
        return Found::Nothing;
    };
    let is_local = |it: char| it.is_ascii_alphanumeric() || "._+-'".contains(it);
    let local = before.rfind(|it| !is_local(it));
    let local = local.map_or(before, |last| {
        let next = before.get(last..).and_then(|it| it.chars().next());
        before
            .get(last + next.map_or(0, char::len_utf8)..)
            .unwrap_or_default()
    });
    let local = local.trim_start_matches('\'');
    let preceding = before
        .strip_suffix(local)
        .and_then(|it| it.chars().next_back());
    let is_whole = preceding.is_none_or(|it| "'*=:,;()[]{}".contains(it) || is_unspaced(it));
    let is_local_part = (1..=64).contains(&local.len())
        && !local.starts_with(['.', '-', '+'])
        && !local.ends_with('.')
        && !local.contains("..");
    if !is_whole || !is_local_part {
        return Found::Nothing;
    }
    let Some(domain) = host(after).filter(|domain| is_domain(domain)) else {
        return Found::Nothing;
    };
    if after
        .get(domain.len()..)
        .is_some_and(|it| it.starts_with(['@', '%']))
    {
        return Found::Deception;
    }
    let Ok(Host::Domain(ascii)) = Host::parse(domain) else {
        return Found::Nothing;
    };
    let ascii = if domain.is_ascii() { domain } else { &ascii };
    let local_in_url = utf8_percent_encode(local, KEPT_IN_MAILTO);
    Found::Link {
        range: place - local.len()..place + 1 + domain.len(),
        href: format!("mailto:{local_in_url}@{ascii}"),
    }
}
