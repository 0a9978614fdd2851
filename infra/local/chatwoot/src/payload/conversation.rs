//! Conversations in webhooks and in the API.

use domain::Timestamp;
use serde_json::{Value, json};

use crate::content;
use crate::payload::merge;
use crate::state::State;
use crate::state::model::{Assignee, Contact, Conversation, Message, MessageKind, Sender};

/// Seconds since 1970 with decimals.
fn float(time: Timestamp) -> f64 {
    time.epoch_milliseconds() as f64 / 1000.0
}

/// Seconds since 1970, or 0.
fn seconds(time: Option<Timestamp>) -> i64 {
    time.map_or(0, Timestamp::epoch_seconds)
}

fn additional_attributes(contact: &Contact) -> Value {
    let profile = &contact.profile;
    json!({
        "browser": {"device_name": "Unknown", "browser_name": "Firefox"},
        "referer": profile.referer,
        "initiated_at": {"timestamp": profile.initiated_at},
        "browser_language": profile.browser_language,
    })
}

fn unread_count(conversation: &Conversation) -> usize {
    let is_incoming = |message: &&Message| message.kind == MessageKind::Incoming;
    conversation
        .messages
        .iter()
        .filter(is_incoming)
        .count()
        .min(10)
}

impl State {
    /// The members that webhooks and the API have in common.
    fn conversation_base(&self, conversation: &Conversation) -> Value {
        let contact = self.contacts.get(&conversation.contact);
        let mut base = json!({
            "id": conversation.id.display_id,
            "inbox_id": conversation.inbox.0,
            "additional_attributes": contact.map(additional_attributes),
            "can_reply": true,
            "labels": conversation.labels,
            "status": conversation.status.as_str(),
            "custom_attributes": {},
            "snoozed_until": conversation.snoozed_until,
            "unread_count": unread_count(conversation),
            "priority": null,
            "waiting_since": seconds(conversation.waiting_since),
            "agent_last_seen_at": 0,
            "contact_last_seen_at": 0,
            "last_activity_at": conversation.last_activity_at.epoch_seconds(),
            "timestamp": conversation.last_activity_at.epoch_seconds(),
            "created_at": conversation.created_at.epoch_seconds(),
            "updated_at": float(conversation.updated_at),
        });
        if self.options.has_unknown_members {
            let unknown = json!({"new_member": {"list": [1, null, "text"]}});
            base = merge(base, unknown);
        }
        base
    }

    fn hmac_verified(&self, conversation: &Conversation) -> bool {
        let contact = self.contacts.get(&conversation.contact);
        contact.is_some_and(|contact| contact.profile.is_hmac_verified)
    }

    fn channel(&self, conversation: &Conversation) -> Option<&str> {
        let inbox = self.inboxes.get(&conversation.inbox)?;
        Some(&inbox.channel)
    }

    /// A conversation in a webhook. Its `messages` contain the newest public message, which is not
    /// the message of the event if more messages followed.
    pub(crate) fn webhook_conversation(&self, conversation: &Conversation) -> Value {
        let is_shown =
            |message: &&Message| message.kind != MessageKind::Activity && !message.is_private;
        let newest = conversation.messages.iter().rev().find(is_shown);
        let messages: Vec<_> = newest
            .map(|message| self.nested_message(conversation, message, true))
            .into_iter()
            .collect();
        let assignee_type = match conversation.assignee {
            Some(Assignee::Agent(_)) => Some("User"),
            Some(Assignee::Bot(_)) => Some("AgentBot"),
            None => None,
        };
        let mut body = json!({
            "channel": self.channel(conversation),
            "contact_inbox": {
                "id": conversation.contact.0,
                "contact_id": conversation.contact.0,
                "inbox_id": conversation.inbox.0,
                "source_id": conversation.source_id,
                "hmac_verified": self.hmac_verified(conversation),
                "pubsub_token": conversation.pubsub_token,
                "created_at": conversation.created_at,
                "updated_at": conversation.created_at,
            },
            "messages": messages,
            "meta": {
                "sender": self.contact_json(conversation.contact, true),
                "assignee": self.assignee_json(conversation.assignee),
                "assignee_type": assignee_type,
                "team": conversation.team.map(|team| self.team_json(team)),
                "hmac_verified": self.hmac_verified(conversation),
            },
            "first_reply_created_at": conversation.first_reply_at,
        });
        if self.options.version.conversations_have_account {
            let account = self.account_json(conversation.id.account);
            body = merge(body, json!({"account": account}));
        }
        merge(self.conversation_base(conversation), body)
    }

