//! The HTTP boundary: from the gateway's event to a validated request, and from an outcome to the
//! response.
//!
//! Each request passes the same steps, in this order: the event, the body's size, the route, the
//! function, the log line, the rendering. The function's steps are the policy, pure decoding, one
//! write and the outcome. All of this happens within the invocation's deadline, minus a margin.
//! `errors::Refusal` (4xx) and `errors::Fault` (5xx) are two types, so that the cause of a fault
//! can be logged but never shown.

mod caller;
mod decode;
mod endpoint;
mod gateway_event;
mod idempotency;
mod json_values;
mod request;
mod response;
mod response_budget;
mod routes;
mod sender_header;
mod settings_note;
mod warnings;

pub use caller::{AgentCaller, TenantResolver, named_agent};
pub use decode::Fields;
pub use endpoint::{HttpEndpoint, HttpHandler, run};
pub use gateway_event::GatewayEvent;
pub use idempotency::{IdempotencyKey, payload_fingerprint};
pub use json_values::{flag, text, whole_number};
pub use request::HttpRequest;
pub use response::HttpResponse;
pub use response_budget::ResponseBudget;
pub use sender_header::check_from_header;
pub use settings_note::note_settings;
pub use warnings::Warnings;
