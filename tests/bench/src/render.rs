//! How long transcripts take to render, and how much memory.

use crate::report::Report;

pub(crate) async fn measure() -> Report {
    Report {
        title: "transcript, ms",
        ..Report::default()
    }
}
