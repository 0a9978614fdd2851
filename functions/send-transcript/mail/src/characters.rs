//! The characters of user text that a mail may contain.

use std::borrow::Cow;
use std::{fmt, iter};

use texts::Direction;

use crate::links::{self, is_invisible};

/// First strong isolate: the text after it takes its direction from its own first letter.
const ISOLATE: char = '\u{2068}';
/// Pop directional isolate: ends the isolate that [`ISOLATE`] began.
const END_OF_ISOLATE: char = '\u{2069}';

/// A space that HTML does not collapse.
const NO_BREAK_SPACE: char = '\u{A0}';
const TAB_WIDTH: usize = 8;

/// Replaces each kind of line break in `text` with `\n`. Other control characters except tabs are
/// removed, and so are the controls that change the direction of the text around them.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    // Most texts consist of such bytes only. Checking all of them without an early exit is faster,
    // because the processor checks many at a time.
    let is_plain = text.bytes().fold(true, |all, byte| all & is_plain(byte));
    if is_plain || text.chars().all(|it| shown(it) == Some(it)) {
        Cow::Borrowed(text)
    } else {
        let text = text.replace("\r\n", "\n");
        Cow::Owned(text.chars().filter_map(shown).collect())
    }
}

/// Cleans `text` like [`clean`], and puts it on one line with single spaces between the words.
pub(crate) fn clean_line(text: &str) -> Cow<'_, str> {
    let last = text.bytes().try_fold(b' ', |before, byte| {
        (byte.is_ascii_graphic() || (byte == b' ' && before != b' ')).then_some(byte)
    });
    if last.is_some_and(|last| last != b' ') {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    for word in clean(text).split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    Cow::Owned(line)
}

/// Returns the first `length` characters of `text`, and an ellipsis if that is not all of it.
pub(crate) fn beginning(text: &str, length: usize) -> Cow<'_, str> {
    if text.chars().nth(length).is_none() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().take(length).chain(['…']).collect())
    }
}

/// Writes `line` after one space, for a plain text in a language that is written in `direction`.
///
/// A line with letters that read in the other direction is isolated, so that they do not affect the
/// order of other text. In a text from right to left every line with letters is isolated, because
/// mail programs differ in the direction of the text around it. Spaces separate the line from the isolate marks, because mail programs
/// treat any character next to a link as part of the link. For the same reason, spaces are put
/// between a link and a mark that somebody wrote next to it.
pub(crate) fn after_blank(line: &str, direction: Direction) -> AfterBlank<'_> {
    AfterBlank { line, direction }
}

/// The return value of [`after_blank`], which implements [`fmt::Display`].
pub(crate) struct AfterBlank<'a> {
    line: &'a str,
    direction: Direction,
}

impl fmt::Display for AfterBlank<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_isolated = match self.direction {
            // Most lines are ASCII, and checking that is faster.
            Direction::LeftToRight if self.line.is_ascii() => return write!(f, " {}", self.line),
            Direction::LeftToRight => has_right_to_left(self.line),
            Direction::RightToLeft => first_strong(self.line).is_some(),
        };
        let line = detach_marks(self.line);
        if is_isolated {
            write!(f, "{ISOLATE} {line} {END_OF_ISOLATE}")
        } else {
            write!(f, " {line}")
        }
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
pub(crate) fn keep_blanks(line: &str) -> Cow<'_, str> {
    let line = line.trim_end_matches([' ', '\t']);
    if !line.starts_with(' ') && !line.contains('\t') && !line.contains("  ") {
        return Cow::Borrowed(line);
    }
    let mut kept = String::with_capacity(line.len() + 16);
    let (mut column, mut blanks) = (0, 0);
    for character in line.chars() {
        let width = match character {
            ' ' => 1,
            '\t' => TAB_WIDTH - column % TAB_WIDTH,
            _ => {
                let breaks = usize::from(!kept.is_empty()).min(blanks);
                kept.extend(iter::repeat_n(NO_BREAK_SPACE, blanks - breaks));
                kept.extend(iter::repeat_n(' ', breaks));
                kept.push(character);
                column += 1;
                blanks = 0;
                continue;
            }
        };
        column += width;
        blanks += width;
    }
    Cow::Owned(kept)
}

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
        Direction::LeftToRight => !text.is_ascii() && has_right_to_left(text),
        Direction::RightToLeft => {
            text.contains(|it: char| it.is_alphabetic() && !reads_right_to_left(it))
        }
    }
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

