use domain::MessageText;

use crate::html::{html_to_text, is_html};
use crate::payload::{Choice, Message};

/// The most characters of a text.
const LONGEST: usize = 32_000;

/// The most bytes of a text. A message may have 200,000 bytes as stored, of which 32 attachments
/// with the longest names and URLs take 110,000.
const MOST_BYTES: usize = 85_000;

/// The text of a message: its content, what it offers, what the visitor submitted and the
/// attachments that have no link.
pub(super) fn message_text(message: &Message, unlinked: &[String]) -> Option<MessageText> {
    let mut text = content_text(message);
    if !message.attributes.is_deleted {
        let lines = (message.attributes.items.iter())
            .filter_map(|item| join(item, " — ").map(|item| format!("- {item}")))
            .chain((message.attributes.submitted.iter()).filter_map(|it| answer_line(message, it)))
            .chain(unlinked.iter().map(|name| format!("[{name}]")));
        for line in lines {
            if text.len() > MOST_BYTES {
                break;
            }
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&clean(&line));
        }
    }
    truncate(&mut text);
    MessageText::parse(&text).ok()
}

/// The content as plain text. Markdown stays as it is, except the backslash of a line break, which
/// the API has and webhooks may not have.
pub(super) fn content_text(message: &Message) -> String {
    let content = message.content.as_deref().unwrap_or_default();
    let text = if is_html(content) {
        html_to_text(content)
    } else {
        content.replace("\r\n", "\n").replace("\\\n", "\n")
    };
    let text = clean(&text);
    text.trim_end().to_owned()
}

/// What the visitor submitted. The value of a choice is a key that the visitor did not see.
fn answer_line(message: &Message, submitted: &Choice) -> Option<String> {
    let is_choice = message.content_type.as_deref() == Some("input_select");
    let line = match &submitted.title {
        Some(title) if is_choice => title.clone(),
        _ => join(submitted, ": ")?,
    };
    Some(format!("→ {line}"))
}

fn join(item: &Choice, separator: &str) -> Option<String> {
    match (&item.title, &item.value) {
        (Some(title), Some(value)) => Some(format!("{title}{separator}{value}")),
        (Some(text), None) | (None, Some(text)) => Some(text.clone()),
        (None, None) => None,
    }
}

/// Removes control characters except line breaks and tabs.
fn clean(text: &str) -> String {
    let is_kept = |character: char| !character.is_control() || matches!(character, '\n' | '\t');
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|character| is_kept(*character))
        .collect()
}

/// Cuts a text that is too long and puts an ellipsis at its end.
fn truncate(text: &mut String) {
    let is_short = text.len() <= MOST_BYTES && text.chars().nth(LONGEST).is_none();
    if is_short {
        return;
    }
    let end = text
        .char_indices()
        .take(LONGEST - 1)
        .map(|(start, character)| start + character.len_utf8())
        .take_while(|end| end + '…'.len_utf8() <= MOST_BYTES)
        .last();
    text.truncate(end.unwrap_or(0));
    text.push('…');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::examples::{created, message};
    use serde_json::json;

    fn truncated(text: &str) -> String {
        let mut text = text.to_owned();
        truncate(&mut text);
        text
    }

    #[test]
    fn a_text_that_is_too_long_ends_with_an_ellipsis() {
        let longest = "a".repeat(32_000);
        assert_eq!(truncated(&longest), longest);
        let cut = truncated(&"a".repeat(150_000));
        assert_eq!(cut, format!("{}…", "a".repeat(31_999)));
        let emoji = truncated(&"😀".repeat(32_000));
        assert!(emoji.len() <= MOST_BYTES && emoji.ends_with("😀…"));
        assert!(MessageText::parse(&emoji).is_ok());
    }

    #[test]
    fn control_characters_are_removed() {
        assert_eq!(clean("a\0b\r\nc\rd\te\u{1b}[1m"), "ab\nc\nd\te[1m");
    }

    fn text(members: serde_json::Value) -> String {
        message(&created(members)).text.into()
    }

    #[test]
    fn content_in_each_form_becomes_plain_text() {
        for (content, expected) in [
            ("a\\\nb\\\r\nc", "a\nb\nc"),
            ("<p>a<br />\nb</p>\n<p>1 &lt; 2</p>\n", "a\nb\n\n1 < 2"),
            ("1 < 2 & <b>", "1 < 2 & <b>"),
            ("👩‍👩‍👧 ok\n", "👩‍👩‍👧 ok"),
        ] {
            assert_eq!(text(json!({"content": content})), expected);
        }
        assert_eq!(text(json!({"content": null})), "");
    }

    #[test]
    fn what_a_message_offers_and_what_was_submitted_are_lines() {
        let text = |content_type: &str, attributes: serde_json::Value| {
            text(json!({"content_type": content_type, "content_attributes": attributes}))
        };
        let items = json!([{"title": "Yes", "value": "y"}, {"title": "No", "value": "n"}, 7]);
        let answer = json!([{"title": "Yes", "value": "y"}]);
        assert_eq!(
            text(
                "input_select",
                json!({"items": items, "submitted_values": answer})
            ),
            "Hello\n- Yes\n- No\n→ Yes"
        );
        let card = json!([{"title": "Shoe", "description": "Red", "actions": []}]);
        assert_eq!(text("cards", json!({"items": card})), "Hello\n- Shoe — Red");
        let form = json!({
            "items": [{"name": "size", "label": "Size", "type": "text"}],
            "submitted_values": [{"name": "size", "value": 42}],
        });
        assert_eq!(text("form", form), "Hello\n- Size\n→ size: 42");
        let email = json!({"submitted_email": "ana@example.com"});
        assert_eq!(text("input_email", email), "Hello\n→ ana@example.com");
    }
}
