//! The actions of a request and their items.

use serde_json::{Map, Value};

/// An item or a key in DynamoDB's JSON.
pub(super) type Attributes = Map<String, Value>;

/// The type of an action: a write to an item, or a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Put,
    Update,
    Delete,
    Check,
    Query,
    Scan,
}

/// One action of a request, with its expressions.
#[derive(Debug)]
pub(super) struct Action<'a> {
    pub(super) verb: Verb,
    pub(super) table: &'a str,
    /// The input of the action, including its expressions.
    pub(super) input: &'a Value,
    /// The keys of the items that it reads or writes.
    pub(super) keys: Vec<&'a Attributes>,
    /// The item that it puts.
    pub(super) item: Option<&'a Attributes>,
}

/// The fields of an item in a transaction, and their actions.
const ACTIONS: [(&str, Verb); 5] = [
    ("ConditionCheck", Verb::Check),
    ("Delete", Verb::Delete),
    ("Get", Verb::Get),
    ("Put", Verb::Put),
    ("Update", Verb::Update),
];

impl<'a> Action<'a> {
    /// The actions of a request.
    pub(super) fn all(operation: &str, body: &'a Value) -> Vec<Self> {
        match operation {
            "GetItem" => vec![Self::of(Verb::Get, body)],
            "PutItem" => vec![Self::of(Verb::Put, body)],
            "UpdateItem" => vec![Self::of(Verb::Update, body)],
            "DeleteItem" => vec![Self::of(Verb::Delete, body)],
            "Query" => vec![Self::of(Verb::Query, body)],
            "Scan" => vec![Self::of(Verb::Scan, body)],
            "TransactWriteItems" | "TransactGetItems" => {
                let items = elements(body, "TransactItems");
                let actions = items.iter().flat_map(|item| {
                    ACTIONS
                        .iter()
                        .filter_map(|(name, verb)| Some(Self::of(*verb, item.get(name)?)))
                });
                actions.collect()
            }
            "BatchGetItem" => tables(body).map(Self::of_batch_get).collect(),
            "BatchWriteItem" => tables(body).flat_map(Self::of_batch_write).collect(),
            _ => Vec::new(),
        }
    }

    fn of(verb: Verb, input: &'a Value) -> Self {
        let key = input.get("Key").and_then(Value::as_object);
        Self {
            verb,
            table: input
                .get("TableName")
                .and_then(Value::as_str)
                .unwrap_or_default(),
            input,
            keys: key.into_iter().collect(),
            item: input.get("Item").and_then(Value::as_object),
        }
    }

    fn of_batch_get((table, input): (&'a String, &'a Value)) -> Self {
        let keys = elements(input, "Keys").iter();
        Self {
            table,
            keys: keys.filter_map(Value::as_object).collect(),
            ..Self::of(Verb::Get, input)
        }
    }

    fn of_batch_write((table, requests): (&'a String, &'a Value)) -> Vec<Self> {
        let requests = requests.as_array().map(Vec::as_slice).unwrap_or_default();
        let actions = requests.iter().filter_map(|request| {
            let (verb, input) = match (request.get("PutRequest"), request.get("DeleteRequest")) {
                (Some(put), _) => (Verb::Put, put),
                (None, delete) => (Verb::Delete, delete?),
            };
            Some(Self {
                table,
                ..Self::of(verb, input)
            })
        });
        actions.collect()
    }

    /// The value of a text field.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.input.get(name).and_then(Value::as_str)
    }
}

/// The tables of a batch.
pub(super) fn tables(body: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let tables = body.get("RequestItems").and_then(Value::as_object);
    tables.into_iter().flatten()
}

/// The elements of an array field.
pub(super) fn elements<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    let elements = value.get(name).and_then(Value::as_array);
    elements.map(Vec::as_slice).unwrap_or_default()
}
