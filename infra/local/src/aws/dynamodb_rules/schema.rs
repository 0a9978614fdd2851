//! The table's keys and indexes, in the format of `CreateTable`.

use serde_json::Value;

/// The keys and indexes of the table.
#[derive(Debug)]
pub(super) struct Schema {
    /// The table's own keys.
    pub(super) keys: Keys,
    /// The local and global secondary indexes.
    pub(super) indexes: Vec<Index>,
}

/// The attributes of a key.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) partition: String,
    pub(super) sort: Option<String>,
}

/// A secondary index.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) keys: Keys,
    pub(super) is_local: bool,
    /// The attributes that the index projects besides keys, or `None` if it projects all.
    projected: Option<Vec<String>>,
}

impl Schema {
    /// Parses the input of `CreateTable`.
    pub(super) fn of(definition: &Value) -> Self {
        let kinds = [
            ("LocalSecondaryIndexes", true),
            ("GlobalSecondaryIndexes", false),
        ];
        let indexes = kinds.iter().flat_map(|(kind, is_local)| {
            let indexes = definition.get(kind).and_then(Value::as_array);
            let indexes = indexes.into_iter().flatten();
            indexes.map(|index| Index::of(index, *is_local))
        });
        Self {
            keys: Keys::of(definition),
            indexes: indexes.collect(),
        }
    }

    /// The index with this name.
    pub(super) fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name == name)
    }
}

impl Keys {
    fn of(definition: &Value) -> Self {
        let mut keys = Self::default();
        let schema = definition.get("KeySchema").and_then(Value::as_array);
        for element in schema.into_iter().flatten() {
            let name = text(element, "AttributeName");
            match element.get("KeyType").and_then(Value::as_str) {
                Some("HASH") => keys.partition = name,
                _ => keys.sort = Some(name),
            }
        }
        keys
    }

    /// The key attributes, the partition key first.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.partition.as_str()).chain(self.sort.as_deref())
    }
}

impl Index {
    fn of(definition: &Value, is_local: bool) -> Self {
        let projection = definition.get("Projection").unwrap_or(&Value::Null);
        let names = projection.get("NonKeyAttributes").and_then(Value::as_array);
        let names = names.into_iter().flatten().filter_map(Value::as_str);
        let holds_all = text(projection, "ProjectionType") == "ALL";
        Self {
            name: text(definition, "IndexName"),
            keys: Keys::of(definition),
            is_local,
            projected: (!holds_all).then(|| names.map(str::to_owned).collect()),
        }
    }

    /// Whether the index contains this attribute, which is not a key of the table.
    pub(super) fn contains(&self, attribute: &str) -> bool {
        match &self.projected {
            None => true,
            Some(names) => {
                names.iter().any(|name| name == attribute)
                    || self.keys.names().any(|name| name == attribute)
            }
        }
    }
}

fn text(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}
