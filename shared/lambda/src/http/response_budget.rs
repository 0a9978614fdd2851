/// The most bytes of a response's body in Lambda's JSON: less than 5 MB, so that the response with
/// its headers stays below Lambda's limit of 6 MB.
const BODY_BYTES: usize = 4_900_000;

/// How many bytes of Lambda's response are left for a body, or for a part of it.
///
/// Lambda's limit applies to the response in JSON, in which the body is one string. A character
/// that is escaped there takes two bytes or more. For example, U+0001 is `\u0001` in the body. Lambda
/// escapes the backslash again: `\\u0001`.
#[derive(Clone, Copy, Debug)]
pub struct ResponseBudget {
    left: usize,
}

impl ResponseBudget {
    /// The budget of a whole body.
    pub fn of_body() -> Self {
        Self::of_part(BODY_BYTES)
    }

    /// The budget of a part of a body, with this many bytes.
    pub fn of_part(bytes: usize) -> Self {
        Self { left: bytes }
    }

    /// Takes the bytes that `text`, a part of the body, needs in the response. If too few are left,
    /// takes nothing and returns false.
    pub fn take(&mut self, text: &str) -> bool {
        match self.left.checked_sub(escaped_length(text)) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.left
    }
}

/// How many bytes `text` takes within a JSON string.
fn escaped_length(text: &str) -> usize {
    let length = |byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(length).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_length_is_that_of_the_string_in_json(text in r#"[\x00-\x7f"\\é漢😊]{0,100}"#) {
            let written = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(escaped_length(&text), written.len() - 2);
        }
    }

    #[test]
    fn a_text_that_exceeds_the_budget_takes_nothing_of_it() {
        let mut budget = ResponseBudget::of_body();
        let half = "x".repeat(BODY_BYTES / 2);
        assert!(budget.take(&half) && budget.take(&half));
        assert!(!budget.take("x"));
        assert!(budget.take(""));
        assert_eq!(budget.left(), 0);
    }
}
