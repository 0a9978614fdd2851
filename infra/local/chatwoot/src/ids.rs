//! The ids of a server's records.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);
    )*};
}

ids! {
    /// The id of an account.
    AccountId;
    /// The id of an inbox.
    InboxId;
    /// The id of an agent or administrator.
    AgentId;
    /// The id of an agent bot.
    BotId;
    /// The id of a contact.
    ContactId;
    /// The id of a team.
    TeamId;
    /// The id of a macro.
    MacroId;
    /// The id of an automation rule.
    RuleId;
    /// The id of a webhook.
    WebhookId;
    /// The id of a message, unique on the server.
    MessageId;
}

/// A conversation: its account, and its number within the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConversationId {
    /// The account.
    pub account: AccountId,
    /// The number of the conversation within the account.
    pub display_id: u64,
}
