//! The code that fuzz targets share: the functions behind their real boundary, an AWS emulator that has
//! every requested item, and the check of responses.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a fuzz target fails by panicking"
)]

mod aws;
mod connections;
mod functions;
mod html;
mod items;
mod responses;
mod routes;
mod written_request;

pub use functions::Functions;
pub use html::{check_html, is_unfit};
pub use responses::check_response;
pub use written_request::WrittenRequest;
