use std::ops::Range;

use url::Url;

use crate::links::characters::is_unspaced;
use crate::links::found::Found;
use crate::links::host::host;

/// The most bytes of a link's URL with its scheme. A longer one is not a link, because browsers and
/// mail servers truncate or refuse it.
const LONGEST_URL: usize = 2_048;

/// Reads the URL whose scheme ends at the colon at `place`.
pub(super) fn url(word: &str, from: usize, place: usize) -> Found {
    let (before, rest) = word.split_at(place);
    let scheme = ["https", "http"].into_iter().find(|scheme| {
        let start = place.checked_sub(scheme.len());
        start
            .and_then(|start| before.get(start..))
            .is_some_and(|it| it.eq_ignore_ascii_case(scheme))
    });
    let (Some(scheme), Some(authority)) = (scheme, rest.strip_prefix("://")) else {
        return Found::Nothing;
    };
    let start = place - scheme.len();
    let last = word
        .get(from..start)
        .and_then(|before| before.chars().next_back());
    if start < from || last.is_some_and(|it| it.is_ascii_alphanumeric() || "+-.".contains(it)) {
        return Found::Nothing;
    }
    link_at(authority, &format!("{scheme}://"), 1, last, |length| {
        start..place + 3 + length
    })
}

/// Reads the URL without a scheme whose `www` ends at the dot at `place`.
pub(super) fn web_name(word: &str, from: usize, place: usize) -> Found {
    let start = place.checked_sub(3).filter(|start| *start >= from);
    let Some((before, name)) = start.and_then(|start| word.split_at_checked(start)) else {
        return Found::Nothing;
    };
    let is_www = name
        .get(..4)
        .is_some_and(|it| it.eq_ignore_ascii_case("www."));
    let last = before.chars().next_back();
    if !is_www || last.is_some_and(|it| it.is_ascii_alphanumeric() || "+-._@/:".contains(it)) {
        return Found::Nothing;
    }
    let start = before.len();
    link_at(name, "https://", 3, last, |length| start..start + length)
}

/// Reads the URL of `scheme`, such as `https://`, that continues with `authority`. Its host must
/// have at least `labels` labels. `before` is the character before the URL. `link(length)` gives the
/// link's range if `length` bytes of `authority` belong to the URL.
fn link_at(
    authority: &str,
    scheme: &str,
    labels: usize,
    before: Option<char>,
    link: impl FnOnce(usize) -> Range<usize>,
) -> Found {
    let longest = LONGEST_URL.saturating_sub(scheme.len());
    let is_past_end = |(place, it): &(usize, char)| *place > longest || "/?#".contains(*it);
    let end = authority.char_indices().find(is_past_end);
    let end = end.map_or(authority.len(), |(place, _)| place);
    if end > longest || authority.get(..end).is_some_and(|it| it.contains('@')) {
        return Found::Deception;
    }
    let Some(host) = host(authority).filter(|host| host.split('.').count() >= labels) else {
        return Found::Nothing;
    };
    let mut length = host.len();
    let after = |length: usize| authority.get(length..).unwrap_or_default();
    if let Some(port) = after(length).strip_prefix(':') {
        let digits = port.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            length += 1 + digits;
        } else if port.starts_with('/') {
            return Found::Nothing;
        }
    }
    match after(length).chars().next() {
        Some('/' | '?' | '#') => length += tail(after(length), before),
        // A browser decodes `%2e` to a dot, so the host would be longer.
        Some('%') => return Found::Deception,
        _ => {}
    }
    let Some(text) = authority.get(..length).filter(|text| text.len() <= longest) else {
        return Found::Deception;
    };
    let range = link(length);
    let href = [scheme, text].concat();
    let Some(url) = Url::parse(&href).ok() else {
        return Found::Nothing;
    };
    let is_shown_host = |it: &str| !host.is_ascii() || it.eq_ignore_ascii_case(host);
    if !url.host_str().is_some_and(is_shown_host) {
        return Found::Deception;
    }
    // An ASCII URL stays as it was written. Others are encoded as browsers encode them.
    let href = if href.is_ascii() { href } else { url.into() };
    Found::Link { range, href }
}

/// Returns the number of bytes of the path, query and fragment at the beginning of `text`. `before`
/// is the character before the URL.
fn tail(text: &str, before: Option<char>) -> usize {
    const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];
    let mut open = [0_usize; BRACKETS.len()];
    let mut end = 0;
    for (place, character) in text.char_indices() {
        let is_quote = character == '\'' && before == Some('\'');
        if is_quote || is_unspaced(character) {
            break;
        }
        let mut can_be_last = !".,:;!?'*\u{200C}\u{200D}".contains(character);
        for ((opening, closing), open) in BRACKETS.into_iter().zip(&mut open) {
            if character == opening {
                *open += 1;
                can_be_last = false;
            } else if character == closing {
                let Some(still_open) = open.checked_sub(1) else {
                    return end;
                };
                *open = still_open;
            }
        }
        if can_be_last {
            end = place + character.len_utf8();
        }
    }
    end
}
