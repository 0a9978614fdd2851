//! Creates the records of an account.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::ActionError;
use crate::hooks::Subject;
use crate::ids::{
    AccountId, AgentId, BotId, ContactId, InboxId, MacroId, RuleId, TeamId, WebhookId,
};
use crate::server::Chatwoot;
use crate::state::State;
use crate::state::events::EVENTS;
use crate::state::model::{
    Account, Action, Agent, Bot, Contact, Inbox, Macro, NewContact, Role, Rule, RuleEvent, Team,
    Webhook,
};

/// An agent to create.
#[derive(Clone, Debug)]
pub struct NewAgent<'a> {
    /// The name.
    pub name: &'a str,
    /// The e-mail address.
    pub email: &'a str,
    /// The role.
    pub role: Role,
}

/// An inbox to create.
#[derive(Clone, Debug)]
pub struct NewInbox<'a> {
    /// The name.
    pub name: &'a str,
    /// The class of the channel.
    pub channel: &'a str,
    /// Whether Chatwoot's own survey is on.
    pub has_csat: bool,
    /// The bot that handles new conversations.
    pub bot: Option<BotId>,
}

impl<'a> NewInbox<'a> {
    /// An inbox for the widget of a web site, without a bot and with Chatwoot's own survey off.
    pub fn web_widget(name: &'a str) -> Self {
        Self {
            name,
            channel: "Channel::WebWidget",
            has_csat: false,
            bot: None,
        }
    }
}

/// The events of a webhook that is created without a selection.
const USUAL_SUBSCRIPTIONS: [&str; 8] = [
    "conversation_status_changed",
    "conversation_updated",
    "conversation_created",
    "contact_created",
    "contact_updated",
    "message_created",
    "message_updated",
    "webwidget_triggered",
];

impl State {
    pub(crate) fn insert_bot(&mut self, account: AccountId, name: &str) -> BotId {
        let id = BotId(self.next_id("bot"));
        let bot = Bot {
            account,
            name: name.to_owned(),
            description: None,
            outgoing_url: None,
            token: self.token(12),
        };
        self.bots.insert(id, bot);
        id
    }

    pub(crate) fn insert_webhook(
        &mut self,
        account: AccountId,
        url: &str,
        subscriptions: Option<Vec<String>>,
    ) -> WebhookId {
        let id = WebhookId(self.next_id("webhook"));
        let usual = || USUAL_SUBSCRIPTIONS.map(ToOwned::to_owned).to_vec();
        let webhook = Webhook {
            id,
            account,
            name: None,
            url: url.to_owned(),
            subscriptions: subscriptions.unwrap_or_else(usual),
            secret: self.token(16),
        };
        self.webhooks.push(webhook);
        id
    }
}

impl Chatwoot {
    /// Creates an account.
    pub fn add_account(&self, name: &str) -> AccountId {
        let mut state = self.state();
        let id = AccountId(state.next_id("account"));
        let account = Account {
            name: name.to_owned(),
            next_display_id: 1,
        };
        state.accounts.insert(id, account);
        id
    }

    /// Creates an agent or an administrator of an account.
    pub fn add_agent(&self, account: AccountId, agent: &NewAgent<'_>) -> AgentId {
        let mut state = self.state();
        let id = AgentId(state.next_id("agent"));
        let record = Agent {
            name: agent.name.to_owned(),
            email: agent.email.to_owned(),
            token: state.token(12),
            roles: BTreeMap::from([(account, agent.role)]),
        };
        state.agents.insert(id, record);
        id
    }

    /// The access token of an agent.
    ///
    /// # Errors
    /// If the agent does not exist.
    pub fn agent_token(&self, agent: AgentId) -> Result<String, ActionError> {
        self.state().agent(agent).map(|agent| agent.token.clone())
    }

    /// Removes an agent. The agent's messages then have no sender.
    pub fn remove_agent(&self, agent: AgentId) {
        self.state().remove_agent(agent);
    }

    /// Creates a bot.
    pub fn add_bot(&self, account: AccountId, name: &str) -> BotId {
        self.state().insert_bot(account, name)
    }

