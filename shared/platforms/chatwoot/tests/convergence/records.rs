//! The recording semantics of the API, in memory. Bodies are applied as JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

#[derive(Debug, Default)]
pub(crate) struct Records {
    ignores_conversation_as_of: bool,
    ignores_message_as_of: bool,
    conversations: BTreeMap<String, Conversation>,
    arrivals: usize,
}

#[derive(Debug, Default)]
struct Conversation {
    as_of: String,
    fields: Map<String, Value>,
    messages: BTreeMap<(String, String), Message>,
}

#[derive(Debug)]
struct Message {
    arrival: usize,
    body: Value,
}

impl Records {
    pub(crate) fn new(ignores_conversation_as_of: bool, ignores_message_as_of: bool) -> Self {
        Self {
            ignores_conversation_as_of,
            ignores_message_as_of,
            ..Self::default()
        }
    }

    /// `PUT /v1/conversations/{conversation_id}`
    pub(crate) fn record_conversation(&mut self, id: &str, change: &Value) {
        let is_new = !self.conversations.contains_key(id);
        assert!(
            !is_new || change["channel"].is_string(),
            "a channel is required"
        );
        let conversation = self.conversations.entry(id.to_owned()).or_default();
        let as_of = change["as_of"].as_str().unwrap().to_owned();
        let is_outdated = as_of < conversation.as_of && !self.ignores_conversation_as_of;
        let mut fields = change.as_object().unwrap().clone();
        fields.remove("as_of");
        if let Some(Value::Object(visitor)) = fields.remove("visitor") {
            let visitor = visitor.into_iter();
            fields.extend(visitor.map(|(name, value)| (format!("visitor.{name}"), value)));
        }
        for (name, value) in fields {
            let is_filled_in = !["channel", "status"].contains(&name.as_str())
                && !conversation.fields.contains_key(&name);
            if !is_outdated || is_filled_in {
                conversation.fields.insert(name, value);
            }
        }
        if !is_outdated {
            conversation.as_of = as_of;
        }
    }

    /// `POST /v1/conversations/{conversation_id}/messages`
    pub(crate) fn record_messages(&mut self, id: &str, body: &Value) {
        let conversation = self.conversations.get_mut(id).unwrap();
        let messages = body["messages"].as_array().unwrap();
        assert!((1..=100).contains(&messages.len()));
        for message in messages {
            self.arrivals += 1;
            let text = |name: &str| message[name].as_str().unwrap().to_owned();
            let key = (text("sent_at"), text("id"));
            let new = Message {
                arrival: self.arrivals,
                body: message.clone(),
            };
            let Some(recorded) = conversation.messages.get_mut(&key) else {
                conversation.messages.insert(key, new);
                continue;
            };
            let recorded_as_of = recorded.body["as_of"].as_str().unwrap();
            let is_outdated =
                text("as_of").as_str() < recorded_as_of && !self.ignores_message_as_of;
            let is_private = |body: &Value| body["visibility"] == "private";
            match (is_private(message), is_private(&recorded.body)) {
                (false, true) => {}
                (true, false) if is_outdated => {
                    recorded.body["visibility"] = json!("private");
                }
                _ if is_outdated => {}
                _ => recorded.body = new.body,
            }
        }
    }

    /// Each thread in its order.
    pub(crate) fn threads(&self) -> Vec<(String, Vec<Value>)> {
        let thread = |conversation: &Conversation| {
            let mut messages: Vec<_> = conversation.messages.iter().collect();
            messages.sort_by_key(|((sent_at, _), message)| (sent_at.clone(), message.arrival));
            let bodies = messages.into_iter().map(|(_, message)| {
                let mut body = message.body.clone();
                body.as_object_mut().unwrap().remove("as_of");
                body
            });
            bodies.collect()
        };
        let all = self.conversations.iter();
        all.map(|(id, conversation)| (id.clone(), thread(conversation)))
            .collect()
    }

    pub(crate) fn states(&self) -> BTreeMap<String, Map<String, Value>> {
        let state = |conversation: &Conversation| {
            let mut fields = conversation.fields.clone();
            if let Some(inbox) = fields.get_mut("inbox") {
                *inbox = inbox["id"].clone();
            }
            fields
        };
        let all = self.conversations.iter();
        all.map(|(id, conversation)| (id.clone(), state(conversation)))
            .collect()
    }

    /// The numbers of public messages by conversation and author kind.
    pub(crate) fn counts(&self) -> BTreeMap<(String, String), usize> {
        let mut counts = BTreeMap::new();
        for (id, thread) in self.threads() {
            for message in thread.iter().filter(|it| it["visibility"] == "public") {
                let kind = message["author"]["kind"].as_str().unwrap().to_owned();
                *counts.entry((id.clone(), kind)).or_default() += 1;
            }
        }
        counts
    }
}
