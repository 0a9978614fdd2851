//! The state of a server. Everything is in memory.

pub(crate) mod api_call;
pub(crate) mod conversations;
pub(crate) mod events;
pub(crate) mod faults;
pub(crate) mod messages;
pub(crate) mod model;
pub(crate) mod rules;
pub(crate) mod survey;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Timestamp;
use tokio::sync::watch;

use crate::error::ActionError;
use crate::hooks::{DeliveryRecord, PendingHook};
use crate::ids::{AccountId, AgentId, BotId, ContactId, ConversationId, InboxId, TeamId};
use crate::options::Options;
use crate::state::api_call::ApiCall;
use crate::state::faults::FaultRule;
use crate::state::model::{
    Account, Agent, Bot, Contact, Conversation, Inbox, Macro, Role, Rule, Team, Webhook,
};

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) options: Options,
    /// The origin of the server, such as `http://127.0.0.1:3000`.
    pub(crate) origin: String,
    random: fastrand::Rng,
    next_ids: BTreeMap<&'static str, u64>,
    pub(crate) accounts: BTreeMap<AccountId, Account>,
    pub(crate) inboxes: BTreeMap<InboxId, Inbox>,
    pub(crate) agents: BTreeMap<AgentId, Agent>,
    pub(crate) bots: BTreeMap<BotId, Bot>,
    pub(crate) contacts: BTreeMap<ContactId, Contact>,
    pub(crate) teams: BTreeMap<TeamId, Team>,
    pub(crate) macros: Vec<Macro>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) is_running_rules: bool,
    pub(crate) webhooks: Vec<Webhook>,
    pub(crate) conversations: BTreeMap<ConversationId, Conversation>,
    pub(crate) pending: Vec<PendingHook>,
    /// Changes when a hook becomes pending.
    pub(crate) changes: watch::Sender<()>,
    pub(crate) deliveries: Vec<DeliveryRecord>,
    pub(crate) faults: VecDeque<FaultRule>,
    pub(crate) calls: Vec<ApiCall>,
}

impl State {
    pub(crate) fn new(options: Options, origin: String) -> Self {
        Self {
            random: fastrand::Rng::with_seed(options.seed),
            options,
            origin,
            next_ids: BTreeMap::new(),
            accounts: BTreeMap::new(),
            inboxes: BTreeMap::new(),
            agents: BTreeMap::new(),
            bots: BTreeMap::new(),
            contacts: BTreeMap::new(),
            teams: BTreeMap::new(),
            macros: Vec::new(),
            rules: Vec::new(),
            is_running_rules: false,
            webhooks: Vec::new(),
            conversations: BTreeMap::new(),
            pending: Vec::new(),
            changes: watch::Sender::new(()),
            deliveries: Vec::new(),
            faults: VecDeque::new(),
            calls: Vec::new(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.options.clock.now()
    }

    /// The next id of a kind of record.
    pub(crate) fn next_id(&mut self, kind: &'static str) -> u64 {
        let id = self.next_ids.entry(kind).or_insert(0);
        *id += 1;
        *id
    }

    /// A random token of `bytes` bytes in hexadecimal.
    pub(crate) fn token(&mut self, bytes: usize) -> String {
        let digits = (0..bytes).map(|_| format!("{:02x}", self.random.u8(..)));
        digits.collect()
    }

    /// A random UUID of version 4.
    pub(crate) fn uuid(&mut self) -> String {
        let bits = self.random.u128(..);
        let bits = bits & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
        let digits = format!("{bits:032x}");
        let mut uuid = String::new();
        for (position, digit) in digits.chars().enumerate() {
            if matches!(position, 8 | 12 | 16 | 20) {
                uuid.push('-');
            }
            uuid.push(digit);
        }
        uuid
    }

    pub(crate) fn inbox(&self, id: InboxId) -> Result<&Inbox, ActionError> {
        self.inboxes.get(&id).ok_or(ActionError::NotFound)
    }

    pub(crate) fn agent(&self, id: AgentId) -> Result<&Agent, ActionError> {
        self.agents.get(&id).ok_or(ActionError::NotFound)
    }

    pub(crate) fn contact(&self, id: ContactId) -> Result<&Contact, ActionError> {
        self.contacts.get(&id).ok_or(ActionError::NotFound)
    }

    pub(crate) fn conversation(&self, id: ConversationId) -> Result<&Conversation, ActionError> {
        self.conversations.get(&id).ok_or(ActionError::NotFound)
    }

    pub(crate) fn conversation_mut(
        &mut self,
        id: ConversationId,
    ) -> Result<&mut Conversation, ActionError> {
        self.conversations.get_mut(&id).ok_or(ActionError::NotFound)
    }

    /// Whether the agent has the inbox: administrators have all, others those of which they are
    /// members.
    pub(crate) fn has_inbox(&self, agent: AgentId, inbox: InboxId) -> bool {
        let Some(inbox_record) = self.inboxes.get(&inbox) else {
            return false;
        };
        let role = self
            .agents
            .get(&agent)
            .and_then(|agent| agent.roles.get(&inbox_record.account));
        match role {
            Some(Role::Administrator) => true,
            Some(Role::Agent) => inbox_record.members.contains(&agent),
            None => false,
        }
    }

    /// Returns an error unless the agent may write in the conversation.
    pub(crate) fn check_agent(
        &self,
        agent: AgentId,
        conversation: ConversationId,
    ) -> Result<(), ActionError> {
        let inbox = self.conversation(conversation)?.inbox;
        self.agent(agent)?;
        if self.has_inbox(agent, inbox) {
            Ok(())
        } else {
            Err(ActionError::Forbidden)
        }
    }
}

pub(crate) fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
