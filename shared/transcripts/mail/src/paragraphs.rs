//! The text of a message for HTML: paragraphs of one direction each, with the links in their lines.

use std::borrow::Cow;

use texts::Direction;

use crate::direction::{first_strong, has_other_direction};
use crate::links::{self, Link};
use crate::spaces::keep_spaces;

/// Consecutive lines of one direction.
pub(crate) struct Paragraph<'a> {
    /// The value of the HTML attribute `dir`, or `None` if all of the text reads in the direction of
    /// the page.
    pub(crate) direction: Option<&'static str>,
    /// The lines.
    pub(crate) lines: Vec<Line<'a>>,
}

/// One line, with its spaces preserved.
pub(crate) struct Line<'a> {
    text: Cow<'a, str>,
    links: Vec<Link>,
}

/// A part of a line.
pub(crate) struct Piece<'a> {
    /// The text of the part.
    pub(crate) text: &'a str,
    /// The target, if the part is a link.
    pub(crate) href: Option<&'a str>,
}

/// Splits `text` into paragraphs for a page whose direction is `base`. A line without letters belongs to the paragraph
/// before it.
pub(crate) fn paragraphs(text: &str, base: Direction) -> Vec<Paragraph<'_>> {
    let is_mixed = has_other_direction(text, base);
    let mut paragraphs: Vec<Paragraph<'_>> = Vec::with_capacity(1);
    for line in text.split('\n') {
        let direction = if is_mixed { first_strong(line) } else { None };
        match paragraphs.last_mut() {
            Some(last) if direction.is_none() || last.direction.is_none() => {
                last.direction = last.direction.or(direction);
                last.lines.push(Line::new(line));
            }
            Some(last) if last.direction == direction => last.lines.push(Line::new(line)),
            last => {
                if let Some(last) = last {
                    last.keep_last_line();
                }
                paragraphs.push(Paragraph {
                    direction,
                    lines: vec![Line::new(line)],
                });
            }
        }
    }
    paragraphs
}

impl Paragraph<'_> {
    /// Preserves the height of an empty last line, which HTML does not show.
    fn keep_last_line(&mut self) {
        if let Some(last) = self.lines.last_mut().filter(|last| last.text.is_empty()) {
            last.text = Cow::Borrowed("\u{A0}");
        }
    }
}

impl<'a> Line<'a> {
    fn new(line: &'a str) -> Self {
        let text = keep_spaces(line);
        let links = links::find(&text);
        Self { text, links }
    }

    /// Returns the parts of the line, in order.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let plain = |start: usize, end: usize| Piece {
            text: self.text.get(start..end).unwrap_or_default(),
            href: None,
        };
        let mut end = 0;
        let parts = self.links.iter().flat_map(move |link| {
            let before = plain(end, link.range.start);
            end = link.range.end;
            let link = Piece {
                text: self.text.get(link.range.clone()).unwrap_or_default(),
                href: Some(&link.href),
            };
            [before, link]
        });
        let last = self.links.last().map_or(0, |link| link.range.end);
        parts.chain([plain(last, self.text.len())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each paragraph's direction and lines.
    fn read(text: &str) -> Vec<(Option<&'static str>, String)> {
        let shown = |line: &Line<'_>| {
            let pieces = line.pieces().map(|piece| match piece.href {
                Some(href) => format!("[{}]({href})", piece.text),
                None => piece.text.to_owned(),
            });
            pieces.collect::<String>().replace('\u{A0}', "·")
        };
        paragraphs(text, Direction::LeftToRight)
            .iter()
            .map(|it| {
                (
                    it.direction,
                    it.lines.iter().map(shown).collect::<Vec<_>>().join("\n"),
                )
            })
            .collect()
    }

    #[test]
    fn lines_of_one_direction_are_one_paragraph() {
        let one = |direction, text: &str| vec![(direction, text.to_owned())];
        assert_eq!(read("Hello\n\nyou"), one(None, "Hello\n\nyou"));
        assert_eq!(read("1.\nשלום\n\n2."), one(Some("rtl"), "1.\nשלום\n\n2."));
    }

    #[test]
    fn each_change_of_direction_begins_a_paragraph() {
        assert_eq!(
            read("שלום\n\nOrder 66 (שלי)\n123\nתודה"),
            [
                (Some("rtl"), "שלום\n·".to_owned()),
                (Some("ltr"), "Order 66 (שלי)\n123".to_owned()),
                (Some("rtl"), "תודה".to_owned()),
            ]
        );
    }

    #[test]
    fn links_are_found_after_preserved_spaces() {
        assert_eq!(
            read("  https://a.example  (b@a.example)"),
            [(
                None,
                "··[https://a.example](https://a.example)· ([b@a.example](mailto:b@a.example))"
                    .to_owned()
            )]
        );
    }
}
