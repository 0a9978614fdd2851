/// Elements whose content is not text.
const DROPPED: [&str; 5] = ["script", "style", "head", "template", "svg"];

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

/// Elements with which Markdown that was rendered to HTML can begin.
const FIRST_ELEMENTS: [&str; 15] = [
    "p",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "blockquote",
    "table",
    "div",
    "hr",
    "br",
];

/// Whether `content` is Markdown that Chatwoot rendered to HTML. Such a text begins with a block
/// element and ends with a tag. Other texts may contain `<` and `&` as they are.
pub(crate) fn is_html(content: &str) -> bool {
    let content = content.trim();
    let is_first = |tag: Tag<'_>| FIRST_ELEMENTS.contains(&tag.name.as_str()) && !tag.is_end;
    content.ends_with('>')
        && content
            .strip_prefix('<')
            .and_then(Tag::read)
            .is_some_and(is_first)
}

/// The text of an HTML fragment. Scripts and styles are dropped, links keep their text, block
/// elements begin a new line and paragraphs are separated by an empty line.
pub fn html_to_text(html: &str) -> String {
    let mut text = Text::default();
    let mut rest = html;
    while let Some(position) = rest.find('<') {
        let (before, markup) = rest.split_at(position);
        text.push(&decode_entities(before));
        let after = markup.strip_prefix('<').unwrap_or(markup);
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
        } else if let Some(tag) = Tag::read(after) {
            rest = tag.rest;
            if DROPPED.contains(&tag.name.as_str()) && !tag.is_end {
                rest = skip_element(rest, &tag.name);
            } else {
                text.apply(&tag);
            }
        } else {
            text.push("<");
            rest = after;
        }
    }
    text.push(&decode_entities(rest));
    text.finish()
}

/// A tag, without the `<` before it.
struct Tag<'a> {
    /// The name of the element in lower case, or empty for a declaration.
    name: String,
    is_end: bool,
    /// The text after the tag.
    rest: &'a str,
}

impl<'a> Tag<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (is_end, body) = match text.strip_prefix('/') {
            Some(body) => (true, body),
            None => (false, text),
        };
        if !body.starts_with(|first: char| first.is_ascii_alphabetic() || "!?".contains(first)) {
            return None;
        }
        let name = body
            .split(|character: char| !character.is_ascii_alphanumeric())
            .next()?
            .to_ascii_lowercase();
        let mut quote = None;
        for (position, character) in body.char_indices() {
            match (quote, character) {
                (None, '>') => {
                    let rest = body.get(position + 1..)?;
                    return Some(Self { name, is_end, rest });
                }
                (None, '"' | '\'') => quote = Some(character),
                (Some(open), _) if open == character => quote = None,
                _ => {}
            }
        }
        None
    }
}

/// The text after the end tag of the element `name`. All of it is dropped if there is no end tag.
fn skip_element<'a>(mut rest: &'a str, name: &str) -> &'a str {
    while let Some((_, after)) = rest.split_once("</") {
        rest = after;
        let is_end = after
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name));
        if is_end {
            return after.split_once('>').map_or("", |(_, rest)| rest);
        }
    }
    ""
}

/// Text without markup, while it is collected.
#[derive(Default)]
struct Text {
    collected: String,
    /// How many line breaks must precede the next text.
    breaks: usize,
    has_space: bool,
    /// How many `pre` elements are open. Their spaces are kept.
    preformatted: usize,
}

impl Text {
    fn apply(&mut self, tag: &Tag<'_>) {
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

    fn push(&mut self, text: &str) {
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

    fn finish(mut self) -> String {
        self.collected.truncate(self.collected.trim_end().len());
        self.collected
    }
}

/// Replaces character references. A malformed or unknown one stays as it is.
fn decode_entities(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut parts = text.split('&');
    decoded.push_str(parts.next().unwrap_or_default());
    for part in parts {
        match part.split_once(';') {
            Some((name, rest)) if let Some(character) = decode_entity(name) => {
                decoded.push(character);
                decoded.push_str(rest);
            }
            _ => {
                decoded.push('&');
                decoded.push_str(part);
            }
        }
    }
    decoded
}

fn decode_entity(name: &str) -> Option<char> {
    let code = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        },
        None => {
            return Some(match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                "nbsp" => '\u{A0}',
                "hellip" => '…',
                "ndash" => '–',
                "mdash" => '—',
                "lsquo" => '‘',
                "rsquo" => '’',
                "ldquo" => '“',
                "rdquo" => '”',
                "copy" => '©',
                "reg" => '®',
                "trade" => '™',
                "euro" => '€',
                _ => return None,
            });
        }
    };
    char::from_u32(code).filter(|character| *character != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paragraphs_and_line_breaks_are_kept() {
        for (html, text) in [
            ("<p>One</p>\n<p>Two</p>\n", "One\n\nTwo"),
            ("<p>One<br />\ntwo<br>three</p>", "One\ntwo\nthree"),
            ("<p>a  b\n c</p>", "a b c"),
            ("<h2>Title</h2><p>Text</p>", "Title\n\nText"),
            ("<ul>\n<li>One</li>\n<li>Two</li>\n</ul>", "- One\n- Two"),
            ("<pre><code>a\n  b\n</code></pre>", "a\n  b"),
            (
                "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
                "a b\nc",
            ),
            ("<div>a</div><div>b</div>", "a\nb"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn inline_elements_keep_their_text() {
        for (html, text) in [
            (
                "<p>See <a href=\"https://example.com/?a=1&amp;b=2\">our <b>page</b></a>.</p>",
                "See our page.",
            ),
            ("<p title='a > b'>x</p>", "x"),
            (
                "<p>a &lt;b&gt; &amp;amp; &#8364; &#x1F600; &nbsp;&bogus; &#0; &</p>",
                "a <b> &amp; € 😀 \u{A0}&bogus; &#0; &",
            ),
            ("<p>1 < 2 and <3</p>", "1 < 2 and <3"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn scripts_styles_and_comments_are_dropped() {
        for (html, text) in [
            (
                "<p>a</p><script>if (1 < 2) alert('</p>')</script><p>b</p>",
                "a\n\nb",
            ),
            ("a<STYLE>p { color: red }</STYLE >b", "ab"),
            ("a<!-- <p>no</p> -->b", "ab"),
            ("<!DOCTYPE html>a", "a"),
            ("a<script>never closed", "a"),
            ("a<!-- never closed", "a"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn only_a_text_that_begins_with_a_block_and_ends_with_a_tag_is_html() {
        for content in [
            "<p>Hello</p>\n",
            "<P dir=\"ltr\">a</P>",
            "<ul><li>a</li></ul>",
            "<p>a</p><ul>\n<li>b</li>\n</ul>",
        ] {
            assert!(is_html(content), "{content}");
        }
        for content in [
            "",
            "Hello",
            "<3",
            "if a < b and b > c",
            "<b>bold</b>",
            "</p>",
            "<p>a</p> is HTML",
            "Use <p>",
            "<https://example.com>",
            "<pretty>",
        ] {
            assert!(!is_html(content), "{content}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_does_not_panic(html in "(<|>|/|!|--|&|#|;|script|pre|p|br|li|[a-zé\n '\"=])*") {
            let text = html_to_text(&html);
            prop_assert!(text.len() <= 3 * html.len() + 3);
        }
    }
}
