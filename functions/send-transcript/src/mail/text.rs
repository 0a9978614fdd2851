//! The transcript as plain text.
//!
//! Authors and times stand at the beginning of their lines, and what people wrote is indented: so
//! no message can pass for two.

use askama::Template;

use super::characters::isolated;
use super::rating_links::{FaceLink, RatingLinks};
use super::thread::Thread;

#[derive(Template)]
#[template(path = "transcript.txt")]
struct Text<'a> {
    title: &'a str,
    thread: &'a Thread<'a>,
    faces: &'a [FaceLink],
}

/// Writes the whole of `thread` under `title`, and beneath it where each face leads.
pub(super) fn render(
    title: &str,
    thread: &Thread<'_>,
    links: Option<&RatingLinks>,
) -> askama::Result<String> {
    let faces = links.map_or(&[][..], RatingLinks::faces);
    Text {
        title,
        thread,
        faces,
    }
    .render()
}
