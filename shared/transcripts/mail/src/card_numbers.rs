//! Masks the numbers of payment cards.
//!
//! A number counts as a card's if its length and first digits are those of a card scheme (ISO/IEC
//! 7812), and if its check digit is correct (Luhn). Blanks and dashes may be between its digits. URLs
//! are left alone, because a changed URL leads nowhere, and so are numbers after a plus sign, which are
//! telephone numbers.

use std::borrow::Cow;

const FEWEST_DIGITS: usize = 12;
const MOST_DIGITS: usize = 19;

/// How many of the last digits stay readable.
const READABLE_DIGITS: usize = 4;

/// The character that replaces a digit.
const MASK: char = '•';

/// The most blanks and dashes between two digits of one number, as in `4111 - 1111`. Invisible
/// characters do not count.
const MOST_SEPARATORS: usize = 8;

/// The first digits of the numbers of a card scheme, as an inclusive range, and the lengths of
/// these numbers. Ranges are compared with as many digits as their bounds have.
struct Scheme {
    first: u32,
    last: u32,
    lengths: &'static [usize],
}

const fn scheme(first: u32, last: u32, lengths: &'static [usize]) -> Scheme {
    Scheme {
        first,
        last,
        lengths,
    }
}

const LENGTHS_16_TO_19: &[usize] = &[16, 17, 18, 19];

const SCHEMES: &[Scheme] = &[
    // Visa
    scheme(4, 4, &[13, 16, 19]),
    // Mastercard
    scheme(51, 55, &[16]),
    scheme(2221, 2720, &[16]),
    // American Express
    scheme(34, 34, &[15]),
    scheme(37, 37, &[15]),
    // Diners Club
    scheme(300, 305, &[14, 15, 16, 17, 18, 19]),
    scheme(3095, 3095, &[14, 15, 16, 17, 18, 19]),
    scheme(36, 36, &[14, 15, 16, 17, 18, 19]),
    scheme(38, 39, &[14, 15, 16, 17, 18, 19]),
    // Discover, RuPay
    scheme(60, 60, LENGTHS_16_TO_19),
    scheme(644, 649, LENGTHS_16_TO_19),
    scheme(65, 65, LENGTHS_16_TO_19),
    scheme(81, 82, LENGTHS_16_TO_19),
    // JCB
    scheme(3528, 3589, LENGTHS_16_TO_19),
    // UnionPay
    scheme(62, 62, LENGTHS_16_TO_19),
    // Maestro, Elo, Verve, Dankort, Hipercard
    scheme(50, 50, &[12, 13, 14, 15, 16, 17, 18, 19]),
    scheme(56, 58, &[12, 13, 14, 15, 16, 17, 18, 19]),
    scheme(63, 63, &[12, 13, 14, 15, 16, 17, 18, 19]),
    scheme(67, 67, &[12, 13, 14, 15, 16, 17, 18, 19]),
    // Mir
    scheme(2200, 2204, LENGTHS_16_TO_19),
    // Troy
    scheme(9792, 9792, &[16]),
];

/// Whether a mail shows the numbers of payment cards that people wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CardNumbers {
    /// As they were written.
    #[default]
    Shown,
    /// All digits but the last four are masked.
    Masked,
}

impl CardNumbers {
    pub(crate) fn apply(self, text: Cow<'_, str>) -> Cow<'_, str> {
        match self {
            Self::Shown => text,
            Self::Masked => match text {
                Cow::Borrowed(text) => mask_card_numbers(text),
                Cow::Owned(text) => Cow::Owned(mask_card_numbers(&text).into_owned()),
            },
        }
    }
}

/// One digit of a text.
struct Digit {
    /// The position of its first byte.
    at: usize,
    value: u8,
    /// Whether the character before it is a digit, too.
    continues: bool,
}

/// Replaces the digits of each card number in `text`, except its last four.
fn mask_card_numbers(text: &str) -> Cow<'_, str> {
    let mut masked = Vec::new();
    let mut number = Vec::new();
    let mut separators = 0;
    let mut is_in_url = false;
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        if before.is_whitespace() {
            let word = text.get(at..).unwrap_or_default().split_whitespace().next();
            is_in_url = word.is_some_and(|word| word.contains("://"));
        }
        let digit = digit_value(character).filter(|_| !is_in_url);
        if let Some(value) = digit {
            // A telephone number is one long group of digits.
            let follows_plus = number.is_empty() && before == '+';
            let continues = follows_plus || separators == 0 && !number.is_empty();
            number.push(Digit {
                at,
                value,
                continues,
            });
            separators = 0;
        } else if is_invisible(character) {
        } else if is_separator(character) && separators < MOST_SEPARATORS {
            separators += 1;
        } else {
            find_cards(&number, &mut masked);
            number.clear();
            separators = 0;
        }
        before = character;
    }
    find_cards(&number, &mut masked);
    if masked.is_empty() {
        return Cow::Borrowed(text);
    }
    let is_masked = |at: usize| masked.binary_search(&at).is_ok();
    let characters = text.char_indices();
    Cow::Owned(
        characters
            .map(|(at, character)| if is_masked(at) { MASK } else { character })
            .collect(),
    )
}

