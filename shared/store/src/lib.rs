//! The table's items and keys, and the writes that several functions share.
//!
//! A function's own writes are in the function.

mod announcement;
pub mod asking;
mod conversation;
mod conversation_body;
mod conversation_write;
mod entry;
pub mod key;
mod prepared_from;
mod rating_request;
mod satisfaction;
mod sender;
pub mod sending;
mod stored_conversation;
mod thread_order;
mod transcript;
mod visitor_conversations;

pub use announcement::{Announced, Announcement, Subject};
pub use conversation::{
    Assignee, ConversationItem, ConversationRating, CurrentRequest, ThreadVersion,
};
pub use conversation_body::ConversationBody;
pub use conversation_write::{
    ConversationAt, ConversationUpdate, InConversation, Lifetime, get_conversation,
    transact_all_in, transact_in,
};
pub use entry::{EntryItem, PUBLIC_THREAD_INDEX};
pub use prepared_from::PreparedFrom;
pub use rating_request::{
    Answer, AskGateItem, Counted, EARLIER_ANSWERS, EarlierAnswer, MailLink, RATINGS_INDEX,
    RatingRequestItem, RatingRequestSummary, changeable_until,
};
pub use satisfaction::{
    AgentCounts, AgentsItem, CountedBy, CountedOrganisationItem, Counts, DayItem, FOLD_SECONDS,
    FoldItem, UnfoldedItem, sum_counts,
};
pub use sender::{SenderItem, SenderOwnerItem, Verification};
pub use stored_conversation::{StoredConversation, Tombstone};
pub use thread_order::{LARGEST_SORTED_GROUP, PlaceInGroup, ThreadSorter, sort_groups};
pub use transcript::{AskRefusal, AskedInMail, QuotaItem, TranscriptItem};
pub use visitor_conversations::{
    VisitorConversationItem, add_visitor, link_expiry, put_visitor_conversation, renew_visitors,
};
