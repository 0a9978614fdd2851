//! Preserves spaces, and separates links from marks.

use std::borrow::Cow;
use std::{fmt, iter};

use askama::{FastWritable, Values};
use texts::Direction;

use crate::direction::{first_strong, has_other_direction};
use crate::links::{self, is_invisible};
use crate::search::{is_ascii, mark_equal};

/// First strong isolate: the text after it takes its direction from its own first letter. A space follows.
const ISOLATE: &str = "\u{2068} ";
/// Pop directional isolate, after a space: ends the isolate that [`ISOLATE`] began.
const END_OF_ISOLATE: &str = " \u{2069}";

/// A space that HTML does not collapse.
const NO_BREAK_SPACE: char = '\u{A0}';
const TAB_WIDTH: usize = 8;

/// A line of a plain text, and what separates it from the text before and after it.
pub(crate) struct SpacedLine<'a> {
    before: &'static str,
    line: Cow<'a, str>,
    after: &'static str,
}

impl FastWritable for SpacedLine<'_> {
    fn write_into(&self, to: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        to.write_str(self.before)?;
        to.write_str(&self.line)?;
        Ok(to.write_str(self.after)?)
    }
}

/// Puts `line` after one space, for a plain text in a language that is written in `direction`.
///
/// A line with letters that read in the other direction is isolated, so that they do not affect the
/// order of other text. In a text from right to left every line with letters is isolated, because
/// mail programs differ in the direction of the text around it. Spaces separate the line from the isolate marks, because mail programs
/// treat any character next to a link as part of the link. For the same reason, spaces are put
/// between a link and a mark that somebody wrote next to it.
pub(crate) fn after_space(line: &str, direction: Direction) -> SpacedLine<'_> {
    // Most lines are ASCII, and checking that is faster.
    let is_ascii = is_ascii(line);
    let is_isolated = match direction {
        Direction::LeftToRight if is_ascii => false,
        Direction::LeftToRight => has_other_direction(line, direction),
        Direction::RightToLeft => first_strong(line).is_some(),
    };
    let (before, after) = if is_isolated {
        (ISOLATE, END_OF_ISOLATE)
    } else {
        (" ", "")
    };
    SpacedLine {
        before,
        line: if is_ascii {
            Cow::Borrowed(line)
        } else {
            detach_marks(line)
        },
        after,
    }
}

/// Puts spaces around the invisible characters of each word that contains a link.
fn detach_marks(line: &str) -> Cow<'_, str> {
    if !line.contains(is_invisible) {
        return Cow::Borrowed(line);
    }
    let links = links::find(line);
    if links.is_empty() {
        return Cow::Borrowed(line);
    }
    let mut detached = String::with_capacity(line.len() + 8);
    let mut start = 0;
    for word in line.split_inclusive(char::is_whitespace) {
        let end = start + word.len();
        let has_link = links
            .iter()
            .any(|link| (start..end).contains(&link.range.start));
        start = end;
        if !has_link {
            detached.push_str(word);
            continue;
        }
        let mut before = ' ';
        for character in word.chars() {
            let is_edge = is_invisible(before) != is_invisible(character);
            if is_edge && !before.is_whitespace() && !character.is_whitespace() {
                detached.push(' ');
            }
            detached.push(character);
            before = character;
        }
    }
    Cow::Owned(detached)
}

/// Preserves all spaces of `line` in HTML without styles, because mail programs differ in the
/// styles that they support.
///
/// Spaces at the beginning become U+00A0. Of several consecutive spaces, all but the last become
/// U+00A0, so that the line can break at the last one. A tab extends to the next column that is a
/// multiple of eight. Browsers copy U+00A0 as an ordinary space.
pub(crate) fn keep_spaces(line: &str) -> Cow<'_, str> {
    if has_only_single_spaces(line) {
        Cow::Borrowed(line)
    } else {
        Cow::Owned(replace_spaces(line))
    }
}

