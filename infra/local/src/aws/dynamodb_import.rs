//! Writes many items with the engine's bulk import, which is much faster than one request per item.

use std::collections::HashMap;

use dynamodb::{Item, Key};
use dynoxide::actions::get_item::GetItemRequest;
use dynoxide::{AttributeValue, Database, DynoxideError, ImportOptions};
use tokio::sync::watch;

/// A bulk writer for the table. Its functions block the thread while the engine works.
#[derive(Clone)]
pub(crate) struct TableImport {
    database: Database,
    table: String,
    /// Notifies the stream's readers that new records may exist.
    written: watch::Sender<()>,
}

impl TableImport {
    pub(crate) fn new(database: Database, table: &str, written: watch::Sender<()>) -> Self {
        Self {
            database,
            table: table.to_owned(),
            written,
        }
    }

    /// Whether an item exists under a key.
    pub(crate) fn has(&self, key: Key) -> Result<bool, DynoxideError> {
        let got = self.database.get_item(GetItemRequest {
            table_name: self.table.clone(),
            key: to_engine_item(key.into_item())?,
            ..GetItemRequest::default()
        })?;
        Ok(got.item.is_some())
    }

    /// Writes all of `items` or none. The stream contains them only if they are `streamed`.
    pub(crate) fn put(&self, items: Vec<Item>, streamed: bool) -> Result<(), DynoxideError> {
        let items = items
            .into_iter()
            .map(to_engine_item)
            .collect::<Result<_, _>>()?;
        let options = ImportOptions {
            record_streams: streamed,
            set_cached_at: false,
        };
        self.database.import_items(&self.table, items, options)?;
        self.written.send_replace(());
        Ok(())
    }
}

/// Converts an item to the engine's type.
fn to_engine_item(item: Item) -> Result<HashMap<String, AttributeValue>, DynoxideError> {
    let attributes = item.into_iter();
    attributes
        .map(|(name, value)| Ok((name, to_engine_value(value)?)))
        .collect()
}

fn to_engine_value(
    value: aws_sdk_dynamodb::types::AttributeValue,
) -> Result<AttributeValue, DynoxideError> {
    use aws_sdk_dynamodb::types::AttributeValue as Sdk;
    Ok(match value {
        Sdk::S(text) => AttributeValue::S(text),
        Sdk::N(number) => AttributeValue::N(number),
        Sdk::Bool(flag) => AttributeValue::BOOL(flag),
        Sdk::Null(null) => AttributeValue::NULL(null),
        Sdk::Ss(texts) => AttributeValue::SS(texts),
        Sdk::Ns(numbers) => AttributeValue::NS(numbers),
        Sdk::B(bytes) => AttributeValue::B(bytes.into_inner()),
        Sdk::L(values) => AttributeValue::L(
            values
                .into_iter()
                .map(to_engine_value)
                .collect::<Result<_, _>>()?,
        ),
        Sdk::M(map) => AttributeValue::M(to_engine_item(map)?),
        _ => {
            let unknown = "the import does not support this attribute type";
            return Err(DynoxideError::ValidationException(unknown.to_owned()));
        }
    })
}
