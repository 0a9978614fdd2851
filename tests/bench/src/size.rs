//! How large the functions' packages are.

use crate::report::Report;

pub(crate) async fn measure() -> Report {
    Report {
        title: "zip, bytes",
        ..Report::default()
    }
}
