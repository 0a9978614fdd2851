//! Links in user text: `https` and `http` URLs, names that begin with `www.`, and email addresses.
//!
//! The text of a link shows the address that it opens. Text that can look like another address is
//! therefore not a link: a URL with user information, a host that mixes scripts, or a host that is
//! written as a number. Spaces, invisible characters and non-ASCII punctuation end a link.

mod addresses;
mod characters;
mod found;
mod host;
mod urls;

#[cfg(test)]
mod tests;

use std::ops::Range;

use self::addresses::address;
use self::characters::ends_word;
pub(crate) use self::characters::is_invisible;
use self::found::Found;
use self::urls::{url, web_name};
use crate::search::{find_all, mark_equal};

/// A link in a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// The position of its text in the line.
    pub(crate) range: Range<usize>,
    /// The URL that it opens, in ASCII. It begins with `https://`, `http://` or `mailto:`.
    pub(crate) href: String,
}

/// Finds the links in `line`, in their order.
pub(crate) fn find(line: &str) -> Vec<Link> {
    let mut links = Vec::new();
    if !may_contain_link(line) {
        return links;
    }
    let mut start = 0;
    for word in line.split_inclusive(ends_word) {
        find_in_word(word.trim_end_matches(ends_word), start, &mut links);
        start += word.len();
    }
    links
}

/// Whether `text` contains the characters of a link: an `@`, a `://`, or a `www.`. Most texts do not,
/// and this is much faster than looking for the link.
pub(crate) fn may_contain_link(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mark = |word| mark_equal(word, b'@') | mark_equal(word, b':') | mark_equal(word, b'.');
    find_all(bytes, mark).any(|place| {
        let (before, from) = bytes.split_at_checked(place).unwrap_or_default();
        match from {
            [b':', rest @ ..] => rest.starts_with(b"//"),
            [b'.', ..] => before
                .last_chunk()
                .is_some_and(|it: &[u8; 3]| it.eq_ignore_ascii_case(b"www")),
            _ => true,
        }
    })
}

/// Whether a reader could mistake `line` for a link.
pub(crate) fn is_like_link(line: &str) -> bool {
    let is_www = |word: &[u8]| word.eq_ignore_ascii_case(b"www.");
    line.contains("://") || line.as_bytes().windows(4).any(is_www) || !find(line).is_empty()
}

/// Adds the links in `word`, which begins at `offset`.
fn find_in_word(word: &str, offset: usize, links: &mut Vec<Link>) {
    let mut from = 0;
    for (place, _) in word.match_indices(['@', ':', '.']) {
        if place < from {
            continue;
        }
        let found = match word.as_bytes().get(place) {
            Some(b'@') => address(word, from, place),
            Some(b':') => url(word, from, place),
            _ => web_name(word, from, place),
        };
        match found {
            Found::Link { range, href } => {
                from = range.end;
                let range = range.start + offset..range.end + offset;
                links.push(Link { range, href });
            }
            Found::Nothing => {}
            Found::Deception => return,
        }
    }
}
