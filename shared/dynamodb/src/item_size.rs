use aws_sdk_dynamodb::types::AttributeValue;

use crate::item::Item;

/// At most how many bytes DynamoDB counts for `item`: the UTF-8 bytes of its names and texts, 3
/// bytes for each list or map plus 1 for each of its elements, and 21 for each number.
///
/// Source: the Developer Guide, "DynamoDB item sizes and formats".
pub fn item_bytes(item: &Item) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + value_bytes(value))
        .sum()
}

fn value_bytes(value: &AttributeValue) -> usize {
    const LONGEST_NUMBER: usize = 21;
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(_) => LONGEST_NUMBER,
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::Ns(numbers) => numbers.len() * LONGEST_NUMBER,
        AttributeValue::Bs(values) => values.iter().map(|bytes| bytes.as_ref().len()).sum(),
        AttributeValue::L(values) => {
            3 + values
                .iter()
                .map(|value| 1 + value_bytes(value))
                .sum::<usize>()
        }
        AttributeValue::M(members) => {
            3 + members
                .iter()
                .map(|(name, value)| 1 + name.len() + value_bytes(value))
                .sum::<usize>()
        }
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::item::{number, string, string_set};

    #[test]
    fn the_size_of_an_item_is_that_of_its_names_and_values() {
        let item = |value| Item::from([("name".to_owned(), value)]);
        for (value, bytes) in [
            (string("four"), 4),
            (string("€"), 3),
            (number(7), 21),
            (AttributeValue::Bool(true), 1),
            (AttributeValue::Null(true), 1),
            (string_set("four"), 4),
            (AttributeValue::L(vec![]), 3),
            (
                AttributeValue::L(vec![string("a"), string("bc")]),
                3 + 2 + 3,
            ),
            (
                AttributeValue::M(HashMap::from([("ab".to_owned(), string("c"))])),
                3 + 1 + 2 + 1,
            ),
        ] {
            assert_eq!(item_bytes(&item(value.clone())), 4 + bytes, "{value:?}");
        }
    }
}
