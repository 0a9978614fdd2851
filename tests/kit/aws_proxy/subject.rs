use std::collections::BTreeMap;

use serde_json::Value;

use super::AwsCall;

/// An update that sets more attributes than these is one of the whole item.
const FEW: usize = 2;

impl AwsCall {
    /// The call in words that are the same for each try of it and each run: its operation, the kinds
    /// of items that it is about (what their sort keys begin with), and what tells it from others
    /// about these. `GetItem CONVERSATION`, for one.
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

/// `Put ASK, Update QUOTA (3)`: what a transaction does to which items.
fn items(items: &Value) -> String {
    let items = items.as_array().expect("a transaction has items");
    counted(items.iter().flat_map(|action| {
        let action = action.as_object().expect("an action is an object");
        action
            .iter()
            .map(|(verb, write)| format!("{verb} {}", item(write)))
    }))
}

/// `ENTRY rating_changed`, for one: an item with its event's type, if it has one.
fn item(write: &Value) -> String {
    let kind = counted(sort_keys(write));
    let event = write["Item"]["event"]["M"]["type"]["S"].as_str();
    event.map_or_else(|| kind.clone(), |event| format!("{kind} {event}"))
}

/// `SENDER made_identity`, for one: an item with the few attributes that are set on it.
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

/// The index that is listed, or the kind of items; `SATISFACTION` where these are counts whose sort
/// keys begin with a day.
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

/// The kinds of all sort keys that stand anywhere in `body`.
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

/// What a sort key begins with.
fn kind(sort_key: &str) -> String {
    let kind = sort_key.split('#').next();
    kind.unwrap_or_default().to_owned()
}

/// Each once, with how often it comes where that is more.
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
