/// Implements the common conversions for a newtype over `String` that has a `parse(&str) ->
/// Result<Self, InvalidValue>`. Conversions from text call `parse`, so an unchecked value cannot be
/// created.
macro_rules! text_value {
    ($type:ident) => {
        impl $type {
            /// The value as the text from which it can be parsed again.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $type {
            type Error = $crate::InvalidValue;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.0
            }
        }
    };
}

pub(crate) use text_value;

/// Whether `text` has between `minimum` and `maximum` characters (not bytes).
pub(crate) fn has_length(text: &str, minimum: usize, maximum: usize) -> bool {
    let length = text.chars().take(maximum + 1).count();
    (minimum..=maximum).contains(&length)
}

/// Whether `text` is 1 to 255 printable ASCII characters.
pub fn is_printable_ascii(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// Whether `character` can start a new line or be hidden in one. A text of one line must not
/// contain it.
pub(crate) fn breaks_a_line(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}
