//! The table's items and keys, and the writes that several functions share.
//!
//! A write that only one function makes is in that function's crate.

mod accepted_transcript;
mod connection;
mod conversation;
mod conversation_details;
mod conversation_rating;
mod conversation_ref;
mod conversation_snapshot;
mod conversation_summary;
mod conversation_write;
mod cooldown;
mod counted_by_rule;
mod counted_reasons;
mod counted_state;
mod current_request;
mod detail;
mod entry;
mod expiry_change;
pub mod key;
mod outbox;
mod platform_post;
mod platform_request;
mod platform_task;
mod rating_answer;
mod rating_request;
pub mod rating_request_creation;
mod round;
mod satisfaction;
mod sender;
mod settings;
mod stored_connection;
mod stored_conversation;
#[cfg(test)]
mod test_table;
mod thread_order;
mod thread_version;
mod transcript;
mod visitor_conversations;
mod visitor_quota;

pub use self::settings::{INITIAL_VERSION, SettingsItem, SettingsOutcome, replace_settings};
pub use accepted_transcript::AcceptedTranscript;
pub use connection::{
    ActionKeys, ConnectedAccountItem, ConnectionItem, ConnectionSecretsItem, ConnectionWarning,
    HookItem, HookPurpose,
};
pub use conversation::{ConversationItem, NO_ROUND};
pub use conversation_details::ConversationDetails;
pub use conversation_rating::ConversationRating;
pub use conversation_ref::ConversationRef;
pub use conversation_snapshot::ConversationSnapshot;
pub use conversation_summary::ConversationSummary;
pub use conversation_write::{
    ConversationUpdate, OutcomesInConversation, get_conversation, transact_all_in_conversation,
    transact_in_conversation,
};
pub use cooldown::CooldownItem;
pub use counted_by_rule::CountedByRule;
pub use counted_reasons::CountedReasons;
pub use counted_state::CountedState;
pub use current_request::CurrentRequest;
pub use detail::Detail;
pub use entry::{EntryItem, PUBLIC_THREAD_INDEX};
pub use expiry_change::ExpiryChange;
pub use outbox::{EventSubject, OutboxEvent, WithOutbox};
pub use platform_post::PlatformPostItem;
pub use platform_request::PlatformRequest;
pub use platform_task::{PlatformTask, PlatformTaskItem, TranscriptNotSent};
pub use rating_answer::{
    AnswerReasons, NewAnswer, PREVIOUS_ANSWERS, PreviousAnswer, RatingAnswer, changeable_until,
};
pub use rating_request::{MailLink, RATINGS_INDEX, RatingRequestItem, RatingRequestSummary};
pub use round::OngoingRound;
pub use satisfaction::{
    AgentCounts, AgentsItem, CountedBy, CountedOrganisationItem, Counts, CountsQuery, DayItem,
    PendingCountsItem, ROLLUP_LOCK_SECONDS, ReasonsOf, RollupLockItem, SubsetCountsItem,
    sum_counts,
};
pub use sender::{SenderItem, SenderOwnerItem, Verification};
pub use stored_connection::{ConnectionKeys, StoredConnection};
pub use stored_conversation::{StoredConversation, Tombstone};
pub use thread_order::{LARGEST_SORTED_GROUP, SameTimeSortKey, ThreadSorter, sort_groups};
pub use thread_version::ThreadVersion;
pub use transcript::{QuotaItem, RatingRequestInMail, RatingRequestRefusal, TranscriptItem};
pub use visitor_conversations::{
    VisitorConversationItem, add_visitor_link, link_expiry, put_visitor_conversation,
    renew_visitor_links,
};
pub use visitor_quota::{VisitorQuotaItem, VisitorTranscript};