    /// A conversation in the API. Its `meta` lacks the assignee and the team if there is none.
    pub(crate) fn api_conversation(&self, conversation: &Conversation) -> Value {
        let last = conversation.messages.last();
        let messages: Vec<_> = last
            .map(|message| self.nested_message(conversation, message, false))
            .into_iter()
            .collect();
        let mut newest = conversation.messages.iter().rev();
        let newest = newest.find(|message| message.kind != MessageKind::Activity);
        let mut meta = json!({
            "sender": self.contact_json(conversation.contact, true),
            "channel": self.channel(conversation),
            "hmac_verified": self.hmac_verified(conversation),
        });
        if let Some(Assignee::Agent(agent)) = conversation.assignee {
            let assignee = self.api_agent(agent, conversation.id.account);
            meta = merge(meta, json!({"assignee": assignee}));
        }
        if let Some(team) = conversation.team {
            meta = merge(meta, json!({"team": self.team_json(team)}));
        }
        let contact = self.contacts.get(&conversation.contact);
        let body = json!({
            "messages": messages,
            "meta": meta,
            "account_id": conversation.id.account.0,
            "uuid": conversation.uuid,
            "muted": contact.is_some_and(|contact| contact.is_blocked),
            "assignee_last_seen_at": 0,
            "first_reply_created_at": seconds(conversation.first_reply_at),
            "last_non_activity_message": newest
                .map(|message| self.nested_message(conversation, message, false)),
            "sla_policy_id": null,
        });
        merge(self.conversation_base(conversation), body)
    }

    /// A message within a conversation.
    fn nested_message(
        &self,
        conversation: &Conversation,
        message: &Message,
        is_in_webhook: bool,
    ) -> Value {
        let form = self.options.version.webhook_content;
        let content = message.content.as_deref();
        let content = match content.filter(|_| is_in_webhook) {
            Some(content) => Some(content::render(content, form)),
            None => message.content.clone(),
        };
        let assignee = match conversation.assignee {
            Some(Assignee::Agent(agent)) => Some(agent.0),
            _ => None,
        };
        let mut body = json!({
            "id": message.id.0,
            "content": content,
            "account_id": conversation.id.account.0,
            "inbox_id": conversation.inbox.0,
            "conversation_id": conversation.id.display_id,
            "message_type": message.kind as u8,
            "created_at": message.created_at.epoch_seconds(),
            "updated_at": message.updated_at,
            "private": message.is_private,
            "status": "sent",
            "source_id": message.source_id,
            "content_type": message.content_type,
            "content_attributes": message.attributes,
            "sender_type": sender_type(message.sender),
            "additional_attributes": {},
            "conversation": {
                "assignee_id": assignee,
                "unread_count": unread_count(conversation),
                "last_activity_at": conversation.last_activity_at.epoch_seconds(),
                "contact_inbox": {"source_id": conversation.source_id},
            },
        });
        let sender = self.api_sender(message.sender);
        if !sender.is_null() {
            body = merge(body, json!({"sender": sender}));
        }
        if let Some(files) = self.attachments_json(conversation.id.account.0, message) {
            body = merge(body, json!({"attachments": files}));
        }
        body
    }
}

fn sender_type(sender: Option<Sender>) -> Option<&'static str> {
    sender.map(|sender| match sender {
        Sender::Agent(_) => "User",
        Sender::Bot(_) => "AgentBot",
        Sender::Contact(_) => "Contact",
    })
}
