//! The one table: its keys, its items, and what became of a call to it.
//!
//! A function's own writes live with the function; here is what they are made of.

mod announcement;
mod batch;
mod conflict;
mod conversation;
mod conversation_write;
mod entry;
mod key;
mod lifetime;
mod rating_request;
mod satisfaction;
mod sender;
mod store;
mod stored_conversation;
mod transaction;
mod transcript;
mod visitor_conversations;

pub use announcement::{Announced, Announcement, Subject};
pub use aws_sdk_dynamodb::types::TransactWriteItem;
pub use aws_sdk_dynamodb::types::builders::UpdateBuilder;
pub use batch::{Batch, KEYS_IN_BATCH};
pub use conversation::{ConversationItem, ConversationRating, CurrentRequest};
pub use conversation_write::ConversationAt;
pub use entry::{EntryItem, PUBLIC_THREAD_INDEX};
pub use key::Key;
pub use lifetime::{IS_ALIVE, IS_FREE, alive};
pub use rating_request::{
    Answer, AskGateItem, Counted, EARLIER_ANSWERS, EarlierAnswer, MailLink, RATINGS_INDEX,
    RatingRequestItem, RatingRequestSummary, changeable_until,
};
pub use satisfaction::{
    AgentCounts, AgentsItem, CountedBy, CountedOrganisationItem, Counts, DayItem, FOLD_SECONDS,
    FoldItem, UnfoldedItem,
};
pub use sender::{SenderItem, SenderOwnerItem, Verification};
pub use store::{
    Item, Page, Pages, Table, attribute, number, read_item, string, string_set, write_item,
};
pub use stored_conversation::{StoredConversation, Tombstone};
pub use transaction::{Leg, Transacted, WriteToken, leg};
pub use transcript::{AskRefusal, AskedInMail, QuotaItem, TranscriptItem};
pub use visitor_conversations::VisitorConversationItem;
