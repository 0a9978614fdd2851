//! The characters of user text that a mail may contain.

use std::borrow::Cow;

use crate::search::each;

/// Replaces each kind of line break in `text` with `\n`. Other control characters except tabs are
/// removed, and so are the controls that change the direction of the text around them.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    // Most texts consist of such bytes only.
    let (words, rest) = text.as_bytes().as_chunks();
    let is_plain = words.iter().all(|it| is_printable(*it) || are_plain(it)) && are_plain(rest);
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

/// Whether all of `bytes` are printable ASCII characters.
fn is_printable(bytes: [u8; 8]) -> bool {
    let word = u64::from_ne_bytes(bytes);
    let below_space = word.wrapping_sub(each(b' '));
    let above_tilde = word.wrapping_add(each(1)) | word;
    // If no byte is below or above, nothing is carried to another byte.
    (below_space | above_tilde) & each(0x80) == 0
}

fn are_plain(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|byte| PLAIN.get(usize::from(*byte)) == Some(&true))
}

/// Whether a text of such bytes is unchanged by [`clean`], by byte. A table is faster than comparisons.
#[expect(
    clippy::indexing_slicing,
    reason = "an index out of bounds would not compile"
)]
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0_u8;
    loop {
        plain[byte as usize] = is_plain(byte);
        let Some(next) = byte.checked_add(1) else {
            break plain;
        };
        byte = next;
    }
};

const fn is_plain(byte: u8) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_texts::for_each_text_of;

    #[test]
    fn every_kind_of_line_break_becomes_one() {
        assert_eq!(
            clean("a\r\nb\rc\nd\u{2028}e\u{2029}f\u{85}g\u{0B}h\u{0C}i"),
            "a\nb\nc\nd\ne\nf\ng\nh\ni"
        );
    }

    #[test]
    fn control_characters_are_removed_except_tabs() {
        assert_eq!(clean("a\0b\u{1B}[31mc\u{7F}\td"), "ab[31mc\td");
    }

    #[test]
    fn direction_controls_are_removed_except_marks() {
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
    fn a_printable_byte_is_an_ascii_character_or_a_space() {
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let mut bytes = *b"a ~b~ ~ ";
                bytes[place] = byte;
                let is_expected = byte.is_ascii_graphic() || byte == b' ';
                assert_eq!(is_printable(bytes), is_expected, "{bytes:?}");
            }
        }
    }

    #[test]
    fn each_text_is_cleaned_character_by_character() {
        let parts = [
            "", "\0", "\t", "\r", "\n", "\u{1F}", " ~", "\u{7F}", "\u{80}", "é", "\u{2028}",
            "seven b",
        ];
        for_each_text_of(&parts, 4, |text| {
            let lines = text.replace("\r\n", "\n");
            let cleaned: String = lines.chars().filter_map(shown).collect();
            assert_eq!(clean(text), cleaned, "{text:?}");
        });
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
}
