use local_chatwoot::{AccountId, AgentId, Chatwoot, NewAgent, NewInbox, Options, Role};
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
