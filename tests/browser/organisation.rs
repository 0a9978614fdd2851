//! Pages whose organisation has settings.

use serde_json::{Value, json};
use tests::{Caller, Stack};

use crate::browser::{Browser, Window};
use crate::page::{Host, Page, element};

/// How long the functions may use a copy of the settings, with a margin.
const COPY_SECONDS: u64 = 61;

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

/// Settings with reasons that have these ids and English labels.
pub(crate) fn offering(reasons: &[(&str, &str)]) -> Value {
    let labelled = reasons
        .iter()
        .map(|(id, label)| (*id, json!({ "en": label })));
    json!({ "reasons": reason_settings(labelled) })
}

/// Reasons with these ids and labels. Each is offered for the scores 1 to 3, and the first one for all.
pub(crate) fn reason_settings<'a>(
    reasons: impl IntoIterator<Item = (&'a str, Value)>,
) -> Vec<Value> {
    let last_score = |place| if place == 0 { 5 } else { 3 };
    (0..)
        .zip(reasons)
        .map(|(place, (id, labels))| {
            let scores: Vec<u8> = (1..=last_score(place)).collect();
            json!({ "id": id, "labels": labels, "scores": scores })
        })
        .collect()
}

/// Replaces the organisation's settings, and waits until no function uses a copy of the former ones.
pub(crate) async fn store_settings(stack: &Stack, settings: &Value) {
    let agent = stack.agent("kim").await;
    let reply = agent.put("/v1/settings", settings.clone()).await;
    reply.expect(200);
    stack.advance(COPY_SECONDS).await;
}

/// The script of a page whose rating request has these values, although the API refuses to store them.
pub(crate) fn unvalidated(values: &Value) -> String {
    // A text must not end the script element.
    let values = values.to_string().replace('<', "\\u003c");
    format!(
        "window.unvalidated = {values};\n{}",
        include_str!("unvalidated.js")
    )
}

/// The page of a visitor with a rating request. It does not poll.
pub(crate) async fn visitor_page(stack: &Stack, visitor: &Caller, host: Host<'_>) -> Page {
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

/// What [`asked`] returns, for an organisation with these settings.
pub(crate) async fn asked_with(settings: &Value) -> (Stack, Caller) {
    let (stack, visitor) = asked().await;
    store_settings(&stack, settings).await;
    (stack, visitor)
}

/// The page of a link. Faults can be injected.
pub(crate) async fn link_page(link: &str, window: Window) -> Browser {
    Browser::open_with(link, window, include_str!("faults.js")).await
}
