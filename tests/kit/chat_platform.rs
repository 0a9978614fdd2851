use local_chatwoot::{
    AccountId, AgentId, Chatwoot, ConversationId, NewAgent, NewContact, NewInbox, Options, Role,
    ServerVersion,
};
use serde_json::{Value, json};

/// A Chatwoot server with an account that can be connected.
pub struct ChatPlatform {
    /// The server.
    pub chatwoot: Chatwoot,
    /// The account.
    pub account: AccountId,
    /// The administrator, who sees all inboxes.
    pub administrator: AgentId,
    administrator_token: String,
}

impl ChatPlatform {
    /// Starts a server with one account, one inbox and an administrator.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// As [`ChatPlatform::start`], with these options of the server.
    pub async fn start_with(options: Options) -> Self {
        let chatwoot = Chatwoot::start(options).await.expect("the server starts");
        let account = chatwoot.add_account("Example");
        chatwoot.add_inbox(account, &NewInbox::web_widget("Website"));
        let administrator = NewAgent {
            name: "Lee",
            email: "lee@example.com",
            role: Role::Administrator,
        };
        let administrator = chatwoot.add_agent(account, &administrator);
        let token = chatwoot.agent_token(administrator);
        Self {
            administrator_token: token.expect("the administrator exists"),
            chatwoot,
            account,
            administrator,
        }
    }

    /// Starts a server that is too old to sign its events.
    pub async fn start_unsigned() -> Self {
        Self::start_with(Options {
            version: ServerVersion::V4_9,
            ..Options::default()
        })
        .await
    }

    /// Starts a conversation of a new visitor in a new inbox.
    pub fn start_conversation(&self, text: &str) -> ConversationId {
        let inbox = NewInbox::web_widget("Shop");
        let inbox = self.chatwoot.add_inbox(self.account, &inbox);
        let visitor = self
            .chatwoot
            .add_contact(self.account, NewContact::default());
        let started = self.chatwoot.start_conversation(visitor, inbox, text);
        started.expect("the records exist").0
    }

    /// The event of the first pending hook about a new message. Removes all pending hooks.
    pub fn next_message_event(&self) -> Value {
        let pending = self.chatwoot.take_pending_hooks();
        let hooks = pending
            .iter()
            .filter_map(|hook| self.chatwoot.build_hook(hook));
        let mut events = hooks.filter_map(|hook| serde_json::from_slice::<Value>(&hook.body).ok());
        events
            .find(|event| event["event"] == "message_created")
            .expect("a message is pending")
    }

    /// The body that connects the account.
    pub fn connection(&self) -> Value {
        json!({
            "url": self.chatwoot.origin(),
            "account_id": self.account.0,
            "api_access_token": self.administrator_token,
        })
    }

    /// `body`, or the body that connects this account if `body` is the contract's example of one.
    pub fn replace_example(&self, body: Value) -> Value {
        match body.get("api_access_token") {
            Some(_) => self.connection(),
            None => body,
        }
    }
}
