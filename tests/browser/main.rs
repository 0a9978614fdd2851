//! The web components on pages of another origin, and the demo, in a real browser. The tests need
//! Chromium and its driver (`chromium-headless-shell` and `chromium-driver` in Debian), and axe-core
//! (`npm install --prefix .tools axe-core`).
#![allow(missing_docs, reason = "a test's name says what it shows")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod accessibility;
mod agent_languages;
mod brand;
mod browser;
mod chatwoot_page;
mod conversation;
mod date_formats;
mod delivery;
mod demo;
mod host_page;
mod injection;
mod keys;
mod mail_page;
mod odd_languages;
mod organisation;
mod page;
mod processes;
mod rating;
mod reasons;
mod report;
mod rule_events;
mod settings;
mod sidebar;
mod transcript_preview;
mod visitor_languages;
mod visitor_transcript;
mod whole_page;
mod word_order;
