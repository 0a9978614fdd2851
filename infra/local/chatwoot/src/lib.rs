//! A stand-in for a Chatwoot server: its webhooks and the part of its API that this project uses.
//!
//! [`Chatwoot::start`] starts a server in memory on 127.0.0.1. Its methods do what visitors, agents
//! and rules do in the dashboard and the widget. Each action adds hooks, which are built and signed
//! when they are sent: at once with [`Chatwoot::deliver_in_background`], or when a test calls
//! [`Chatwoot::deliver_hooks`] or [`Chatwoot::build_hook`].
//!
//! The README of the crate lists what is imitated and what is not.

mod actions;
mod api;
mod by_hand;
mod clock;
mod content;
mod error;
mod hooks;
mod ids;
mod json;
mod liquid;
mod listener;
mod options;
mod payload;
mod server;
mod signature;
mod start;
mod state;

pub use actions::{NewAgent, NewInbox};
pub use clock::Clock;
pub use error::ActionError;
pub use hooks::{DeliveryOutcome, DeliveryPlan, DeliveryRecord, Hook, PendingHook};
pub use ids::{
    AccountId, AgentId, BotId, ContactId, ConversationId, InboxId, MacroId, MessageId, RuleId,
    TeamId, WebhookId,
};
pub use options::{Limits, Options, ServerVersion, WebhookContent};
pub use server::Chatwoot;
pub use state::api_call::ApiCall;
pub use state::faults::{ApiFault, FaultRule};
pub use state::model::{Action, Assignee, NewAttachment, NewContact, Role, RuleEvent, Status};
