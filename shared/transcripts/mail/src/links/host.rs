use crate::links::characters::{is_latin, is_unspaced, is_word_character};

/// Whether `host` has a dot and a top-level domain that is not a number.
pub(super) fn is_domain(host: &str) -> bool {
    let top = host.rsplit_once('.').map(|(_, top)| top);
    top.is_some_and(|top| {
        let is_name = top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic());
        is_name || top.starts_with("xn--") || !top.is_ascii()
    })
}

/// Returns the host name or IPv4 address at the beginning of `text`.
pub(super) fn host(text: &str) -> Option<&str> {
    let is_in_host =
        |it: char| it.is_ascii_alphanumeric() || "-._".contains(it) || is_word_character(it);
    let end = text.find(|it| !is_in_host(it)).unwrap_or(text.len());
    let host = text.get(..end)?.trim_end_matches(['.', '-', '_']);
    // In a script without spaces, the sentence can continue directly after the host.
    let top = host.rfind('.').map_or(0, |dot| dot + 1);
    let (others, top) = host.split_at_checked(top)?;
    let top = match top.find(is_unspaced) {
        Some(end) if top.starts_with(|it: char| it.is_ascii_alphanumeric()) => top.get(..end)?,
        _ => top,
    };
    let host = text.get(..others.len() + top.len())?;
    host.split('.').all(is_label).then_some(host)
}

fn is_label(label: &str) -> bool {
    let has_latin = label.contains(|it: char| it.is_ascii_alphabetic());
    let has_other = label.contains(|it| is_word_character(it) && !is_latin(it) && !is_unspaced(it));
    // A letter of another script can look like a Latin one.
    let is_mixed = has_latin && has_other;
    !(label.is_empty() || label.starts_with('-') || label.ends_with('-') || is_mixed)
}
