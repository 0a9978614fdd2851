//! The characters that links can contain, and those that end a link.

/// Whether `character` is invisible and does not join characters, such as a direction mark.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
    )
}

/// Whether no URL can contain `character`, so that links end before it.
pub(super) fn ends_word(character: char) -> bool {
    if character.is_ascii() {
        !character.is_ascii_graphic() || "\"<>\\`|".contains(character)
    } else {
        !is_word_character(character)
    }
}

/// Whether `character` is a letter or a digit, or a part of one, and is not ASCII.
pub(super) fn is_word_character(character: char) -> bool {
    !character.is_ascii()
        && (character.is_alphanumeric()
            || matches!(
                character,
                // Marks that are written above letters or between them.
                '\u{300}'..='\u{36F}'
                    | '\u{64B}'..='\u{65F}'
                    | '\u{93C}'
                    | '\u{94D}'
                    | '\u{9BC}'
                    | '\u{9CD}'
                    | '\u{A3C}'
                    | '\u{A4D}'
                    | '\u{ABC}'
                    | '\u{ACD}'
                    | '\u{B3C}'
                    | '\u{B4D}'
                    | '\u{BCD}'
                    | '\u{C4D}'
                    | '\u{CBC}'
                    | '\u{CCD}'
                    | '\u{D4D}'
                    | '\u{DCA}'
                    | '\u{200C}'
                    | '\u{200D}'
            ))
}

/// Whether `character` is Latin, but not ASCII.
pub(super) fn is_latin(character: char) -> bool {
    matches!(character, '\u{AA}' | '\u{BA}' | '\u{C0}'..='\u{24F}' | '\u{300}'..='\u{36F}' | '\u{1E00}'..='\u{1EFF}')
}

/// Whether `character` belongs to a script that does not separate words by spaces, or that appends
/// particles to words, as Korean does: Thai, Lao, Tibetan, Burmese, Hangul, Khmer, kana, Han.
pub(super) fn is_unspaced(character: char) -> bool {
    matches!(
        character,
        '\u{E00}'..='\u{109F}'
            | '\u{1100}'..='\u{11FF}'
            | '\u{1780}'..='\u{17FF}'
            | '\u{2E80}'..='\u{A4CF}'
            | '\u{A960}'..='\u{A97F}'
            | '\u{AC00}'..='\u{D7FF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FF00}'..='\u{FFEF}'
            | '\u{1B000}'..='\u{1B2FF}'
            | '\u{20000}'..='\u{3FFFF}'
    )
}
