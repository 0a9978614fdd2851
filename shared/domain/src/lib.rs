//! The domain's values as types. Each type validates its values when they are created.
//!
//! This crate does no I/O, does not read the clock and does not depend on HTTP or AWS.

mod agent;
mod arrival_order;
mod asked_by;
mod attachment;
mod channel;
mod connection;
mod conversation_status;
mod email_address;
mod entry;
mod event;
mod group;
mod ids;
mod invalid_value;
mod label;
mod language;
mod limits;
mod mailbox;
mod message;
mod names;
mod public_url;
mod rating;
mod rating_counts;
mod reason;
mod report_day;
mod resolved_by;
mod retention;
mod secret;
mod text;
mod time_zone_name;
mod timestamp;
mod transcript_note;
mod transcript_state;
mod unique_id;
mod visibility;
mod visitor;
mod visitor_ask_interval;
mod visitor_hash;
mod visitor_token;

pub use agent::{Agent, AgentId};
pub use arrival_order::ArrivalOrder;
pub use asked_by::AskedBy;
pub use attachment::{Attachment, AttachmentName, AttachmentUrl, ContentType, UnlinkedAttachment};
pub use channel::{Channel, Presentation};
pub use connection::{ACCOUNT_HASH_DIGITS, ConnectionId, ConnectionSecret, HookKey, Platform};
pub use conversation_status::ConversationStatus;
pub use email_address::{EmailAddress, SenderAddress};
pub use entry::{Entry, EntryContent, EntryId, PublicMessage};
pub use event::{Event, MailInThread, RatingValue};
pub use group::{Group, GroupId, GroupName};
pub use ids::{ConversationId, MessageId, OrganisationId, RatingRequestId, RoundId, TranscriptId};
pub use invalid_value::InvalidValue;
pub use label::{Label, Labels, MAXIMUM_LABELS};
pub use language::Language;
pub use limits::{
    ASK_INTERVAL_SECONDS, CHANGE_WINDOW_SECONDS, CHANGES_PER_RATING, ClockHour, MAIL_LINK_SECONDS,
    MESSAGE_LEAD_SECONDS, TRANSCRIPT_LEASE_SECONDS, TRANSCRIPTS_PER_CONVERSATION,
    TRANSCRIPTS_PER_VISITOR, VISITOR_TRANSCRIPTS_WINDOW_SECONDS,
};
pub use mailbox::Mailbox;
pub use message::{Author, AuthorKind, Message, MessageText};
pub use names::{PersonName, SenderName};
pub use public_url::PublicUrl;
pub use rating::{Comment, FACES, Face, Score, Sentiment};
pub use rating_counts::{CountsDelta, DayCount, RatingCounts};
pub use reason::{ChosenReasons, OfferedReason, ReasonId, ReasonScores};
pub use report_day::{DaySpan, ReportDay, ReportTimeZone};
pub use resolved_by::ResolvedBy;
pub use retention::Retention;
pub use text::is_printable_ascii;
pub use time_zone_name::TimeZoneName;
pub use timestamp::Timestamp;
pub use transcript_note::TranscriptNote;
pub use transcript_state::TranscriptState;
pub use unique_id::UniqueId;
pub use visibility::Visibility;
pub use visitor::Visitor;
pub use visitor_ask_interval::VisitorAskInterval;
pub use visitor_hash::VisitorHash;
pub use visitor_token::{MailLinkToken, VisitorSecret, VisitorToken};
