//! Creating a rating request, in the chat or with a transcript. An agent can ask in a conversation
//! at most once in 7 days.

mod cooldowns;
mod create;
mod create_outcome;
mod new_rating_request;
mod refusal_cause;

pub use cooldowns::{
    ActiveCooldown, Cooldowns, read_cooldowns, read_visitor_cooldown, visitor_with_cooldown,
};
pub use create::create_rating_request;
pub use create_outcome::{CreateOutcome, CreatedRequest};
pub use new_rating_request::NewRatingRequest;
