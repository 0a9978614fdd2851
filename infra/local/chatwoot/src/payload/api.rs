//! The other payloads of the API.

use serde_json::{Value, json};

use crate::ids::{AccountId, AgentId, BotId, InboxId};
use crate::payload::merge;
use crate::state::State;
use crate::state::model::{Conversation, Message, Role, Webhook};

fn role(role: Option<Role>) -> Option<&'static str> {
    role.map(|role| match role {
        Role::Administrator => "administrator",
        Role::Agent => "agent",
    })
}

impl State {
    /// A message in a list, or in the response to a post.
    pub(crate) fn api_message(&self, conversation: &Conversation, message: &Message) -> Value {
        let mut body = json!({
            "id": message.id.0,
            "content": message.content,
            "inbox_id": conversation.inbox.0,
            "conversation_id": conversation.id.display_id,
            "message_type": message.kind as u8,
            "content_type": message.content_type,
            "status": "sent",
            "content_attributes": message.attributes,
            "created_at": message.created_at.epoch_seconds(),
            "private": message.is_private,
            "source_id": message.source_id,
        });
        let sender = self.api_sender(message.sender);
        if !sender.is_null() {
            body = merge(body, json!({"sender": sender}));
        }
        if let Some(files) = self.attachments_json(conversation.id.account.0, message) {
            body = merge(body, json!({"attachments": files}));
        }
        if self.options.has_unknown_members {
            body = merge(body, json!({"new_member": {}}));
        }
        body
    }

    /// The list of messages of a conversation.
    pub(crate) fn api_messages(&self, conversation: &Conversation, page: &[&Message]) -> Value {
        let payload = page.iter().map(|it| self.api_message(conversation, it));
        json!({
            "meta": {
                "labels": conversation.labels,
                "additional_attributes": {},
                "contact": self.contact_json(conversation.contact, true),
                "agent_last_seen_at": null,
                "assignee_last_seen_at": null,
            },
            "payload": payload.collect::<Vec<_>>(),
        })
    }

    pub(crate) fn api_agent(&self, id: AgentId, account: AccountId) -> Value {
        match self.agents.get(&id) {
            Some(agent) => json!({
                "id": id.0,
                "account_id": account.0,
                "availability_status": "online",
                "auto_offline": true,
                "confirmed": true,
                "email": agent.email,
                "provider": "email",
                "available_name": agent.name,
                "name": agent.name,
                "role": role(agent.roles.get(&account).copied()),
                "thumbnail": "",
            }),
            None => Value::Null,
        }
    }

    /// The agents of an account.
    pub(crate) fn api_agents(&self, account: AccountId) -> Value {
        let agents = self.agents.iter();
        let agents = agents.filter(|(_, agent)| agent.roles.contains_key(&account));
        agents.map(|(id, _)| self.api_agent(*id, account)).collect()
    }

    /// The profile of the owner of a token.
    pub(crate) fn api_profile(&self, id: AgentId) -> Option<Value> {
        let agent = self.agents.get(&id)?;
        let accounts = agent.roles.iter().map(|(account, role_in_account)| {
            let name = self.accounts.get(account).map(|it| &it.name);
            json!({
                "id": account.0,
                "name": name,
                "status": "active",
                "role": role(Some(*role_in_account)),
                "permissions": [role(Some(*role_in_account))],
            })
        });
        let first = agent.roles.iter().next();
        Some(json!({
            "id": id.0,
            "name": agent.name,
            "available_name": agent.name,
            "display_name": null,
            "email": agent.email,
            "uid": agent.email,
            "provider": "email",
            "confirmed": true,
            "access_token": agent.token,
            "account_id": first.map(|(account, _)| account.0),
            "role": first.and_then(|(_, it)| role(Some(*it))),
            "type": null,
            "accounts": accounts.collect::<Vec<_>>(),
        }))
    }

    pub(crate) fn api_inbox(&self, id: InboxId) -> Value {
        match self.inboxes.get(&id) {
            Some(inbox) => json!({
                "id": id.0,
                "avatar_url": "",
                "channel_id": id.0,
                "name": inbox.name,
                "channel_type": inbox.channel,
                "greeting_enabled": false,
                "csat_survey_enabled": inbox.has_csat,
                "enable_auto_assignment": false,
                "timezone": "UTC",
                "allow_messages_after_resolved": true,
                "lock_to_single_conversation": false,
            }),
            None => Value::Null,
        }
    }

    pub(crate) fn api_bot(&self, id: BotId) -> Value {
        match self.bots.get(&id) {
            Some(bot) => json!({
                "id": id.0,
                "name": bot.name,
                "description": bot.description,
                "thumbnail": "",
                "outgoing_url": bot.outgoing_url,
                "bot_type": "webhook",
                "bot_config": {},
                "account_id": bot.account.0,
                "access_token": bot.token,
                "system_bot": false,
            }),
            None => Value::Null,
        }
    }

    /// A webhook. Servers that do not sign do not have the member `secret`.
    pub(crate) fn api_webhook(&self, webhook: &Webhook) -> Value {
        let body = json!({
            "id": webhook.id.0,
            "name": webhook.name,
            "url": webhook.url,
            "account_id": webhook.account.0,
            "subscriptions": webhook.subscriptions,
        });
        if self.options.version.signs_webhooks {
            merge(body, json!({"secret": webhook.secret}))
        } else {
            body
        }
    }
}
