use crate::html::tag::Tag;

/// Elements that begin and end on a line of their own.
const BLOCKS: [&str; 22] = [
    "address",
    "article",
    "blockquote",
    "div",
    "dl",
    "dt",
    "dd",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "pre",
    "section",
    "table",
    "ul",
];

/// Text without markup, while it is collected.
#[derive(Default)]
pub(super) struct Text {
    collected: String,
    /// How many line breaks must precede the next text.
    breaks: usize,
    has_space: bool,
    /// How many `pre` elements are open. Their spaces are kept.
    preformatted: usize,
}

impl Text {
    pub(super) fn apply(&mut self, tag: &Tag<'_>) {
        match tag.name.as_str() {
            "br" => {
                self.breaks += 1;
                self.has_space = false;
            }
            "p" => self.separate(2),
            "td" | "th" => self.has_space = true,
            "tr" => self.separate(1),
            name if BLOCKS.contains(&name) => self.separate(1),
            "img" => self.has_space = true,
            _ => {}
        }
        match (tag.name.as_str(), tag.is_end) {
            ("pre", false) => self.preformatted += 1,
            ("pre", true) => self.preformatted = self.preformatted.saturating_sub(1),
            ("li", false) => self.push("- "),
            _ => {}
        }
    }

    fn separate(&mut self, breaks: usize) {
        self.breaks = self.breaks.max(breaks);
        self.has_space = false;
    }

    pub(super) fn push(&mut self, text: &str) {
        for character in text.chars() {
            if self.preformatted > 0 && character == '\n' {
                self.breaks += 1;
            } else if self.preformatted == 0 && character.is_ascii_whitespace() {
                self.has_space = true;
            } else {
                self.write_separator();
                self.collected.push(character);
            }
        }
    }

    fn write_separator(&mut self) {
        if self.collected.is_empty() {
            self.breaks = 0;
        } else if self.breaks > 0 {
            self.collected
                .truncate(self.collected.trim_end_matches(' ').len());
            self.collected
                .extend(std::iter::repeat_n('\n', self.breaks));
        } else if self.has_space && !self.collected.ends_with(' ') {
            self.collected.push(' ');
        }
        self.breaks = 0;
        self.has_space = false;
    }

    pub(super) fn finish(mut self) -> String {
        self.collected.truncate(self.collected.trim_end().len());
        self.collected
    }
}
