//! Records the answers of visitors to rating requests.
//!
//! [`answer_rating_request`] verifies the visitor's token and records the answer in one transaction. It
//! can be repeated: an answer that equals the recorded one changes nothing.

mod explain;
mod submission;
mod visitor_credential;
mod write;

pub use explain::AnswerOutcome;
pub use submission::Submission;
pub use visitor_credential::{TokenSecret, VisitorCredential};
pub use write::answer_rating_request;