/// Whether `byte` begins no character that [`clean`] changes. A text that consists of such bytes
/// only is unchanged.
fn is_plain(byte: u8) -> bool {
    let is_control = matches!(byte, 0..=0x1F | 0x7F) && !matches!(byte, b'\n' | b'\t');
    // The encodings of U+0080 to U+009F begin with 0xC2, those of U+2028 to U+2069 with 0xE2.
    let may_begin_a_control = matches!(byte, 0xC2 | 0xE2);
    !(is_control | may_begin_a_control)
}

fn shown(character: char) -> Option<char> {
    match character {
        '\n' | '\t' => Some(character),
        // Each of these starts a new line in some mail programs. `\n` does so in all.
        '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => None,
        _ if character.is_control() => None,
        _ => Some(character),
    }
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
    fn every_kind_of_line_break_becomes_one() {
        assert_eq!(
            clean("a\r\nb\rc\nd\u{2028}e\u{2029}f\u{85}g\u{0B}h\u{0C}i"),
            "a\nb\nc\nd\ne\nf\ng\nh\ni"
        );
    }

    #[test]
    fn control_characters_go_and_tabs_stay() {
        assert_eq!(clean("a\0b\u{1B}[31mc\u{7F}\td"), "ab[31mc\td");
    }

    #[test]
    fn direction_controls_go_and_direction_marks_stay() {
        assert_eq!(
            clean("\u{202E}exe.\u{2066}x\u{2069}\u{200F}"),
            "exe.x\u{200F}"
        );
    }

    #[test]
    fn a_character_of_plain_bytes_is_shown_as_it_is() {
        for character in char::MIN..=char::MAX {
            if character.encode_utf8(&mut [0; 4]).bytes().all(is_plain) {
                assert_eq!(shown(character), Some(character));
            }
        }
    }

    #[test]
    fn joined_emoji_stay_joined() {
        assert_eq!(clean("👩‍👩‍👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ❤️"), "👩‍👩‍👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ❤️");
    }

    #[test]
    fn a_line_has_single_spaces() {
        for text in ["a b", " a b", "a b ", "a  b", "a\tb", "  a \r\n\tb  "] {
            assert_eq!(clean_line(text), "a b", "{text:?}");
        }
        assert_eq!(clean_line(" "), "");
        assert_eq!(clean_line(""), "");
    }

    #[test]
    fn a_beginning_counts_characters() {
        assert_eq!(beginning("😀😀😀", 3), "😀😀😀");
        assert_eq!(beginning("😀😀😀", 2), "😀😀…");
    }

    #[test]
    fn only_text_from_right_to_left_is_isolated_and_by_marks_between_blanks() {
        assert_eq!(
            after_blank("hello 😀", Direction::LeftToRight).to_string(),
            " hello 😀"
        );
        assert_eq!(
            after_blank("שלום!", Direction::LeftToRight).to_string(),
            "\u{2068} שלום! \u{2069}"
        );
    }

    #[test]
    fn a_mark_that_was_written_next_to_a_link_is_set_apart_from_it() {
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
            assert_eq!(
                after_blank(line, Direction::LeftToRight).to_string(),
                detached,
                "{line:?}"
            );
        }
    }

    #[test]
    fn blanks_are_kept_and_lines_can_still_be_broken() {
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
            assert_eq!(keep_blanks(line).replace('\u{A0}', "·"), kept, "{line:?}");
        }
    }

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
