//! Searches for bytes of text, eight at a time.
//!
//! This needs a fraction of the time of a loop over bytes. A release build does not vectorize loops, because its last
//! optimization prefers small code.

use std::iter;

const WORD: usize = size_of::<u64>();

/// Returns the position of the first byte of `bytes` that `mark` marks.
///
/// `mark` receives eight bytes, of which the first is the least significant. It returns a number in which the highest bit
/// of the first sought byte is set, and no lower one. Its other bits do not matter. It returns 0 if no byte is sought.
pub(crate) fn find(bytes: &[u8], mark: impl Fn(u64) -> u64) -> Option<usize> {
    let find_in = |word: &[u8; WORD]| {
        let marks = mark(u64::from_le_bytes(*word));
        (marks != 0).then(|| (marks.trailing_zeros() / u8::BITS) as usize)
    };
    let (words, rest) = bytes.as_chunks();
    for (index, word) in words.iter().enumerate() {
        if let Some(place) = find_in(word) {
            return Some(index * WORD + place);
        }
    }
    if let Some(last) = bytes.last_chunk() {
        // This overlaps the word before it.
        return Some(bytes.len() - WORD + find_in(last)?);
    }
    let mut word = [0; WORD];
    for (to, byte) in word.iter_mut().zip(rest) {
        *to = *byte;
    }
    find_in(&word).filter(|place| *place < rest.len())
}

/// Returns the positions of all bytes that `mark` marks, as in [`find`].
pub(crate) fn find_all(bytes: &[u8], mark: impl Fn(u64) -> u64) -> impl Iterator<Item = usize> {
    let mut start = 0;
    iter::from_fn(move || {
        let place = start + find(bytes.get(start..)?, &mark)?;
        start = place + 1;
        Some(place)
    })
}

/// Returns a number of which each byte is `byte`.
pub(crate) const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; WORD])
}

/// Marks the bytes of `word` that are equal to the ASCII character `byte`, for [`find`].
pub(crate) const fn mark_equal(word: u64, byte: u8) -> u64 {
    (word ^ each(byte)).wrapping_sub(each(1)) & !word & each(0x80)
}

/// Returns the same as [`str::is_ascii`].
pub(crate) fn is_ascii(text: &str) -> bool {
    find(text.as_bytes(), |word| word & each(0x80)).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_found_at_each_position_of_texts_of_each_length() {
        for length in 0..30 {
            for other in 0..=u8::MAX {
                let mut bytes = vec![other; length];
                let sought = (other ^ 1) & 0x7F;
                let place = find(&bytes, |word| mark_equal(word, sought));
                assert_eq!(place, None);
                for place in (0..length).rev() {
                    bytes[place] = sought;
                    assert_eq!(find(&bytes, |word| mark_equal(word, sought)), Some(place));
                }
            }
        }
    }

    #[test]
    fn a_text_is_ascii_as_in_the_standard_library() {
        for length in 0..30 {
            let ascii = "\0 a\u{7F}".repeat(length);
            for place in 0..=length {
                let (before, after) = ascii.split_at(place);
                for text in [before.to_owned(), format!("{before}é{after}")] {
                    assert_eq!(is_ascii(&text), text.is_ascii(), "{text:?}");
                }
            }
        }
    }
}
