use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::text::text_value;
use crate::timestamp::Timestamp;
use crate::unique_id::UniqueId;

/// The position of a message in the order in which messages were first recorded. Messages sort by
/// the time at which their request arrived, then by their position in its body.
///
/// As text it is `{time}#{id of the body}#{position}`. Each part has a fixed length, so values sort
/// as their texts do. If two bodies arrive in the same millisecond, the id keeps the messages of
/// each body together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArrivalOrder(String);

text_value!(ArrivalOrder);

impl ArrivalOrder {
    /// The position of the message at index `position` (at most 999) of the body with the id
    /// `body`, which arrived at `at`.
    pub fn new(at: Timestamp, body: &UniqueId, position: usize) -> Self {
        Self(format!("{at}#{body}#{position:03}"))
    }

    /// Reads the text of a position.
    ///
    /// # Errors
    /// If `text` does not have the form above.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let parts: Vec<&str> = text.split('#').collect();
        let is_valid = match parts.as_slice() {
            [at, body, position] => {
                Timestamp::parse(at).is_ok_and(|time| time.to_string() == *at)
                    && body.len() == 32
                    && body.bytes().all(|byte| byte.is_ascii_hexdigit())
                    && position.len() == 3
                    && position.bytes().all(|byte| byte.is_ascii_digit())
            }
            _ => false,
        };
        if is_valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be a time, the id of a body and a position, separated by #",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_epoch_milliseconds(milliseconds).unwrap()
    }

    #[test]
    fn messages_sort_by_time_of_arrival_then_by_position_in_the_body() {
        let (one, other) = (UniqueId::from_bytes([1; 16]), UniqueId::from_bytes([2; 16]));
        let arrivals = [
            ArrivalOrder::new(at(9), &other, 99),
            ArrivalOrder::new(at(10), &one, 2),
            ArrivalOrder::new(at(10), &one, 9),
            ArrivalOrder::new(at(10), &one, 10),
            ArrivalOrder::new(at(10), &one, 99),
            ArrivalOrder::new(at(11), &other, 0),
        ];
        assert!(arrivals.is_sorted());
    }

    #[test]
    fn a_parsed_arrival_equals_the_written_one() {
        let arrival = ArrivalOrder::new(at(1_700_000_000_123), &UniqueId::from_bytes([1; 16]), 7);
        assert_eq!(ArrivalOrder::parse(arrival.as_str()).unwrap(), arrival);
    }

    #[test]
    fn a_text_of_another_form_is_not_an_arrival() {
        let body = "0123456789abcdef0123456789abcdef";
        for text in [
            String::new(),
            "2026-01-31T09:30:00.000Z".to_owned(),
            format!("2026-01-31T09:30:00Z#{body}#000"),
            format!("2026-01-31T09:30:00.000Z#{body}#00"),
            format!("2026-01-31T09:30:00.000Z#{body}#000#"),
            format!("2026-01-31T09:30:00.000Z#{}x#000", &body[1..]),
        ] {
            assert!(ArrivalOrder::parse(&text).is_err(), "{text:?}");
        }
    }
}
