//! The one table: its keys, its items, and what became of a call to it.
//!
//! A function's own writes live with the function; here is what they are made of.

mod announcement;
mod conflict;
mod conversation;
mod entry;
mod key;
mod rating_request;
mod sender;
mod store;
mod transaction;
mod transcript;

pub use announcement::{Announced, Announcement, Subject};
pub use aws_sdk_dynamodb::types::TransactWriteItem;
pub use aws_sdk_dynamodb::types::builders::UpdateBuilder;
pub use conversation::{ConversationItem, ConversationRating, CurrentRequest};
pub use entry::{EntryItem, PUBLIC_THREAD_INDEX};
pub use key::Key;
pub use rating_request::{
    Answer, AskGateItem, MailLink, RatingRequestItem, RatingRequestSummary, changeable_until,
};
pub use sender::{SenderItem, SenderOwnerItem, Verification};
pub use store::{Item, Page, Table, attribute, number, read_item, string, string_set, write_item};
pub use transaction::{Leg, Transacted, WriteToken, leg};
pub use transcript::{AskRefusal, AskedInMail, QuotaItem, TranscriptItem};
