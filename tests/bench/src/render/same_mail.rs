//! The comparison of two programs' mails.

use std::fs;
use std::path::Path;

/// The allowed escapes of a character in HTML.
const ESCAPES: [(&str, &[&str]); 7] = [
    ("<", &["&lt;", "&#60;"]),
    (">", &["&gt;", "&#62;"]),
    ("\"", &["&quot;", "&#34;"]),
    ("'", &["&#39;", "&#x27;"]),
    ("=", &["&#x3D;"]),
    ("`", &["&#x60;"]),
    ("&", &["&amp;", "&#38;"]),
];

/// Compares the mails in two folders character by character, except for the escapes of HTML. Escapes
/// differ in length, so the bodies of long mails may start with different messages.
///
/// # Panics
/// If the mails differ.
pub(super) fn check(ours: &Path, theirs: &Path) {
    for part in ["text", "attachment"] {
        let [ours, theirs] = [ours, theirs].map(|folder| read(folder, part));
        assert_eq!(ours.is_some(), theirs.is_some(), "{part}");
        let (ours, theirs) = (ours.unwrap_or_default(), theirs.unwrap_or_default());
        let first = ours.lines().zip(theirs.lines()).find(|(a, b)| a != b);
        assert_eq!(first, None, "{part}");
        assert_eq!(ours, theirs, "{part}");
    }
    let [ours, theirs] = [ours, theirs].map(|folder| read(folder, "html").expect("a body"));
    let [count, other] = [&ours, &theirs].map(|html| html.matches("<div class=\"message ").count());
    let end = |html: &str| {
        html.lines()
            .rev()
            .take(60)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(end(&ours), end(&theirs), "the end of the body");
    assert!(
        count.abs_diff(other) * 20 <= count,
        "{count} and {other} messages in the body"
    );
}

fn read(folder: &Path, part: &str) -> Option<String> {
    let mut text = fs::read_to_string(folder.join(part)).ok()?;
    if part != "text" {
        for (character, escapes) in ESCAPES {
            for escape in escapes {
                text = text.replace(escape, character);
            }
        }
    }
    Some(text.trim_end().to_owned())
}
