use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use errors::Fault;

/// The primary key of one item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The partition key.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

impl Key {
    /// The key of an item that was read.
    ///
    /// # Errors
    /// If the item has no key, so it is not an item of the table.
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

    /// The key as the SDK represents it.
    pub fn into_item(self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            ("pk".to_owned(), AttributeValue::S(self.pk)),
            ("sk".to_owned(), AttributeValue::S(self.sk)),
        ])
    }
}
