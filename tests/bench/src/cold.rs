//! From a process's start to its first response, through Lambda's runtime API.

use crate::report::Report;

pub(crate) async fn measure() -> Report {
    Report {
        title: "cold start, ms",
        ..Report::default()
    }
}
