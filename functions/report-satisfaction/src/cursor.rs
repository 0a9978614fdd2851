use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::InvalidValue;

/// The position in a result after which the next page begins, as callers see it. It is plain
/// base64url and includes the fingerprint of the query that it belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Cursor(String);

impl Cursor {
    /// Creates a cursor that points to `position` in the query with this fingerprint.
    pub(crate) fn new(fingerprint: &str, position: &str) -> Self {
        Self(URL_SAFE_NO_PAD.encode(format!("{fingerprint}#{position}")))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Decodes the position that `text` points to, with `read`.
    ///
    /// # Errors
    /// If `text` is not a cursor or belongs to a query with another fingerprint.
    pub(crate) fn read<T>(
        text: &str,
        fingerprint: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, InvalidValue> {
        let position = || {
            let whole = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
            let position = whole.strip_prefix(fingerprint)?.strip_prefix('#')?;
            read(position)
        };
        position()
            .ok_or_else(|| InvalidValue::new("must be the next_cursor of a page of the same query"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, fingerprint: &str) -> Option<String> {
        Cursor::read(text, fingerprint, |position| Some(position.to_owned())).ok()
    }

    #[test]
    fn a_cursor_is_read_back_as_its_position() {
        let cursor = Cursor::new("f1", "jo#1 \"é\"");
        assert_eq!(read(cursor.as_str(), "f1").unwrap(), "jo#1 \"é\"");
    }

    #[test]
    fn a_cursor_of_another_query_is_refused() {
        let cursor = Cursor::new("f1", "here");
        assert_eq!(read(cursor.as_str(), "f2"), None);
        assert_eq!(read(cursor.as_str(), "f"), None);
    }

    #[test]
    fn text_that_is_not_a_cursor_is_refused() {
        for text in ["", "x", "====", "ZjE", "ZjEj\n", "\u{0}", "4pi6"] {
            assert_eq!(read(text, "f1"), None, "{text:?}");
        }
    }
}
