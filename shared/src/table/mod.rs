//! The one table: its keys, its items, and what became of a call to it.
//!
//! A function's own writes live with the function; here is what they are made of.

mod announcement;
mod batch;
mod conflict;
mod conversation;
mod conversation_write;
mod entry;
mod item_size;
mod key;
mod lifetime;
mod prepared_from;
mod rating_request;
mod satisfaction;
mod sender;
mod store;
mod stored_conversation;
mod thread_order;
mod transaction;
mod transcript;
mod visitor_conversations;

pub use announcement::{Announced, Announcement, Subject};
pub use aws_sdk_dynamodb::types::TransactWriteItem;
pub use aws_sdk_dynamodb::types::builders::UpdateBuilder;
pub use batch::{Batch, KEYS_IN_BATCH};
pub use conversation::{
    Assignee, ConversationItem, ConversationRating, CurrentRequest, ThreadVersion,
};
pub use conversation_write::{ConversationAt, ConversationUpdate, InConversation, Lifetime};
pub use entry::{EntryItem, PUBLIC_THREAD_INDEX};
pub use item_size::item_bytes;
pub use key::Key;
pub use lifetime::{IS_ALIVE, IS_FREE, alive, has_expired};
pub use prepared_from::PreparedFrom;
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
pub use thread_order::{LARGEST_SORTED_GROUP, PlaceInGroup, ThreadSorter, sort_groups};
pub use transaction::{Leg, Transacted, WriteToken, leg};
pub use transcript::{AskRefusal, AskedInMail, QuotaItem, TranscriptItem};
pub use visitor_conversations::{VisitorConversationItem, link_expiry};
