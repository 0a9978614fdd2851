//! Dates, times, numbers and plural forms in the languages of visitors.
//!
//! The formats are those of Unicode's CLDR. ICU4X reads them from `cldr.postcard`, which contains
//! only what this crate needs. The crate `locale-data` writes that file.

mod data;
mod formats;
mod times;

pub use data::{BLOB, DATA_LOCALES, MissingData};
pub use formats::Formats;
