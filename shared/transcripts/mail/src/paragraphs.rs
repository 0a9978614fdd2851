//! The text of a message for HTML: paragraphs of one direction each, with the links in their lines.

use std::{fmt, iter};

use askama::{FastWritable, Template, Values};
use texts::Direction;

use crate::direction::{first_strong, has_other_direction};
use crate::escape::write_escaped;
use crate::lines::lines;
use crate::links;
use crate::spaces::keep_spaces;

/// Consecutive lines of one direction.
pub(crate) struct Paragraph<'a> {
    /// The value of the HTML attribute `dir`, or `None` if all of the text reads in the direction of
    /// the page.
    pub(crate) direction: Option<&'static str>,
    text: &'a str,
    has_next: bool,
    may_have_links: bool,
}

/// The lines of a paragraph as HTML.
pub(crate) struct Lines<'a>(&'a Paragraph<'a>);

#[derive(Template)]
#[template(path = "link.html")]
struct LinkElement<'a> {
    text: &'a str,
    href: &'a str,
    /// Whether the direction of the paragraph may not be that of the link.
    has_direction: bool,
}

/// Splits `text` into paragraphs for a page whose direction is `base`. A line without letters belongs to the paragraph
/// before it.
pub(crate) fn paragraphs(text: &str, base: Direction) -> impl Iterator<Item = Paragraph<'_>> {
    let is_mixed = has_other_direction(text, base);
    let may_have_links = links::may_contain_link(text);
    let mut rest = Some(text);
    iter::from_fn(move || {
        let text = rest.take()?;
        let (direction, text, next) = if is_mixed {
            split_paragraph(text)
        } else {
            (None, text, None)
        };
        rest = next;
        Some(Paragraph {
            direction,
            text,
            has_next: next.is_some(),
            may_have_links,
        })
    })
}

/// Returns the direction and the text of the first paragraph of `text`, and the text after it.
fn split_paragraph(text: &str) -> (Option<&'static str>, &str, Option<&str>) {
    let mut direction = None;
    let mut end = 0;
    for line in lines(text) {
        let of_line = first_strong(line);
        if direction.is_some() && of_line.is_some() && of_line != direction {
            let paragraph = text.get(..end - 1).unwrap_or_default();
            return (direction, paragraph, text.get(end..));
        }
        direction = direction.or(of_line);
        end += line.len() + 1;
    }
    (direction, text, None)
}

impl Paragraph<'_> {
    /// Returns the lines with their links. All spaces are preserved, and so is the height of an empty line before the next
    /// paragraph, which HTML does not show.
    pub(crate) fn lines(&self) -> Lines<'_> {
        Lines(self)
    }

    fn write_line(&self, to: &mut dyn fmt::Write, line: &str) -> askama::Result<()> {
        let mut end = 0;
        if self.may_have_links {
            for link in links::find(line) {
                let plain = line.get(end..link.range.start);
                end = link.range.end;
                write_escaped(to, plain.unwrap_or_default())?;
                let link = LinkElement {
                    text: line.get(link.range).unwrap_or_default(),
                    href: &link.href,
                    has_direction: self.direction.is_some(),
                };
                link.render_into(to)?;
            }
        }
        Ok(write_escaped(to, line.get(end..).unwrap_or_default())?)
    }
}

impl FastWritable for Lines<'_> {
    fn write_into(&self, to: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        let Self(paragraph) = *self;
        let mut separator = "";
        let mut ends_empty = false;
        for line in lines(paragraph.text) {
            to.write_str(separator)?;
            let line = keep_spaces(line);
            paragraph.write_line(to, &line)?;
            separator = "<br>";
            ends_empty = line.is_empty();
        }
        if ends_empty && paragraph.has_next {
            to.write_str("\u{A0}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_texts::for_each_text_of;

    /// Each paragraph's direction and lines, with U+00A0 as `·`.
    fn read(text: &str) -> Vec<(Option<&'static str>, String)> {
        let html = |paragraph: &Paragraph<'_>| {
            let mut html = String::new();
            let values: &dyn Values = askama::NO_VALUES;
            paragraph.lines().write_into(&mut html, values).unwrap();
            html.replace('\u{A0}', "·")
        };
        paragraphs(text, Direction::LeftToRight)
            .map(|it| (it.direction, html(&it)))
            .collect()
    }

    #[test]
    fn lines_of_one_direction_are_one_paragraph() {
        let one = |direction, text: &str| vec![(direction, text.to_owned())];
        assert_eq!(read("Hello\n\nyou"), one(None, "Hello<br><br>you"));
        assert_eq!(
            read("1.\nשלום\n\n2."),
            one(Some("rtl"), "1.<br>שלום<br><br>2.")
        );
    }

    #[test]
    fn each_change_of_direction_begins_a_paragraph() {
        assert_eq!(
            read("שלום\n\nOrder 66 (שלי)\n123\nתודה"),
            [
                (Some("rtl"), "שלום<br>·".to_owned()),
                (Some("ltr"), "Order 66 (שלי)<br>123".to_owned()),
                (Some("rtl"), "תודה".to_owned()),
            ]
        );
    }

    #[test]
    fn each_text_is_split_line_by_line() {
        let parts = ["", "\n", "1", "a", "ש", "\n\n"];
        for_each_text_of(&parts, 6, |text| {
            let is_mixed = text.contains('ש');
            let mut expected: Vec<(Option<&'static str>, Vec<&str>)> = Vec::new();
            for line in text.split('\n') {
                let direction = first_strong(line).filter(|_| is_mixed);
                match expected.last_mut() {
                    Some((last, lines))
                        if last.is_none() || direction.is_none() || *last == direction =>
                    {
                        *last = last.or(direction);
                        lines.push(line);
                    }
                    _ => expected.push((direction, vec![line])),
                }
            }
            let count = expected.len();
            let expected = expected
                .into_iter()
                .zip(1..)
                .map(|((direction, lines), number)| {
                    let ends_empty = lines.last().is_some_and(|line| line.is_empty());
                    let end = if ends_empty && number < count {
                        "·"
                    } else {
                        ""
                    };
                    (direction, lines.join("<br>") + end)
                });
            assert_eq!(read(text), expected.collect::<Vec<_>>(), "{text:?}");
        });
    }

    #[test]
    fn links_are_found_after_preserved_spaces() {
        assert_eq!(
            read("  https://a.example  (b@a.example)"),
            [(
                None,
                "··<a href=\"https://a.example\" rel=\"noopener noreferrer nofollow\">https://a.example</a>· \
                 (<a href=\"mailto:b@a.example\">b@a.example</a>)"
                    .to_owned()
            )]
        );
    }
}
