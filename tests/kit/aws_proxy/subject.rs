use std::collections::BTreeMap;

use serde_json::Value;

use crate::aws_proxy::AwsCall;

/// The maximum number of set attributes that the description of an update lists.
const FEW: usize = 2;

impl AwsCall {
    /// A description of the call that is the same in each attempt and each run, such as `GetItem
    /// CONVERSATION`. It contains the operation, the kinds of the items (the beginnings of their sort
    /// keys), and what distinguishes the call from others with the same kinds.
    pub fn subject(&self) -> String {
        let (_, operation) = self.operation.split_once(':').unwrap_or_default();
        let subject = match operation {
            "TransactWriteItems" => items(&self.body["TransactItems"]),
            "Query" => query(&self.body),
            "UpdateItem" => updated(&self.body),
            _ => counted(sort_keys(&self.body)),
        };
        format!("{operation} {subject}").trim_end().to_owned()
    }
}

/// The actions of a transaction, such as `Put ASK, Update QUOTA (3)`.
fn items(items: &Value) -> String {
    let items = items.as_array().expect("a transaction has items");
    counted(items.iter().flat_map(|action| {
        let action = action.as_object().expect("an action is an object");
        action
            .iter()
            .map(|(verb, write)| format!("{verb} {}", item(write)))
    }))
}

/// An item with the type of its event, such as `ENTRY rating_changed`.
fn item(write: &Value) -> String {
    let kind = counted(sort_keys(write));
    let event = write["Item"]["event"]["M"]["type"]["S"].as_str();
    event.map_or_else(|| kind.clone(), |event| format!("{kind} {event}"))
}

/// An item with the attributes that are set, such as `SENDER made_identity`.
fn updated(update: &Value) -> String {
    let kind = counted(sort_keys(update));
    let expression = update["UpdateExpression"].as_str().unwrap_or_default();
    let set: Vec<_> = expression.split(" = ").map(last_word).collect();
    match set.split_last() {
        Some((_, set)) if (1..=FEW).contains(&set.len()) => format!("{kind} {}", set.join(" ")),
        _ => kind,
    }
}

fn last_word(text: &str) -> &str {
    let word = text.rsplit(' ').next().unwrap_or_default();
    word.trim_start_matches('#')
}

/// The index or the kind of items that a query reads. If the sort keys begin with a day, these are
/// pending counts: `SATISFACTION`.
fn query(query: &Value) -> String {
    let values = &query["ExpressionAttributeValues"];
    let mut bounds = [":prefix", ":from", ":end"].into_iter();
    let prefix = bounds.find_map(|bound| values[bound]["S"].as_str());
    let prefix = prefix.unwrap_or_default();
    match query["IndexName"].as_str() {
        Some(index) => index.to_owned(),
        None if prefix.starts_with(|first: char| first.is_ascii_digit()) => {
            "SATISFACTION".to_owned()
        }
        None => kind(prefix),
    }
}

/// The kinds of all sort keys in `body`.
fn sort_keys(body: &Value) -> Vec<String> {
    match body {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| match member["S"].as_str() {
                Some(sort_key) if name == "sk" => vec![kind(sort_key)],
                _ => sort_keys(member),
            })
            .collect(),
        Value::Array(elements) => elements.iter().flat_map(sort_keys).collect(),
        _ => Vec::new(),
    }
}

/// The beginning of a sort key.
fn kind(sort_key: &str) -> String {
    let kind = sort_key.split('#').next();
    kind.unwrap_or_default().to_owned()
}

/// Each name once, followed by its count if that is more than one.
fn counted(names: impl IntoIterator<Item = String>) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut order = Vec::new();
    for name in names {
        let count = counts.entry(name.clone()).or_default();
        if *count == 0 {
            order.push(name);
        }
        *count += 1;
    }
    let texts = order.into_iter().map(|name| match counts[&name] {
        1 => name,
        count => format!("{name} ({count})"),
    });
    texts.collect::<Vec<_>>().join(", ")
}
