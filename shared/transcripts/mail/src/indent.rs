//! Text that people wrote, indented in a plain text.

use std::fmt;

use askama::{FastWritable, Values};
use texts::Direction;

use crate::lines::lines;
use crate::spaces::after_space;

/// The lines of `text` with a line break before each. Lines that are not empty are indented.
pub(crate) struct IndentedLines<'a> {
    text: &'a str,
    direction: Direction,
}

/// Indents `text` for a plain text in a language that is written in `direction`. A line break at its end does not begin
/// another line.
pub(crate) fn indent(text: &str, direction: Direction) -> IndentedLines<'_> {
    IndentedLines { text, direction }
}

impl FastWritable for IndentedLines<'_> {
    fn write_into(&self, to: &mut dyn fmt::Write, values: &dyn Values) -> askama::Result<()> {
        if self.text.is_empty() {
            return Ok(());
        }
        for line in lines(self.text.strip_suffix('\n').unwrap_or(self.text)) {
            if line.is_empty() {
                to.write_str("\n")?;
            } else {
                to.write_str("\n   ")?;
                after_space(line, self.direction).write_into(to, values)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_texts::for_each_text_of;

    #[test]
    fn each_line_is_indented_unless_it_is_empty() {
        for_each_text_of(&["", "\n", "a", "b c", "שלום"], 5, |text| {
            let mut indented = String::new();
            let lines = indent(text, Direction::LeftToRight);
            lines.write_into(&mut indented, askama::NO_VALUES).unwrap();
            let expected = text.lines().map(|line| match line.contains("שלום") {
                _ if line.is_empty() => "\n".to_owned(),
                true => format!("\n   \u{2068} {line} \u{2069}"),
                false => format!("\n    {line}"),
            });
            assert_eq!(indented, expected.collect::<String>(), "{text:?}");
        });
    }
}
