use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::domain::{EntryId, InvalidValue, Timestamp};

/// The place in a thread after which the next page begins: the last entry of the page before.
///
/// Callers see it as base64url and nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) at: Timestamp,
    pub(crate) id: EntryId,
}

impl Cursor {
    /// Reads a cursor.
    ///
    /// # Errors
    /// Where `text` is none that a page gave.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidValue> {
        let read = || {
            let place = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
            let (at, id) = place.split_once('#')?;
            Some(Self {
                at: Timestamp::parse(at).ok()?,
                id: EntryId::parse(id).ok()?,
            })
        };
        read().ok_or_else(|| InvalidValue::new("must be the next_cursor of a page"))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(format!("{}#{}", self.at, self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_it_was_given() {
        let cursor = Cursor {
            at: Timestamp::parse("2026-01-31T09:30:00.123Z").unwrap(),
            id: EntryId::parse("rating_requested/0a1b").unwrap(),
        };
        assert_eq!(Cursor::parse(&cursor.to_string()).unwrap(), cursor);
    }

    #[test]
    fn what_no_page_gave_is_no_cursor() {
        for text in ["", "x", "AAAA", "MjAyNi0wMS0zMQ", "%00"] {
            assert!(Cursor::parse(text).is_err(), "{text:?}");
        }
    }
}
