//! The direction of text: from left to right, or from right to left.

/// Returns the value of the HTML attribute `dir` for `text`. It is `None` if no letter reads from
/// right to left, because such text can take the direction of the page.
///
/// The direction is explicit because not every mail program supports `dir="auto"`.
pub(crate) fn direction(text: &str) -> Option<&'static str> {
    let has_right_to_left = !text.is_ascii() && has_right_to_left(text);
    has_right_to_left.then(|| first_strong(text).unwrap_or("ltr"))
}

/// Whether `text` has letters that read from right to left.
pub(crate) fn has_right_to_left(text: &str) -> bool {
    text.contains(reads_right_to_left)
}

/// Returns the direction of the first letter of `text`.
pub(crate) fn first_strong(text: &str) -> Option<&'static str> {
    text.chars()
        .find(|it| it.is_alphabetic() || matches!(it, '\u{200E}' | '\u{200F}' | '\u{61C}'))
        .map(|it| {
            if reads_right_to_left(it) {
                "rtl"
            } else {
                "ltr"
            }
        })
}

/// Whether `character` is in a block of letters that read from right to left, or is the
/// right-to-left mark.
fn reads_right_to_left(character: char) -> bool {
    matches!(
        character,
        '\u{0590}'..='\u{08FF}'
            | '\u{200F}'
            | '\u{FB1D}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFC}'
            | '\u{10800}'..='\u{10FFF}'
            | '\u{1E800}'..='\u{1EFFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direction_is_that_of_the_first_letter() {
        assert_eq!(direction("Hello 😀, zażółć"), None);
        assert_eq!(direction("1. שלום Ana"), Some("rtl"));
        assert_eq!(direction("Ana שלום"), Some("ltr"));
        assert_eq!(direction("٣"), Some("ltr"));
    }
}
