//! The transcript as plain text.
//!
//! Authors and times stand at the beginning of their lines, and what people wrote is indented: so
//! no message can pass for two.

use askama::Template;

use super::characters::isolated;
use super::thread::Thread;

#[derive(Template)]
#[template(path = "transcript.txt")]
struct Text<'a> {
    title: &'a str,
    thread: &'a Thread<'a>,
}

/// Writes the whole of `thread` under `title`.
pub(super) fn render(title: &str, thread: &Thread<'_>) -> askama::Result<String> {
    Text { title, thread }.render()
}
