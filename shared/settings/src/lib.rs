//! The settings of an organisation: its brand, texts, languages, reasons, rules and
//! transcripts.
//!
//! Each value is validated when it is read from a request. A stored document is read leniently:
//! what this version does not know or no longer accepts is ignored, so that a newer or an older
//! version of the functions can use the same document.

mod asking;
mod brand;
mod color;
mod conditions;
mod document;
mod prompt;
mod reasons;
mod rule;
mod setting_text;
mod stored;
mod transcripts;
mod visitor_texts;

pub use asking::AskingSettings;
pub use brand::{Brand, BrandName, LogoUrl};
pub use color::AccentColor;
pub use conditions::{
    Conditions, MAXIMUM_GROUPS, MAXIMUM_MINIMUM_MESSAGES, MinimumMessages, ResolvedConversation,
    SamplePercent,
};
pub use document::{InvalidSetting, MAXIMUM_BYTES, Settings};
pub use prompt::{Prompt, ShownReason};
pub use reasons::{MAXIMUM_REASONS, Reason};
pub use rule::{MAXIMUM_AFTER_MINUTES, Rule};
pub use setting_text::{SettingText, TextRule};
pub use transcripts::TranscriptSettings;
pub use visitor_texts::{TEXT_RULES, VisitorTexts};
