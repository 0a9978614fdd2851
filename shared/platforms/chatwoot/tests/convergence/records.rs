//! The recording semantics of the API, in memory. Bodies are applied as JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::rules::BrokenRule;

#[derive(Debug)]
pub(crate) struct Records {
    broken: Option<BrokenRule>,
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

/// What the recording of a conversation changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StateChange {
    pub(crate) is_new: bool,
    pub(crate) is_resolved: bool,
    pub(crate) is_reopened: bool,
}

/// What the recording of a message does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Write {
    Insert,
    Replace,
    Hide,
    Nothing,
}

impl Records {
    pub(crate) fn new(broken: Option<BrokenRule>) -> Self {
        Self {
            broken,
            conversations: BTreeMap::new(),
            arrivals: 0,
        }
    }

    /// `PUT /v1/conversations/{conversation_id}`
    pub(crate) fn record_conversation(&mut self, id: &str, change: &Value) -> StateChange {
        let is_new = !self.conversations.contains_key(id);
        assert!(
            !is_new || change["channel"].is_string(),
            "a channel is required"
        );
        let conversation = self.conversations.entry(id.to_owned()).or_default();
        let earlier_status = conversation.fields.get("status").cloned();
        let as_of = change["as_of"].as_str().unwrap().to_owned();
        let is_outdated =
            as_of < conversation.as_of && self.broken != Some(BrokenRule::ConversationAsOfIgnored);
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
        let status = &conversation.fields["status"];
        let was_resolved = earlier_status.is_some_and(|it| it == "resolved");
        StateChange {
            is_new,
            is_resolved: !is_new && !was_resolved && *status == "resolved",
            is_reopened: was_resolved && *status == "open",
        }
    }

    /// `POST /v1/conversations/{conversation_id}/messages`
    pub(crate) fn record_messages(&mut self, id: &str, body: &Value) {
        let messages = body["messages"].as_array().unwrap();
        assert!((1..=100).contains(&messages.len()));
        for message in messages {
            let write = self.write_of(id, message);
            self.arrivals += 1;
            let conversation = self.conversations.get_mut(id).unwrap();
            let recorded = conversation.messages.get_mut(&key(message));
            match (write, recorded) {
                (Write::Hide, Some(recorded)) => recorded.body["visibility"] = json!("private"),
                (Write::Replace, Some(recorded)) => recorded.body = message.clone(),
                (Write::Insert, _) => {
                    let new = Message {
                        arrival: self.arrivals,
                        body: message.clone(),
                    };
                    conversation.messages.insert(key(message), new);
                }
                _ => {}
            }
        }
    }

    /// As [`Self::record_messages`], without the messages that are recorded with the same content.
    /// They keep their `as_of`.
    pub(crate) fn record_changed_messages(&mut self, id: &str, body: &Value) {
        let messages = body["messages"].as_array().unwrap().iter();
        let is_changed = |message: &&Value| match self.broken {
            Some(BrokenRule::ThreadsOnlyAdd) => self.recorded(id, message).is_none(),
            _ => !self.has_content(id, message),
        };
        let changed: Vec<_> = messages.filter(is_changed).cloned().collect();
        if !changed.is_empty() {
            self.record_messages(id, &json!({"messages": changed}));
        }
    }

    fn write_of(&self, id: &str, message: &Value) -> Write {
        let Some(recorded) = self.recorded(id, message) else {
            return Write::Insert;
        };
        let is_outdated = message["as_of"].as_str() < recorded.body["as_of"].as_str()
            && self.broken != Some(BrokenRule::MessageAsOfIgnored);
        let is_private = |body: &Value| body["visibility"] == "private";
        match (is_private(message), is_private(&recorded.body)) {
            (false, true) => Write::Nothing,
            (true, false) if is_outdated => Write::Hide,
            _ if is_outdated => Write::Nothing,
            _ => Write::Replace,
        }
    }

    fn recorded(&self, id: &str, message: &Value) -> Option<&Message> {
        self.conversations.get(id)?.messages.get(&key(message))
    }

    /// Whether the message is recorded with the same content.
    pub(crate) fn has_content(&self, id: &str, message: &Value) -> bool {
        let recorded = self.recorded(id, message);
        recorded.is_some_and(|it| content(&it.body) == content(message))
    }

    /// Whether the message is recorded, and this version of it would replace other content.
    pub(crate) fn would_change(&self, id: &str, version: &Value) -> bool {
        let write = self.write_of(id, version);
        matches!(write, Write::Replace | Write::Hide) && !self.has_content(id, version)
    }

    /// The id of the recorded assignee.
    pub(crate) fn assignee(&self, id: &str) -> Option<&str> {
        let fields = &self.conversations.get(id)?.fields;
        fields.get("assignee")?["id"].as_str()
    }

    /// Each thread in its order.
    pub(crate) fn threads(&self) -> Vec<(String, Vec<Value>)> {
        let thread = |conversation: &Conversation| {
            let mut messages: Vec<_> = conversation.messages.iter().collect();
            messages.sort_by_key(|((sent_at, _), message)| (sent_at.clone(), message.arrival));
            let messages = messages.into_iter();
            messages
                .map(|(_, message)| content(&message.body))
                .collect()
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

fn key(message: &Value) -> (String, String) {
    let text = |name: &str| message[name].as_str().unwrap().to_owned();
    (text("sent_at"), text("id"))
}

/// The message without `as_of`.
pub(crate) fn content(message: &Value) -> Value {
    let mut content = message.clone();
    content.as_object_mut().unwrap().remove("as_of");
    content
}
