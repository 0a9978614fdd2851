//! The direction of text: from left to right, or from right to left.

use texts::{Direction, has_right_to_left, reads_right_to_left};

use crate::search::is_ascii;

/// Returns the value of the HTML attribute `dir` for `text` on a page whose direction is `base`. It
/// is `None` if all letters read in that direction, because such text can take the direction of the
/// page.
///
/// The direction is explicit because not every mail program supports `dir="auto"`.
pub(crate) fn direction(text: &str, base: Direction) -> Option<&'static str> {
    has_other_direction(text, base).then(|| first_strong(text).unwrap_or(base.as_str()))
}

/// Whether `text` has letters that do not read in the direction `base`.
pub(crate) fn has_other_direction(text: &str, base: Direction) -> bool {
    match base {
        Direction::LeftToRight => !is_ascii(text) && has_right_to_left(text),
        Direction::RightToLeft => {
            text.contains(|it: char| it.is_alphabetic() && !reads_right_to_left(it))
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direction_is_that_of_the_first_letter() {
        assert_eq!(direction("Hello 😀, zażółć", Direction::LeftToRight), None);
        assert_eq!(
            direction("1. שלום Ana", Direction::LeftToRight),
            Some("rtl")
        );
        assert_eq!(direction("Ana שלום", Direction::LeftToRight), Some("ltr"));
        assert_eq!(direction("٣", Direction::LeftToRight), Some("ltr"));
    }
}
