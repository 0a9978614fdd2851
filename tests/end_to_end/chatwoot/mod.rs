//! A team with Chatwoot: the connection, its events, and what is posted into its conversations. The
//! server is the stand-in `local-chatwoot`.

mod answering;
mod asking;
mod connections;
mod events;
mod lost_replies;
mod out_of_reach;
mod reading_before;
mod secrets;
mod sending;
mod signatures;

use local_chatwoot::{
    AccountId, AgentId, ApiFault, BotId, Chatwoot, ContactId, ConversationId, DeliveryPlan,
    FaultRule, InboxId, NewAgent, NewContact, NewInbox, Role, Status,
};
use serde_json::{Value, json};
use tests::{Caller, ChatPlatform, SENDER, Stack};

pub(crate) const CONNECTION: &str = "/v1/connections/chatwoot/main";

/// A stack and a Chatwoot server with one account, one inbox, one conversation and two teammates.
pub(crate) struct Team {
    pub(crate) stack: Stack,
    pub(crate) admin: Caller,
    pub(crate) chatwoot: Chatwoot,
    account: AccountId,
    inbox: InboxId,
    visitor: ContactId,
    pub(crate) conversation: ConversationId,
    /// An agent with all inboxes.
    pub(crate) kim: AgentId,
    platform: ChatPlatform,
}

impl Team {
    /// A team whose account is not connected yet.
    async fn new() -> Self {
        Self::with(local_chatwoot::Options::default()).await
    }

    /// As [`Team::new`], with these options of the Chatwoot server.
    async fn with(options: local_chatwoot::Options) -> Self {
        Self::with_stack(
            Stack::start_with(Stack::options_for_platforms()).await,
            options,
        )
        .await
    }

    /// As [`Team::with`], with this stack.
    async fn with_stack(stack: Stack, options: local_chatwoot::Options) -> Self {
        let platform = ChatPlatform::start_with(options).await;
        let (chatwoot, account) = (&platform.chatwoot, platform.account);
        let inbox = chatwoot.add_inbox(account, &NewInbox::web_widget("Shop"));
        let visitor = NewContact {
            name: "Ana Reis".to_owned(),
            email: Some("ana@example.org".to_owned()),
            ..NewContact::default()
        };
        let visitor = chatwoot.add_contact(account, visitor);
        let started = chatwoot.start_conversation(visitor, inbox, "Hello");
        let (conversation, _) = started.unwrap();
        let kim = NewAgent {
            name: "Kim",
            email: "kim@example.com",
            role: Role::Agent,
        };
        let kim = chatwoot.add_agent(account, &kim);
        chatwoot.add_inbox_member(inbox, kim).unwrap();
        Self {
            admin: stack.agent("lee").await,
            stack,
            chatwoot: platform.chatwoot.clone(),
            account,
            inbox,
            visitor,
            conversation,
            kim,
            platform,
        }
    }

    /// A team whose account is connected with an administrator's token. The conversation began before, and
    /// its second message is recorded.
    pub(crate) async fn connected() -> Self {
        let team = Self::new().await;
        team.connect().await;
        team.visitor_writes("Where is my parcel?");
        team.deliver().await;
        team
    }

    pub(crate) fn visitor_writes(&self, text: &str) {
        let written = self.chatwoot.visitor_writes(self.conversation, text);
        written.unwrap();
    }

    /// Changes the status of the conversation as Kim.
    pub(crate) fn set_status(&self, status: Status) {
        let set = self
            .chatwoot
            .set_status(self.conversation, self.kim, status);
        set.unwrap();
    }

    /// Lets the next calls of the Chatwoot server's API fail.
    pub(crate) fn make_unavailable(&self) {
        let faults = (0..50).map(|_| FaultRule::next(ApiFault::Status(500)));
        self.chatwoot.inject_faults(faults);
    }

    /// Deletes the bot of the connection.
    async fn remove_bot(&self) {
        let listed = self.admin.get("/v1/connections").await.expect(200);
        let bot = listed["connections"][0]["bot_id"].as_u64().unwrap();
        self.chatwoot.remove_bot(BotId(bot));
    }