fn replace_spaces(line: &str) -> String {
    let line = line.trim_end_matches([' ', '\t']);
    let mut kept = String::with_capacity(line.len() + 16);
    let (mut column, mut spaces) = (0, 0);
    for character in line.chars() {
        let width = match character {
            ' ' => 1,
            '\t' => TAB_WIDTH - column % TAB_WIDTH,
            _ => {
                let breaks = usize::from(!kept.is_empty()).min(spaces);
                kept.extend(iter::repeat_n(NO_BREAK_SPACE, spaces - breaks));
                kept.extend(iter::repeat_n(' ', breaks));
                kept.push(character);
                column += 1;
                spaces = 0;
                continue;
            }
        };
        column += width;
        spaces += width;
    }
    kept
}

/// Whether `line` has no tabs, and no spaces but single ones between other characters. Returns `false`
/// for some other lines, too.
fn has_only_single_spaces(line: &str) -> bool {
    let (words, rest) = line.as_bytes().as_chunks();
    // The mark of a space before the next word. The beginning of the line counts as a space.
    let mut before = 0x80;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let spaces = mark_equal(word, b' ');
        let adjacent = spaces & (spaces << 8 | before);
        if adjacent | mark_equal(word, b'\t') != 0 {
            return false;
        }
        before = spaces >> 56;
    }
    let mut is_after_space = before != 0;
    for byte in rest {
        if *byte == b'\t' || *byte == b' ' && is_after_space {
            return false;
        }
        is_after_space = *byte == b' ';
    }
    !is_after_space || line.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_texts::for_each_text_of;

    fn spaced(line: &str) -> String {
        let spaced = after_space(line, Direction::LeftToRight);
        format!("{}{}{}", spaced.before, spaced.line, spaced.after)
    }

    #[test]
    fn only_right_to_left_text_is_isolated_by_marks_between_spaces() {
        assert_eq!(spaced("hello 😀"), " hello 😀");
        assert_eq!(spaced("שלום!"), "\u{2068} שלום! \u{2069}");
    }

    #[test]
    fn a_mark_next_to_a_link_is_separated_by_a_space() {
        for (line, detached) in [
            ("https://a.example\u{200E}", " https://a.example \u{200E}"),
            (
                "https://a.example\u{200F}",
                "\u{2068} https://a.example \u{200F} \u{2069}",
            ),
            ("\u{FEFF}https://a.example", " \u{FEFF} https://a.example"),
            ("(ana@a.example\u{200E}).", " (ana@a.example \u{200E} )."),
            (
                "https://a.example.\u{200E}\u{200B}b",
                " https://a.example. \u{200E}\u{200B} b",
            ),
            (
                "a\u{200E}b https://a.example c",
                " a\u{200E}b https://a.example c",
            ),
            ("a\u{200E}b", " a\u{200E}b"),
        ] {
            assert_eq!(spaced(line), detached, "{line:?}");
        }
    }

    #[test]
    fn spaces_are_kept_and_lines_can_still_break() {
        for (line, kept) in [
            ("a b", "a b"),
            (" a", "·a"),
            ("    let x = 1;", "····let x = 1;"),
            ("a  b", "a· b"),
            ("a    b", "a··· b"),
            ("a b ", "a b"),
            ("  ", ""),
            ("\ta", "········a"),
            ("  \ta", "········a"),
            ("ab\tc", "ab····· c"),
            ("abcdefg\th", "abcdefg h"),
            ("é\tb\tc", "é······ b······ c"),
            ("a \tb", "a······ b"),
        ] {
            assert_eq!(keep_spaces(line).replace('\u{A0}', "·"), kept, "{line:?}");
        }
    }
    #[test]
    fn a_line_without_spaces_to_replace_stays_as_it_is() {
        let parts = ["", " ", "\t", "!", "a", "é", "seven b", "こ、 😀"];
        for_each_text_of(&parts, 5, |line| {
            assert_eq!(keep_spaces(line), replace_spaces(line), "{line:?}");
        });
    }

    #[test]
    fn no_ascii_character_needs_marks() {
        for character in '\0'..='\u{7F}' {
            let line = character.to_string();
            assert!(!has_other_direction(&line, Direction::LeftToRight));
            assert_eq!(detach_marks(&line), line);
        }
    }
}
