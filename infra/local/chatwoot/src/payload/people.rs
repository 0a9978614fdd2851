//! Contacts, agents, bots, teams and files in payloads.

use serde_json::{Value, json};

use crate::ids::{AgentId, BotId, ContactId, TeamId};
use crate::payload::merge;
use crate::state::State;
use crate::state::model::{Assignee, Attachment, Message, Sender};

impl State {
    /// A contact. Only the forms of the dashboard and the API have the member `type`.
    pub(crate) fn contact_json(&self, id: ContactId, has_type: bool) -> Value {
        let Some(contact) = self.contacts.get(&id) else {
            return Value::Null;
        };
        let profile = &contact.profile;
        let json = json!({
            "id": id.0,
            "name": profile.name,
            "email": profile.email,
            "identifier": profile.identifier,
            "phone_number": null,
            "thumbnail": "",
            "blocked": contact.is_blocked,
            "additional_attributes": {},
            "custom_attributes": {},
        });
        if has_type {
            merge(json, json!({"type": "contact"}))
        } else {
            merge(
                json,
                json!({"avatar": "", "account": self.account_json(contact.account)}),
            )
        }
    }

    /// An agent in the form of the dashboard and the API.
    pub(crate) fn agent_json(&self, id: AgentId) -> Value {
        match self.agents.get(&id) {
            Some(agent) => json!({
                "id": id.0,
                "name": agent.name,
                "available_name": agent.name,
                "avatar_url": "",
                "type": "user",
                "availability_status": "online",
                "thumbnail": "",
            }),
            None => Value::Null,
        }
    }

    fn bot_json(&self, id: BotId) -> Value {
        match self.bots.get(&id) {
            Some(bot) => json!({"id": id.0, "name": bot.name, "type": "agent_bot"}),
            None => Value::Null,
        }
    }

    pub(crate) fn team_json(&self, id: TeamId) -> Value {
        match self.teams.get(&id) {
            Some(team) => json!({
                "id": id.0,
                "name": team.name,
                "description": null,
                "allow_auto_assign": true,
                "account_id": team.account.0,
                "is_member": false,
            }),
            None => Value::Null,
        }
    }

    /// The assignee of a conversation in a webhook, which has no e-mail address.
    pub(crate) fn assignee_json(&self, assignee: Option<Assignee>) -> Value {
        match assignee {
            Some(Assignee::Agent(agent)) => self.agent_json(agent),
            Some(Assignee::Bot(bot)) => merge(self.bot_json(bot), json!({"avatar_url": ""})),
            None => Value::Null,
        }
    }

    /// The sender of a message in a webhook.
    pub(crate) fn webhook_sender(&self, sender: Option<Sender>) -> Value {
        match sender {
            Some(Sender::Agent(id)) => match self.agents.get(&id) {
                Some(agent) => json!({
                    "id": id.0,
                    "name": agent.name,
                    "email": agent.email,
                    "type": "user",
                }),
                None => Value::Null,
            },
            Some(Sender::Bot(bot)) => self.bot_json(bot),
            Some(Sender::Contact(contact)) => self.contact_json(contact, false),
            None => Value::Null,
        }
    }

    /// The sender of a message in the API.
    pub(crate) fn api_sender(&self, sender: Option<Sender>) -> Value {
        match sender {
            Some(Sender::Agent(agent)) => self.agent_json(agent),
            Some(Sender::Bot(bot)) => merge(self.bot_json(bot), json!({"avatar_url": ""})),
            Some(Sender::Contact(contact)) => self.contact_json(contact, true),
            None => Value::Null,
        }
    }

    pub(crate) fn attachments_json(&self, account: u64, message: &Message) -> Option<Value> {
        let files = message.attachments.iter();
        let files: Vec<_> = files
            .map(|file| {
                json!({
                    "id": file.id,
                    "message_id": message.id.0,
                    "file_type": file.file.file_type,
                    "account_id": account,
                    "extension": null,
                    "data_url": self.data_url(file),
                    "thumb_url": "",
                    "file_size": file.file.content.len(),
                    "width": null,
                    "height": null,
                })
            })
            .collect();
        (!files.is_empty()).then(|| json!(files))
    }

    fn data_url(&self, file: &Attachment) -> String {
        let name = file.file.name.replace(' ', "%20");
        format!(
            "{}/rails/active_storage/blobs/redirect/{}/{name}",
            self.origin, file.token
        )
    }
}
