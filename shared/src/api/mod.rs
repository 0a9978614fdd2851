//! The HTTP boundary: from the gateway's event to a validated request, and from an outcome to the
//! answer.
//!
//! Each request takes the same way, in this order: the event, the body's size, the function (policy, pure
//! decode, one write, outcome), the rendering, one log line; all of it under the invocation's
//! deadline less a margin. [`Refusal`] (4xx) and [`Fault`] (5xx) are two types,
//! so that the cause of a fault can be logged and never shown.

mod answer;
mod call;
mod caller;
mod conversation_body;
mod decode;
mod endpoint;
mod from_header;
mod gateway_event;
mod idempotency;
mod rate_limit;
mod refusal;
mod response_budget;
mod warnings;

pub use answer::Answer;
pub use call::Call;
pub use caller::{AgentCaller, Tenancy, named_agent};
pub use conversation_body::ConversationBody;
pub use decode::{Fields, flag, text, whole_number};
pub use endpoint::{Endpoint, Function, run};
pub use from_header::check_from_header;
pub use gateway_event::GatewayEvent;
pub use idempotency::{Fingerprint, IdempotencyKey};
pub use rate_limit::RateLimit;
pub use refusal::{Refusal, RefusalCode};
pub use response_budget::ResponseBudget;
pub use warnings::Warnings;

use crate::fault::Fault;

/// Why a request was not done.
#[derive(Debug)]
pub enum Failure {
    /// The caller may mend it: 4xx.
    Refused(Refusal),
    /// The caller can't: 5xx.
    Faulted(Fault),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Faulted(fault)
    }
}
