//! How webhooks render the content of a message.

use crate::options::WebhookContent;

/// The content of a message in a webhook.
pub(crate) fn render(content: &str, form: WebhookContent) -> String {
    match form {
        WebhookContent::Stored => content.to_owned(),
        WebhookContent::WithoutBackslashes => {
            let content = content.replace("\\\r\n", "\n").replace("\\\n", "\n");
            content.trim_end_matches(['\r', '\n']).to_owned()
        }
        WebhookContent::Html => html(content),
    }
}

/// Paragraphs and line breaks as HTML. Other Markdown is not rendered.
fn html(content: &str) -> String {
    let content = content.replace("\\\n", "\n");
    let paragraphs = content.split("\n\n").filter(|it| !it.trim().is_empty());
    paragraphs
        .map(|paragraph| {
            let lines: Vec<_> = paragraph.trim().lines().map(escape).collect();
            format!("<p>{}</p>\n", lines.join("<br />\n"))
        })
        .collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
