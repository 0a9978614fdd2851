use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use errors::Fault;

/// The primary key of one item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The partition key, the attribute `pk`.
    pub pk: String,
    /// The sort key, the attribute `sk`.
    pub sk: String,
}

impl Key {
    /// The key of an item, from its attributes `pk` and `sk`.
    ///
    /// # Errors
    /// If one of them is missing or not a string, so it is not an item of the table.
    pub fn of_item(item: &HashMap<String, AttributeValue>) -> Result<Self, Fault> {
        let part = |name| {
            let value = item.get(name).and_then(|value| value.as_s().ok());
            value
                .cloned()
                .ok_or_else(|| Fault::internal("an item of the table has no key"))
        };
        Ok(Self {
            pk: part("pk")?,
            sk: part("sk")?,
        })
    }

    /// The key as the SDK represents it: the attributes `pk` and `sk`.
    pub fn into_item(self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            ("pk".to_owned(), AttributeValue::S(self.pk)),
            ("sk".to_owned(), AttributeValue::S(self.sk)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::number;

    #[test]
    fn a_key_is_read_from_the_item_that_it_was_written_to() {
        let key = Key {
            pk: "p".to_owned(),
            sk: "s".to_owned(),
        };
        let item = key.clone().into_item();
        assert_eq!(Key::of_item(&item).unwrap(), key);
        for name in ["pk", "sk"] {
            let mut incomplete = item.clone();
            incomplete.remove(name);
            assert!(Key::of_item(&incomplete).is_err(), "without {name}");
            incomplete.insert(name.to_owned(), number(1));
            assert!(Key::of_item(&incomplete).is_err(), "{name} is a number");
        }
    }
}
