//! Which characters of what people wrote may stand in a mail.

use std::borrow::Cow;

/// First strong isolate: what follows takes its direction from its own first letter.
const ISOLATE: char = '\u{2068}';
/// Pop directional isolate: ends what [`ISOLATE`] began.
const END_OF_ISOLATE: char = '\u{2069}';

/// `text` with `\n` for every kind of line break, and without other control characters (but tabs)
/// and without the controls that turn the direction of what stands around them.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    // Most texts are of such bytes alone. To look at all of them, without a way out, is faster: the
    // processor takes many at a time.
    let is_plain = text.bytes().fold(true, |all, byte| all & is_plain(byte));
    if is_plain || text.chars().all(|it| shown(it) == Some(it)) {
        Cow::Borrowed(text)
    } else {
        let text = text.replace("\r\n", "\n");
        Cow::Owned(text.chars().filter_map(shown).collect())
    }
}

/// As [`clean`], and on one line with single spaces between the words.
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

/// The first `length` characters of `text`, with an ellipsis where that is not all of it.
pub(crate) fn beginning(text: &str, length: usize) -> Cow<'_, str> {
    if text.chars().nth(length).is_none() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().take(length).chain(['…']).collect())
    }
}

/// `line` for a plain text that reads from left to right: set apart where it holds letters that
/// read from right to left, so that they order nothing but themselves.
pub(crate) fn isolated(line: &str) -> Cow<'_, str> {
    // Most lines are ASCII, which is told faster.
    if !line.is_ascii() && line.contains(reads_right_to_left) {
        Cow::Owned(format!("{ISOLATE}{line}{END_OF_ISOLATE}"))
    } else {
        Cow::Borrowed(line)
    }
}

/// Whether no character that begins with `byte`, or goes on with it, is changed by [`clean`].
fn is_plain(byte: u8) -> bool {
    let is_control = matches!(byte, 0..=0x1F | 0x7F) && !matches!(byte, b'\n' | b'\t');
    // U+0080 to U+009F begin with the one, U+2028 to U+2069 with the other.
    let may_begin_a_control = matches!(byte, 0xC2 | 0xE2);
    !(is_control | may_begin_a_control)
}

fn shown(character: char) -> Option<char> {
    match character {
        '\n' | '\t' => Some(character),
        // Each of these starts a new line in some mail program, and `\n` does in all.
        '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => None,
        _ if character.is_control() => None,
        _ => Some(character),
    }
}

/// Whether `character` is in a block of letters that read from right to left, or is the mark that
/// stands in for one.
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
    fn only_text_from_right_to_left_is_isolated() {
        assert_eq!(isolated("hello 😀"), "hello 😀");
        assert_eq!(isolated("שלום!"), "\u{2068}שלום!\u{2069}");
    }
}
