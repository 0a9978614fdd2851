//! What is met first as load grows.

use crate::report::Report;

pub(crate) async fn measure() -> Report {
    Report {
        title: "load, a second",
        ..Report::default()
    }
}
