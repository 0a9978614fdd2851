//! The bodies of events and the responses of the API, built from the current state.

use serde_json::{Value, json};

use crate::server::{Conversation, DELETED, Event, Message, OWN_BOT, Server};

impl Server {
    /// The body of an event, from the current state.
    pub(crate) fn body(&self, event: &Event) -> Value {
        match event {
            Event::Conversation(name, place) => {
                let mut body = self.conversation(*place);
                body["event"] = json!(name);
                body
            }
            Event::Message(name, place, id) => {
                let messages = &self.conversations[*place].messages;
                let message = messages.iter().find(|it| it.id == *id).unwrap();
                let mut body = message.common();
                body["event"] = json!(name);
                body["message_type"] = json!(
                    ["incoming", "outgoing", "activity", "template"][usize::from(message.kind)]
                );
                body["created_at"] = json!(
                    domain::Timestamp::from_epoch_milliseconds(message.created_at)
                        .unwrap()
                        .to_string()
                );
                body["account"] = json!({"id": 2, "name": "Example"});
                body["inbox"] = json!({"id": 4, "name": "Website"});
                // The renderer of webhooks drops the backslashes of line breaks.
                body["content"] = json!(message.content.replace("\\\n", "\n"));
                body["conversation"] = self.conversation(*place);
                body
            }
        }
    }

    fn conversation(&self, place: usize) -> Value {
        let it = &self.conversations[place];
        json!({
            "id": 100 + place,
            "channel": "Channel::WebWidget",
            "inbox_id": 4,
            "status": it.status,
            "labels": it.labels,
            "contact_inbox": {"source_id": "x", "pubsub_token": "secret"},
            "additional_attributes": {"browser_language": "pt"},
            "meta": {
                "sender": {"name": format!("Visitor {place}"), "email": "visitor@example.com"},
                "assignee": it.assignee,
                "team": it.team,
            },
            "updated_at": it.updated_at as f64 / 1000.0,
        })
    }

    /// The response of the API for a conversation, if it exists.
    pub(crate) fn api_conversation(&self, place: usize) -> Option<Value> {
        let it = &self.conversations[place];
        let mut response = it.exists.then(|| self.conversation(place))?;
        let members = response.as_object_mut().unwrap();
        members.remove("contact_inbox");
        let channel = members.remove("channel").unwrap();
        members.insert("account_id".to_owned(), json!(2));
        let meta = members["meta"].as_object_mut().unwrap();
        meta.retain(|_, value| !value.is_null());
        meta.insert("channel".to_owned(), channel);
        Some(response)
    }

    /// The responses of the API for the messages from `first` until before `end`. Pages overlap.
    pub(crate) fn api_messages(&self, place: usize, first: u64, end: u64) -> Vec<Value> {
        let messages = self.conversations[place].messages.iter();
        let messages: Vec<_> = messages
            .filter(|it| (first..end).contains(&it.id))
            .map(Message::api)
            .collect();
        let starts = (0..messages.len()).step_by(5);
        starts
            .map(|start| {
                let end = messages.len().min(start + 7);
                json!({"meta": {}, "payload": messages[start..end]})
            })
            .collect()
    }
}

impl Server {
    /// What must be recorded of each thread: id, visibility and text of each message, in order.
    pub(crate) fn expected_threads(&self) -> Vec<Vec<Value>> {
        let existing = self.conversations.iter().filter(|it| it.exists);
        let is_own =
            |it: &Message| it.sender["id"] == OWN_BOT || it.attributes.get("afterchat").is_some();
        let recorded = |it: &&Message| it.kind != 2 && !is_own(it);
        let thread = |conversation: &Conversation| {
            let messages = conversation.messages.iter().filter(recorded);
            messages.map(Message::expected).collect()
        };
        existing.map(thread).collect()
    }
}

impl Message {
    fn expected(&self) -> Value {
        let is_private = self.is_private || self.content == DELETED;
        let visibility = if is_private { "private" } else { "public" };
        let text = self.content.replace("\\\n", "\n");
        json!([self.id.to_string(), visibility, text])
    }

    fn common(&self) -> Value {
        let content_type = if self.attributes.get("items").is_some() {
            "input_select"
        } else {
            "text"
        };
        let mut body = json!({
            "id": self.id,
            "content": self.content,
            "content_type": content_type,
            "content_attributes": self.attributes,
            "private": self.is_private,
            "sender": self.sender,
        });
        if self.has_file {
            let url = format!("https://chat.example.com/files/{}.png", self.id);
            body["attachments"] = json!([{"file_type": "image", "data_url": url, "file_size": 7}]);
        }
        body
    }

    fn api(&self) -> Value {
        let mut body = self.common();
        body["message_type"] = json!(self.kind);
        body["created_at"] = json!(self.created_at / 1000);
        if self.kind == 0 {
            body["sender"]["type"] = json!("contact");
        }
        if self.sender.is_null() {
            body.as_object_mut().unwrap().remove("sender");
        }
        body
    }
}
