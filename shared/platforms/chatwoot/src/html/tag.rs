/// A tag, without the `<` before it.
pub(super) struct Tag<'a> {
    /// The name of the element in lower case, or empty for a declaration.
    pub(super) name: String,
    pub(super) is_end: bool,
    /// The text after the tag.
    pub(super) rest: &'a str,
}

impl<'a> Tag<'a> {
    /// Reads the tag at the beginning of `text`, which follows a `<`.
    ///
    /// A `>` within quotes does not end the tag, unless a quote is not closed. Then `has_quotes`
    /// becomes false, and quotes have no meaning in the rest of the text. Otherwise each tag of a
    /// malformed text could be searched to the end of the text.
    pub(super) fn read(text: &'a str, has_quotes: &mut bool) -> Option<Self> {
        let (is_end, body) = match text.strip_prefix('/') {
            Some(body) => (true, body),
            None => (false, text),
        };
        if !body.starts_with(|first: char| first.is_ascii_alphabetic() || "!?".contains(first)) {
            return None;
        }
        let name = body
            .split(|character: char| !character.is_ascii_alphanumeric())
            .next()?
            .to_ascii_lowercase();
        let quoted = has_quotes.then(|| split_outside_quotes(body)).flatten();
        *has_quotes &= quoted.is_some();
        let rest = quoted.or_else(|| body.split_once('>').map(|(_, rest)| rest))?;
        Some(Self { name, is_end, rest })
    }
}

/// The text after the first `>` that is not within quotes.
fn split_outside_quotes(body: &str) -> Option<&str> {
    let mut quote = None;
    for (position, character) in body.char_indices() {
        match (quote, character) {
            (None, '>') => return body.get(position + 1..),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    None
}

/// The text after the end tag of the element `name`. All of it is dropped if there is no end tag.
pub(super) fn skip_element<'a>(mut rest: &'a str, name: &str) -> &'a str {
    while let Some((_, after)) = rest.split_once("</") {
        rest = after;
        let is_end = after
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name));
        if is_end {
            return after.split_once('>').map_or("", |(_, rest)| rest);
        }
    }
    ""
}