/// Adds the positions of the digits to mask, in ascending order. A card begins and ends where a
/// group of digits does, so that a part of a longer number is not a card.
fn find_cards(digits: &[Digit], masked: &mut Vec<usize>) {
    for (start, first) in digits.iter().enumerate() {
        if first.continues {
            continue;
        }
        let rest = digits.get(start..).unwrap_or_default();
        // The longest card is masked, because a shorter one in it would keep other digits readable.
        let longest = MOST_DIGITS.min(rest.len());
        let lengths = (FEWEST_DIGITS..=longest).rev();
        let card = lengths
            .filter(|length| rest.get(*length).is_none_or(|next| !next.continues))
            .find_map(|length| rest.get(..length).filter(|card| is_card(card)));
        let hidden = card.and_then(|card| card.get(..card.len() - READABLE_DIGITS));
        for digit in hidden.unwrap_or_default() {
            if masked.last().is_none_or(|last| *last < digit.at) {
                masked.push(digit.at);
            }
        }
    }
}

fn is_card(digits: &[Digit]) -> bool {
    let issued = SCHEMES.iter().any(|scheme| {
        scheme.lengths.contains(&digits.len()) && {
            let count = scheme.first.ilog10() as usize + 1;
            let first_digits = digits.iter().take(count);
            let prefix = first_digits.fold(0, |prefix, it| prefix * 10 + u32::from(it.value));
            (scheme.first..=scheme.last).contains(&prefix)
        }
    });
    issued && has_check_digit(digits)
}

/// Whether the last digit is the check digit of the others, by the formula of Luhn.
fn has_check_digit(digits: &[Digit]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, weight)| {
            let product = u32::from(digit.value) * weight;
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The value of a decimal digit: ASCII, Arabic, Persian, Devanagari or full-width.
fn digit_value(character: char) -> Option<u8> {
    const ZEROS: [char; 5] = ['0', '\u{660}', '\u{6F0}', '\u{966}', '\u{FF10}'];
    ZEROS.iter().find_map(|zero| {
        let value = u32::from(character).checked_sub(u32::from(*zero))?;
        u8::try_from(value).ok().filter(|value| *value < 10)
    })
}

fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}'
        )
}

fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test numbers that card schemes and payment providers publish.
    const CARDS: [&str; 17] = [
        "4111111111111111",
        "4222222222222",
        "4000000000000000006",
        "5555555555554444",
        "2223003122003222",
        "378282246310005",
        "371449635398431",
        "6011111111111117",
        "6445644564456445",
        "3056930009020004",
        "36227206271667",
        "38520000023237",
        "3566002020360505",
        "6200000000000005",
        "6759649826438453",
        "2200000000000004",
        "6304000000000000",
    ];

    fn spaced(number: &str, separator: &str) -> String {
        let groups = number.as_bytes().chunks(4);
        let groups: Vec<_> = groups
            .map(|group| String::from_utf8_lossy(group).into_owned())
            .collect();
        groups.join(separator)
    }

    #[test]
    fn all_digits_of_a_card_number_but_the_last_four_are_masked() {
        for number in CARDS {
            for separator in ["", " ", "-", "\u{A0}", " - ", "–", "\n"] {
                let text = format!("Card: {}, thanks", spaced(number, separator));
                let masked = mask_card_numbers(&text);
                let readable: String = masked.chars().filter(char::is_ascii_digit).collect();
                assert_eq!(readable, number[number.len() - 4..], "{text}");
                assert_eq!(masked.chars().count(), text.chars().count(), "{text}");
            }
        }
        assert_eq!(
            mask_card_numbers("4111 1111-1111 1111"),
            "•••• ••••-•••• 1111"
        );
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for text in [
            "",
            "Call 0171 1234567",
            // A wrong check digit.
            "4111111111111112",
            // No card scheme issues these first digits.
            "9111111111111119",
            // A length that no card has.
            "41111111111111111",
            "411111111116",
            // A part of a longer number.
            "10004111111111111111",
            "41111111111111110001",
            "IBAN DE89 3704 0044 0532 0130 00",
            "2026-11-27 22:35:10",
            "4111.1111.1111.1111",
            "Call +639171234565",
            "Call +57 300 123 4562",
            "https://shop.example/orders/4111111111111111?a=1",
            "4111 x 1111 1111 1111",
        ] {
            assert!(
                matches!(mask_card_numbers(text), Cow::Borrowed(_)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_card_number_among_other_groups_of_digits_is_found() {
        assert_eq!(
            mask_card_numbers("Order 12 4111 1111 1111 1111 12/29"),
            "Order 12 •••• •••• •••• 1111 12/29"
        );
        assert_eq!(
            mask_card_numbers("5555555555554444 378282246310005"),
            "••••••••••••4444 •••••••••••0005"
        );
    }

    #[test]
    fn digits_of_other_scripts_are_masked() {
        let arabic = "4111111111111111"
            .replace('1', "\u{661}")
            .replace('4', "\u{664}");
        assert_eq!(
            mask_card_numbers(&arabic),
            "••••••••••••\u{661}\u{661}\u{661}\u{661}"
        );
        let wide = "\u{FF14}".to_owned() + &"\u{FF11}".repeat(15);
        assert!(mask_card_numbers(&wide).starts_with("••••••••••••"));
    }

    #[test]
    fn invisible_characters_hide_no_card_number() {
        assert_eq!(
            mask_card_numbers("4111\u{200B}1111\u{AD}1111\u{200E}1111"),
            "••••\u{200B}••••\u{AD}••••\u{200E}1111"
        );
        let many = "\u{200B}".repeat(50);
        let number = ["4111", "1111", "1111", "1111"].join(&many);
        assert!(!mask_card_numbers(&number).contains("4111"));
        assert_eq!(
            mask_card_numbers("4111   -   1111 1111 1111"),
            "••••   -   •••• •••• 1111"
        );
    }

    #[test]
    fn a_text_of_digits_takes_linear_time() {
        let long = "4 ".repeat(200_000);
        assert_eq!(mask_card_numbers(&long).chars().count(), 400_000);
    }
}