    /// The body that connects the account with an administrator's token.
    fn connection(&self) -> Value {
        self.platform.connection()
    }

    /// The administrator whose token connects the account.
    fn administrator(&self) -> AgentId {
        self.platform.administrator
    }

    /// The token of an administrator.
    fn administrator_token(&self) -> String {
        let administrator = self.platform.administrator;
        self.chatwoot.agent_token(administrator).unwrap()
    }

    async fn connect(&self) -> Value {
        let connected = self.admin.put(CONNECTION, self.connection()).await;
        connected.expect_success()["connection"].take()
    }

    /// Delivers the pending hooks in the order of their events.
    pub(crate) async fn deliver_hooks(&self) {
        self.chatwoot.deliver_hooks(&DeliveryPlan::in_order()).await;
    }

    /// Delivers hooks and everything that follows from them, until nothing is left.
    pub(crate) async fn deliver(&self) {
        loop {
            self.deliver_hooks().await;
            self.stack.settle().await;
            if self.chatwoot.pending_hooks().is_empty() {
                return;
            }
        }
    }

    /// The id of the conversation here.
    pub(crate) async fn id(&self) -> String {
        let listed = self.admin.get("/v1/connections").await.expect(200);
        let prefix = listed["connections"][0]["conversation_prefix"].as_str();
        format!("{}{}", prefix.unwrap(), self.conversation.display_id)
    }

    /// The items in the conversation's partition.
    async fn items(&self) -> Vec<Value> {
        let partition = format!("main#{}", self.id().await);
        let mut items = self.stack.items().await;
        items.retain(|item| item["pk"]["S"] == partition.as_str());
        items
    }

    /// The conversation as it is recorded here.
    async fn recorded(&self) -> Value {
        let id = self.id().await;
        let reader = self.stack.agent("lee").await;
        reader.conversation(&id).await
    }

    /// The texts of the recorded messages, in their order.
    async fn recorded_texts(&self) -> Vec<String> {
        let recorded = self.recorded().await;
        let entries = recorded["thread"]["entries"].as_array().unwrap();
        let texts = entries.iter().filter_map(|entry| entry["text"].as_str());
        texts.map(ToOwned::to_owned).collect()
    }

    /// All messages of the conversation on the Chatwoot server.
    async fn messages(&self) -> Vec<Value> {
        let path = format!(
            "{}/api/v1/accounts/{}/conversations/{}/messages?after=0&before=999999",
            self.chatwoot.origin(),
            self.account.0,
            self.conversation.display_id,
        );
        let response = reqwest::Client::new()
            .get(path)
            .header("api-access-token", self.administrator_token())
            .send()
            .await
            .unwrap();
        let body: Value = response.json().await.unwrap();
        body["payload"].as_array().unwrap().clone()
    }

    /// The messages that this project posted.
    async fn posts(&self) -> Vec<Value> {
        let mut messages = self.messages().await;
        messages.retain(|it| it["content_attributes"].get("afterchat").is_some());
        messages
    }

    /// The prompt that was posted last.
    async fn prompt(&self) -> Option<Value> {
        let posts = self.posts().await;
        let mut prompts = posts.into_iter().rev();
        prompts.find(|it| it["content_type"] == "input_select")
    }

    /// The private notes that this project posted.
    async fn notes(&self) -> Vec<String> {
        let posts = self.posts().await;
        let notes = posts.iter().filter(|it| it["private"] == true);
        notes
            .map(|it| it["content"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Writes a note as Kim.
    pub(crate) fn note(&self, text: &str) {
        let noted = self.chatwoot.agent_notes(self.conversation, self.kim, text);
        noted.unwrap();
    }

    /// Sets the sender of transcripts.
    pub(crate) async fn set_sender(&self) {
        self.stack.verified_sender().await;
        let settings = json!({"transcripts": {"from": SENDER}});
        self.admin.put("/v1/settings", settings).await.expect(200);
    }
}
