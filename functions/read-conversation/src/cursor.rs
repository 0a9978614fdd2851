use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{EntryId, InvalidValue, Timestamp};

/// The entry after which a page of a thread begins.
///
/// Its text is base64url of `{at}#{id}`. If the pages follow the order of the thread, the time ends
/// with a lower-case `z` and has no trailing zeros. A capital `Z`, as earlier versions write it,
/// means the order of the ids among the entries of that time. Earlier versions can read both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) at: Timestamp,
    pub(crate) id: EntryId,
    pub(crate) order: GroupOrder,
}

/// The order of the entries of one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupOrder {
    Arrival,
    Id,
}

impl Cursor {
    /// Parses a cursor.
    ///
    /// # Errors
    /// If `text` is not the cursor of a page.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidValue> {
        let read = || {
            let place = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
            let (at, id) = place.split_once('#')?;
            Some(Self {
                at: Timestamp::parse(at).ok()?,
                id: EntryId::parse(id).ok()?,
                order: if at.ends_with('z') {
                    GroupOrder::Arrival
                } else {
                    GroupOrder::Id
                },
            })
        };
        read().ok_or_else(|| InvalidValue::new("must be the next_cursor of a page"))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.to_string();
        let place = match self.order {
            GroupOrder::Arrival => {
                let at = at.trim_end_matches('Z').trim_end_matches('0');
                format!("{}z#{}", at.trim_end_matches('.'), self.id)
            }
            GroupOrder::Id => format!("{at}#{}", self.id),
        };
        f.write_str(&URL_SAFE_NO_PAD.encode(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_it_was_written() {
        for at in [
            "2026-01-31T09:30:00.123Z",
            "2026-01-31T09:30:00.120Z",
            "2026-01-31T09:30:00.000Z",
            "2000-10-10T10:10:10.100Z",
        ] {
            for order in [GroupOrder::Arrival, GroupOrder::Id] {
                let cursor = Cursor {
                    at: Timestamp::parse(at).unwrap(),
                    id: EntryId::parse("rating_requested/0a1b").unwrap(),
                    order,
                };
                assert_eq!(Cursor::parse(&cursor.to_string()).unwrap(), cursor);
            }
        }
    }

    #[test]
    fn a_cursor_of_the_former_version_follows_the_ids() {
        let text = URL_SAFE_NO_PAD.encode("2026-01-31T09:30:00.000Z#m1");
        let cursor = Cursor::parse(&text).unwrap();
        assert_eq!(cursor.order, GroupOrder::Id);
        assert_eq!(cursor.to_string(), text);
    }

    #[test]
    fn a_cursor_in_the_order_of_the_thread_is_short() {
        let cursor = Cursor {
            at: Timestamp::parse("2026-01-31T09:30:00.000Z").unwrap(),
            id: EntryId::parse("m1").unwrap(),
            order: GroupOrder::Arrival,
        };
        let text = URL_SAFE_NO_PAD.encode("2026-01-31T09:30:00z#m1");
        assert_eq!(cursor.to_string(), text);
    }

    #[test]
    fn a_cursor_that_no_page_returned_is_refused() {
        for text in ["", "x", "AAAA", "MjAyNi0wMS0zMQ", "%00"] {
            assert!(Cursor::parse(text).is_err(), "{text:?}");
        }
    }
}
