//! End-to-end tests of the whole stack over HTTP. Each module covers one behaviour.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's name says what it shows, and it fails by panicking"
)]

mod agent_tokens;
mod alerts;
mod asked_by;
mod bad_input;
mod callers;
mod changes_while_sending;
mod chatwoot;
mod conflicts;
mod contract;
mod counting;
mod cross_origin;
mod delivery;
mod docs;
mod durability;
mod erasure;
mod events_out;
mod files_head;
mod hostile_events;
mod hostile_input;
mod idempotency;
mod interrupted_counting;
mod invalid_settings;
mod json_bombs;
mod lenient_recording;
mod long_threads;
mod mail;
mod mail_language;
mod mail_rating;
mod mail_settings;
mod message_counts;
mod message_size;
mod metrics;
mod mixed_cancellation_reasons;
mod organisations;
mod outdated;
mod parameters;
mod paths;
mod permissions;
mod rating;
mod rating_requests;
mod ratings;
mod reading;
mod real_binaries;
mod reason_counts;
mod reasons;
mod recording;
mod recount;
mod reopening;
mod report_csv;
mod report_days;
mod repository;
mod response_limit;
mod retention;
mod retention_changes;
mod rolling_up;
mod round_trips;
mod rounds;
mod rules;
mod satisfaction;
mod senders;
mod sending_outcomes;
mod settings;
mod storage_rules;
mod thread_order;
mod tour;
mod transcript_notes;
mod transcript_preview;
mod transcripts;
mod upgrade;
mod visitor_fatigue;
mod visitor_texts;
mod visitor_tokens;
mod visitor_transcripts;
mod webhooks;