    /// The access token of a bot.
    ///
    /// # Errors
    /// If the bot does not exist.
    pub fn bot_token(&self, bot: BotId) -> Result<String, ActionError> {
        let state = self.state();
        let bot = state.bots.get(&bot).ok_or(ActionError::NotFound)?;
        Ok(bot.token.clone())
    }

    /// Deletes a bot.
    pub fn remove_bot(&self, bot: BotId) {
        self.state().bots.remove(&bot);
    }

    /// Creates an inbox.
    pub fn add_inbox(&self, account: AccountId, inbox: &NewInbox<'_>) -> InboxId {
        let mut state = self.state();
        let id = InboxId(state.next_id("inbox"));
        let record = Inbox {
            account,
            name: inbox.name.to_owned(),
            channel: inbox.channel.to_owned(),
            has_csat: inbox.has_csat,
            bot: inbox.bot,
            members: BTreeSet::new(),
        };
        state.inboxes.insert(id, record);
        id
    }

    /// Makes an agent a member of an inbox.
    ///
    /// # Errors
    /// If the inbox does not exist.
    pub fn add_inbox_member(&self, inbox: InboxId, agent: AgentId) -> Result<(), ActionError> {
        let mut state = self.state();
        let inbox = state.inboxes.get_mut(&inbox).ok_or(ActionError::NotFound)?;
        inbox.members.insert(agent);
        Ok(())
    }

    /// Creates a contact, which is a `contact_created`.
    pub fn add_contact(&self, account: AccountId, contact: NewContact) -> ContactId {
        let mut state = self.state();
        let id = ContactId(state.next_id("contact"));
        let record = Contact {
            account,
            profile: contact,
            inboxes: BTreeSet::new(),
            is_blocked: false,
        };
        state.contacts.insert(id, record);
        state.emit(account, "contact_created", Subject::Contact(id), None);
        id
    }

    /// Creates a team.
    pub fn add_team(&self, account: AccountId, name: &str) -> TeamId {
        let mut state = self.state();
        let id = TeamId(state.next_id("team"));
        let name = name.to_owned();
        state.teams.insert(id, Team { account, name });
        id
    }

    /// Creates a macro.
    pub fn add_macro(&self, account: AccountId, actions: Vec<Action>) -> MacroId {
        let mut state = self.state();
        let id = MacroId(state.next_id("macro"));
        state.macros.push(Macro {
            id,
            account,
            actions,
        });
        id
    }

    /// Creates an automation rule without conditions.
    pub fn add_rule(&self, account: AccountId, event: RuleEvent, actions: Vec<Action>) -> RuleId {
        let mut state = self.state();
        let id = RuleId(state.next_id("rule"));
        state.rules.push(Rule {
            id,
            account,
            event,
            actions,
        });
        id
    }

    /// Creates a webhook with the events that Chatwoot selects if none are given.
    pub fn add_webhook(&self, account: AccountId, url: &str) -> WebhookId {
        self.state().insert_webhook(account, url, None)
    }

    /// Replaces the events of a webhook.
    ///
    /// # Errors
    /// If the webhook does not exist, or there is no such event.
    pub fn set_subscriptions(
        &self,
        webhook: WebhookId,
        events: &[&str],
    ) -> Result<(), ActionError> {
        let mut state = self.state();
        if !events.iter().all(|event| EVENTS.contains(event)) {
            let sentence = "Subscriptions Invalid events".to_owned();
            return Err(ActionError::Invalid(sentence));
        }
        let webhook = state.webhooks.iter_mut().find(|it| it.id == webhook);
        let webhook = webhook.ok_or(ActionError::NotFound)?;
        webhook.subscriptions = events.iter().map(|event| (*event).to_owned()).collect();
        Ok(())
    }

    /// The secret of a webhook, also if the version does not sign.
    ///
    /// # Errors
    /// If the webhook does not exist.
    pub fn webhook_secret(&self, webhook: WebhookId) -> Result<String, ActionError> {
        let state = self.state();
        let webhook = state.webhooks.iter().find(|it| it.id == webhook);
        let webhook = webhook.ok_or(ActionError::NotFound)?;
        Ok(webhook.secret.clone())
    }
}
