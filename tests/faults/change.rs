use std::collections::BTreeMap;

use serde_json::Value;
use tests::Stack;

/// The stored items of a stack by their keys, and the number of sent mails.
pub(crate) struct Snapshot {
    items: BTreeMap<(String, String), String>,
    mails: usize,
}

/// The difference of two snapshots, in a form that is the same in each run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The added, changed and deleted items, and the number of equal ones.
    items: BTreeMap<Item, usize>,
    /// The number of sent mails.
    pub(crate) mails: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    /// The prefix of the sort key, and the item's state if it has one.
    kind: String,
    how: How,
    /// The masked JSON of the item.
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    Added,
    Changed,
    Deleted,
}

impl Snapshot {
    pub(crate) async fn of(stack: &Stack) -> Self {
        let items = stack.items().await;
        let key = |item: &Value| (item["pk"].to_string(), item["sk"].to_string());
        Self {
            items: items
                .iter()
                .map(|item| (key(item), item.to_string()))
                .collect(),
            mails: stack.outbox().await.len(),
        }
    }

    /// The change from `before` to this snapshot.
    pub(crate) fn since(&self, before: &Self) -> Change {
        let mut items = BTreeMap::new();
        let mut add = |how, text: &str| *items.entry(Item::new(how, text)).or_default() += 1;
        for (key, text) in &self.items {
            match before.items.get(key) {
                None => add(How::Added, text),
                Some(other) if other != text => add(How::Changed, text),
                Some(_) => {}
            }
        }
        let deleted = before.items.iter();
        for (_, text) in deleted.filter(|(key, _)| !self.items.contains_key(*key)) {
            add(How::Deleted, text);
        }
        Change {
            items,
            mails: self.mails - before.mails,
        }
    }
}

impl Change {
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty() && self.mails == 0
    }

    /// The number of added items whose kind begins with `kind`.
    pub(crate) fn count(&self, kind: &str) -> usize {
        let added = self.items.iter().filter(|(item, _)| item.how == How::Added);
        added
            .filter(|(item, _)| item.kind.starts_with(kind))
            .map(|(_, count)| count)
            .sum()
    }

    /// The kinds of the added items.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = &str> {
        let added = self.items.keys().filter(|item| item.how == How::Added);
        added.map(|item| item.kind.split(' ').next().unwrap_or_default())
    }

    /// The mails, and the kinds of the added, changed and deleted items.
    pub(crate) fn describe(&self) -> String {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (item, count) in &self.items {
            let name = match item.how {
                How::Deleted => format!("{} deleted", item.kind),
                How::Added | How::Changed => item.kind.clone(),
            };
            *counts.entry(name).or_default() += count;
        }
        if self.mails > 0 {
            counts.insert("mail".to_owned(), self.mails);
        }
        let texts = counts.into_iter().map(|(name, count)| match count {
            1 => name,
            count => format!("{name} ({count})"),
        });
        texts.collect::<Vec<_>>().join(", ")
    }
}

impl Item {
    fn new(how: How, text: &str) -> Self {
        let mut item: Value = serde_json::from_str(text).expect("an item is JSON");
        // The shard depends on a random id.
        if let Some(shard) = item.get_mut("ratings_of") {
            *shard = "…".into();
        }
        let sort_key = item["sk"]["S"].as_str().expect("an item has a sort key");
        let kind = sort_key.split('#').next().unwrap_or_default();
        let event = item["event"]["M"]["type"]["S"].as_str();
        let state = item["state"]["S"].as_str().or(event).or(quota_state(&item));
        Self {
            kind: state.map_or_else(|| kind.to_owned(), |state| format!("{kind} {state}")),
            how,
            text: mask(&item.to_string()),
        }
    }
}

/// The state of an item that counts transcripts.
fn quota_state(item: &Value) -> Option<&'static str> {
    let count = item["sent_count"]["N"].as_str();
    let list = item["requested"]["L"].as_array();
    let is_used = item["ids"].is_object()
        || count.is_some_and(|count| count != "0")
        || list.is_some_and(|list| !list.is_empty());
    let sort_key = item["sk"]["S"].as_str()?;
    let counts = sort_key.starts_with("QUOTA") || sort_key == "VISITOR-QUOTA";
    counts.then_some(if is_used { "used" } else { "free" })
}

/// Replaces times, ids and secrets: words of at least 30 characters, and those of at least 10 with a
/// digit.
fn mask(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_:.".contains(c);
    let mut masked = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (between, tail) = rest.split_at(start);
        let end = tail.find(|c| !is_part(c)).unwrap_or(tail.len());
        let (word, tail) = tail.split_at(end);
        let has_digit = word.contains(|c: char| c.is_ascii_digit());
        let is_random = word.len() >= 30 || (word.len() >= 10 && has_digit);
        masked.push_str(between);
        masked.push_str(if is_random { "…" } else { word });
        rest = tail;
    }
    masked.push_str(rest);
    masked
}

#[test]
fn times_ids_and_secrets_are_masked() {
    for (text, masked) in [
        ("2026-01-05T09:00:00.000Z", "…"),
        ("QUOTA#2026-01-05T09#kim", "QUOTA#…#kim"),
        (r#"{"N":"1767603600"}"#, r#"{"N":"…"}"#),
        ("0123456789abcdef0123456789abcdef", "…"),
        (
            r#""rating_requested" 4 "c1""#,
            r#""rating_requested" 4 "c1""#,
        ),
    ] {
        assert_eq!(mask(text), masked);
    }
}
