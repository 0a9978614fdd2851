//! Pages whose organisation has texts, reasons and a brand.

use serde_json::{Value, json};
use tests::{Caller, Stack};
use texts::VisitorLanguage;

use crate::browser::{Browser, Window};
use crate::page::{Host, Page, element};

/// The texts of a rating request in `language`: the built-in ones, and reasons with these labels. Each
/// is offered for the scores 1 to 3, and the first one for all.
pub(crate) fn request_texts(language: VisitorLanguage, reasons: &[(&str, &str)]) -> Value {
    let texts = &language.texts().rating;
    let scores = |place: usize| if place == 0 { 1..=5 } else { 1..=3 };
    let reasons: Vec<_> = (0..)
        .zip(reasons)
        .map(|(place, (id, label))| {
            json!({ "id": id, "label": label, "scores": scores(place).collect::<Vec<u8>>() })
        })
        .collect();
    json!({
        "language": language.as_str(),
        "question": texts.question,
        "labels": texts.unbroken_faces(),
        "thanks": texts.thanks,
        "comment_label": texts.comment,
        "reasons": reasons,
    })
}

/// Seven reasons in English.
pub(crate) const REASONS: [(&str, &str); 7] = [
    ("friendly", "Friendliness"),
    ("slow", "Took too long"),
    ("unsolved", "Problem not solved"),
    ("unclear", "Hard to understand"),
    ("repeat", "Had to repeat myself"),
    ("product", "The product"),
    ("price", "The price"),
];

/// The script of a page whose organisation has these settings.
pub(crate) fn script(settings: &Value) -> String {
    // A text must not end the script element.
    let settings = settings.to_string().replace('<', "\\u003c");
    format!(
        "window.settings = {settings};\n{}",
        include_str!("organisation.js")
    )
}

/// The page of a visitor with a rating request. It does not poll.
pub(crate) async fn visitor_page(
    stack: &Stack,
    visitor: &Caller,
    settings: &Value,
    host: Host<'_>,
) -> Page {
    let script = format!("{}\n{}", script(settings), host.script);
    let host = Host {
        script: &script,
        ..host
    };
    let rating = element("rating", stack, visitor, r#"polling="off""#);
    let page = Page::hosting(stack, host, &format!("<div>{rating}</div>")).await;
    page.browser
        .until("return document.querySelector('afterchat-rating').shadowRoot.querySelector('.card').checkVisibility();")
        .await;
    page
}

/// A stack with a rating request, and its visitor.
pub(crate) async fn asked() -> (Stack, Caller) {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    stack.agent("kim").await.ask_for_id("c1").await;
    (stack, visitor)
}

/// The page of a link, whose organisation has these settings. Faults can be injected.
pub(crate) async fn link_page(link: &str, window: Window, settings: &Value) -> Browser {
    let faults = include_str!("faults.js");
    let script = format!("{}\n{faults}", script(settings));
    Browser::open_with(link, window, &script).await
}
