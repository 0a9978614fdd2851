//! The model's responses in the form of HTTP responses. The model has no ids of the product, so they
//! are placeholders with a `CommandNumber`: `<request 3>`.

mod bodies;
mod comparison;
mod conversation;
mod names;
mod responses;
mod settings;

pub use bodies::agent;
pub use comparison::{ComparableResponse, Ids, differences, matches};
pub use names::{
    Naming, agent_id, channel, message_id, message_text, message_time, rating_request_id, status,
    token_id, visibility,
};
pub use settings::settings;
