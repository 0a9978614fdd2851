//! A server with an account, and a receiver of its webhooks.

mod client;
mod receiver;

use domain::Timestamp;
use local_chatwoot::{
    AccountId, AgentId, Chatwoot, Clock, ContactId, ConversationId, InboxId, MessageId, NewAgent,
    NewContact, NewInbox, Options, Role, WebhookId,
};
use serde_json::Value;

pub(crate) use client::{Client, Reply};
pub(crate) use receiver::{Received, Receiver};

/// The time of the servers in these tests.
pub(crate) const NOW: &str = "2026-03-02T09:15:04.123Z";

/// A server with one account.
pub(crate) struct Office {
    pub(crate) chatwoot: Chatwoot,
    pub(crate) clock: Clock,
    pub(crate) receiver: Receiver,
    pub(crate) account: AccountId,
    pub(crate) admin: AgentId,
    pub(crate) agent: AgentId,
    pub(crate) inbox: InboxId,
    pub(crate) contact: ContactId,
    pub(crate) webhook: WebhookId,
}

impl Office {
    /// A server of the newest version, at a fixed time.
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let clock = Clock::fixed(Timestamp::parse(NOW).unwrap());
        let options = Options {
            clock: clock.clone(),
            ..options
        };
        let chatwoot = Chatwoot::start(options).await.unwrap();
        let receiver = Receiver::start().await;
        let account = chatwoot.add_account("Example");
        let person =
            |name, email, role| chatwoot.add_agent(account, &NewAgent { name, email, role });
        let admin = person("Kim Lee", "kim@example.com", Role::Administrator);
        let agent = person("Sam Okafor", "sam@example.com", Role::Agent);
        let inbox = chatwoot.add_inbox(account, &NewInbox::web_widget("Website"));
        chatwoot.add_inbox_member(inbox, agent).unwrap();
        let contact = chatwoot.add_contact(account, ana());
        let webhook = chatwoot.add_webhook(account, &receiver.url());
        Self {
            chatwoot,
            clock,
            receiver,
            account,
            admin,
            agent,
            inbox,
            contact,
            webhook,
        }
    }

    /// A conversation with one message of the visitor, whose hooks are dropped.
    pub(crate) fn quiet_conversation(&self) -> (ConversationId, MessageId) {
        let started = self
            .chatwoot
            .start_conversation(self.contact, self.inbox, "Hello")
            .unwrap();
        self.chatwoot.take_pending_hooks();
        started
    }

    /// The bodies of all pending hooks, which are removed.
    pub(crate) fn bodies(&self) -> Vec<Value> {
        let hooks = self.chatwoot.take_pending_hooks();
        let built = hooks
            .iter()
            .filter_map(|hook| self.chatwoot.build_hook(hook));
        built
            .map(|hook| serde_json::from_slice(&hook.body).unwrap())
            .collect()
    }

    /// The names of the pending events.
    pub(crate) fn events(&self) -> Vec<String> {
        let hooks = self.chatwoot.pending_hooks();
        hooks.into_iter().map(|hook| hook.event).collect()
    }

    /// A client of the API with the administrator's token.
    pub(crate) fn client(&self) -> Client {
        self.client_of(self.admin)
    }

    pub(crate) fn client_of(&self, agent: AgentId) -> Client {
        let token = self.chatwoot.agent_token(agent).unwrap();
        Client::new(&self.chatwoot, self.account, &token)
    }
}

/// A visitor with all of the details.
pub(crate) fn ana() -> NewContact {
    NewContact {
        name: "Ana Reis".to_owned(),
        email: Some("ana@example.com".to_owned()),
        browser_language: Some("pt".to_owned()),
        initiated_at: Some(
            "Mon Mar 02 2026 10:15:01 GMT+0100 (Mitteleuropäische Normalzeit)".to_owned(),
        ),
        referer: Some("https://shop.example.com/?a=1&b=2".to_owned()),
        ..NewContact::default()
    }
}
