//! The calls to Chatwoot's API that this project makes.
//!
//! Each call goes to the origin of the connection only, see the crate `platform-client`. No call is
//! retried here.

mod administration;
mod call;
mod conversations;
mod error;
mod post;

pub use administration::{Bot, Inbox, Membership, ServerVersion, Webhook};
pub use call::ChatwootClient;
pub use error::ChatwootError;
pub use post::NewPost;
