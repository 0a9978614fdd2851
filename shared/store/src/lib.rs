//! The table's items and keys, and the writes that several functions share.
//!
//! A write that only one function makes is in that function's crate.

mod conversation;
mod conversation_body;
mod conversation_ref;
mod conversation_write;
mod entry;
pub mod key;
mod lifetime;
mod outbox;
mod prepared_from;
mod rating_request;
pub mod rating_requests;
mod satisfaction;
mod sender;
pub mod sending;
mod settings;
mod settings_cache;
mod stored_conversation;
mod thread_order;
mod transcript;
mod visitor_conversations;

pub use self::settings::{INITIAL_VERSION, SettingsItem, SettingsOutcome, replace_settings};
pub use conversation::{
    Assignee, ConversationItem, ConversationRating, CurrentRequest, ThreadVersion,
};
pub use conversation_body::ConversationBody;
pub use conversation_ref::ConversationRef;
pub use conversation_write::{
    ConversationUpdate, InConversation, get_conversation, transact_all_in, transact_in,
};
pub use entry::{EntryItem, PUBLIC_THREAD_INDEX};
pub use lifetime::Lifetime;
pub use outbox::{EventSubject, OutboxEvent, WithOutbox};
pub use prepared_from::PreparedFrom;
pub use rating_request::{
    CooldownItem, Counted, MailLink, PREVIOUS_ANSWERS, PreviousAnswer, RATINGS_INDEX, RatingAnswer,
    RatingRequestItem, RatingRequestSummary, changeable_until,
};
pub use satisfaction::{
    AgentCounts, AgentsItem, CountedBy, CountedOrganisationItem, Counts, DayItem,
    PendingCountsItem, ROLLUP_LOCK_SECONDS, RollupLockItem, sum_counts,
};
pub use sender::{SenderItem, SenderOwnerItem, Verification};
pub use settings_cache::{CurrentSettings, SettingsCache};
pub use stored_conversation::{StoredConversation, Tombstone};
pub use thread_order::{LARGEST_SORTED_GROUP, PlaceInGroup, ThreadSorter, sort_groups};
pub use transcript::{QuotaItem, RatingRequestInMail, RatingRequestRefusal, TranscriptItem};
pub use visitor_conversations::{
    VisitorConversationItem, add_visitor, link_expiry, put_visitor_conversation, renew_visitors,
};
