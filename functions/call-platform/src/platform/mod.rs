//! The platforms of conversations. The other modules of this function know no platform: each platform has an adapter
//! here, from its client and its mapping to these types.

mod call_error;
mod chatwoot;
mod conversation;
mod thread;

pub(crate) use call_error::{CallError, CallErrorKind};
pub(crate) use conversation::PlatformConversation;
