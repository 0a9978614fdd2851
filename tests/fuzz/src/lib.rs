//! What the fuzz targets share: the functions behind their real boundary, an AWS that always
//! answers, and what must hold of every answer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a fuzz target fails by panicking"
)]

mod answers;
mod aws;
mod functions;
mod routes;
mod written_request;

pub use answers::check_answer;
pub use functions::Functions;
pub use written_request::WrittenRequest;
