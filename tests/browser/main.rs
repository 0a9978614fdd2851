//! In a real browser: the web components on a page of another origin, and the demo. Chromium and
//! its driver are to be installed (`chromium` and `chromium-driver` in Debian), and axe-core
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
mod browser;
mod date_formats;
mod demo;
mod host_page;
mod injection;
mod keys;
mod mail_page;
mod odd_languages;
mod page;
mod rating;
mod report;
mod sidebar;
mod whole_page;
mod word_order;
