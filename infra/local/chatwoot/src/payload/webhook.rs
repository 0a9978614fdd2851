//! The bodies of webhooks.

use serde_json::{Value, json};

use crate::content;
use crate::hooks::{PendingHook, Subject};
use crate::ids::{AccountId, ContactId, InboxId};
use crate::payload::merge;
use crate::state::State;
use crate::state::model::{Conversation, Message};

impl State {
    /// The body of a hook from the current state. `None` if the record was deleted meanwhile.
    pub(crate) fn hook_body(&self, hook: &PendingHook) -> Option<Value> {
        let body = match &hook.subject {
            Subject::Conversation(id) => self.webhook_conversation(self.conversations.get(id)?),
            Subject::Message(id, message) => {
                let conversation = self.conversations.get(id)?;
                let mut messages = conversation.messages.iter();
                let message = messages.find(|it| it.id == *message)?;
                self.webhook_message(conversation, message)
            }
            Subject::Contact(contact) => {
                self.contacts.get(contact)?;
                self.contact_json(*contact, false)
            }
            Subject::Widget(contact, inbox) => self.widget_body(*contact, *inbox)?,
            Subject::Typing {
                conversation,
                agent,
            } => json!({
                "user": self.webhook_sender(Some(crate::state::model::Sender::Agent(*agent))),
                "conversation": self.webhook_conversation(self.conversations.get(conversation)?),
                "is_private": false,
            }),
        };
        let has_changes = matches!(
            hook.event.as_str(),
            "conversation_updated" | "conversation_status_changed" | "contact_updated"
        );
        let body = if has_changes {
            merge(body, json!({"changed_attributes": hook.changed_attributes}))
        } else {
            body
        };
        Some(merge(body, json!({"event": hook.event})))
    }

    fn webhook_message(&self, conversation: &Conversation, message: &Message) -> Value {
        let form = self.options.version.webhook_content;
        let content = message.content.as_deref();
        let mut body = json!({
            "account": self.account_json(conversation.id.account),
            "additional_attributes": {},
            "content_attributes": message.attributes,
            "content_type": message.content_type,
            "content": content.map(|content| content::render(content, form)),
            "conversation": self.webhook_conversation(conversation),
            "created_at": message.created_at,
            "id": message.id.0,
            "inbox": self.inbox_json(conversation.inbox),
            "message_type": message.kind.as_str(),
            "private": message.is_private,
            "sender": self.webhook_sender(message.sender),
            "source_id": message.source_id,
        });
        if let Some(files) = self.attachments_json(conversation.id.account.0, message) {
            body = merge(body, json!({"attachments": files}));
        }
        if self.options.has_unknown_members {
            body = merge(body, json!({"new_member": [{"deep": null}]}));
        }
        body
    }

    fn widget_body(&self, contact: ContactId, inbox: InboxId) -> Option<Value> {
        let account = self.contacts.get(&contact)?.account;
        Some(json!({
            "id": contact.0,
            "contact": self.contact_json(contact, false),
            "inbox": self.inbox_json(inbox),
            "account": self.account_json(account),
            "current_conversation": null,
            "source_id": format!("widget-{}", contact.0),
            "event_info": {},
        }))
    }

    pub(crate) fn account_json(&self, id: AccountId) -> Value {
        let account = self.accounts.get(&id);
        json!({"id": id.0, "name": account.map(|account| &account.name)})
    }

    fn inbox_json(&self, id: InboxId) -> Value {
        let inbox = self.inboxes.get(&id);
        json!({"id": id.0, "name": inbox.map(|inbox| &inbox.name)})
    }
}
