//! HTML converted to text.

mod entities;
mod tag;
mod text;

use crate::html::entities::decode_entities;
use crate::html::tag::{Tag, skip_element};
use crate::html::text::Text;

/// Elements whose content is not text.
const DROPPED: [&str; 5] = ["script", "style", "head", "template", "svg"];

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
            .and_then(|text| Tag::read(text, &mut true))
            .is_some_and(is_first)
}

/// The text of an HTML fragment. Scripts and styles are dropped, links keep their text, block
/// elements begin a new line and paragraphs are separated by an empty line.
pub fn html_to_text(html: &str) -> String {
    let mut text = Text::default();
    let mut has_quotes = true;
    let mut rest = html;
    // How long the text after the last tag is. No tag begins there, so it is not searched.
    let tail = html.len() - html.rfind('>').map_or(0, |last| last + 1);
    while let Some(position) = rest.find('<') {
        let (before, markup) = rest.split_at(position);
        text.push(&decode_entities(before));
        let after = markup.strip_prefix('<').unwrap_or(markup);
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
        } else if after.len() > tail
            && let Some(tag) = Tag::read(after, &mut has_quotes)
        {
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

    #[test]
    fn malformed_html_takes_linear_time() {
        for part in [
            "<a",
            "<a'",
            "<a\"",
            "<a'>",
            "</",
            "<!--",
            "&#",
            "<script></scrip",
            "<p>",
        ] {
            for end in ["", ">", "'>"] {
                let html = format!("<p>{}{end}", part.repeat(100_000));
                html_to_text(&html);
            }
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_does_not_hide_the_text() {
        assert_eq!(html_to_text("<p>a<i x='>b</i><b>c</b></p>"), "abc");
    }

    proptest! {
        #[test]
        fn arbitrary_text_does_not_panic(html in "(<|>|/|!|--|&|#|;|script|pre|p|br|li|[a-zé\n '\"=])*") {
            let text = html_to_text(&html);
            prop_assert!(text.len() <= 3 * html.len() + 3);
        }
    }
}
