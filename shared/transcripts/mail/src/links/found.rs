use std::ops::Range;

/// The result of looking for a link at one position in a word.
pub(super) enum Found {
    Link {
        range: Range<usize>,
        href: String,
    },
    Nothing,
    /// The word looks like another address than the one that a browser would open.
    Deception,
}
