/// How large an answer may become: less than 5 MB, so that it stays below Lambda's 6 MB.
const ANSWER_BYTES: usize = 4_900_000;

/// What an answer still has room for.
///
/// Lambda's limit is on the response in JSON, in which the answer's body is one string: what is
/// escaped there counts twice or more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    left: usize,
}

impl Room {
    /// That of an answer in which nothing stands yet.
    pub(crate) fn new() -> Self {
        Self { left: ANSWER_BYTES }
    }

    /// Takes the room that `text` needs; false where it is not there.
    pub(crate) fn take(&mut self, text: &str) -> bool {
        match self.left.checked_sub(escaped_length(text)) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}

/// How many bytes `text` has within a string of JSON.
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
    fn what_has_no_room_is_refused_and_takes_none() {
        let mut room = Room::new();
        let half = "x".repeat(ANSWER_BYTES / 2);
        assert!(room.take(&half) && room.take(&half));
        assert!(!room.take("x"));
        assert!(room.take(""));
    }
}
