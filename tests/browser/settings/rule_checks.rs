//! Rules and numbers that the API refuses show why at their field.

use serde_json::{Value, json};
use tests::{SENDER, Stack};
use thirtyfour::Key;

use crate::browser::Browser;
use crate::settings::rules::{
    ASK, EXPIRES_AFTER, LABELS, MAIL_AFTER, PERCENT, SEND, VISITOR_MESSAGES, WAIT,
};
use crate::settings::{SAVED, page_with, stored};

const REFUSED: &str = "The settings are not saved";
const FROM_REQUIRED: &str = "transcripts.from is required";

/// The message at a field. It is empty if the field is valid.
async fn message_at(browser: &Browser, name: &str) -> String {
    let script = "const field = control(arguments[0]);
        const message = field.getRootNode().getElementById(`${field.id}-problem`).textContent;
        const isInvalid = field.getAttribute('aria-invalid') === 'true';
        const isDescribed = (field.getAttribute('aria-describedby') ?? '').includes('-problem');
        return isInvalid === Boolean(message) && isDescribed === isInvalid ? message : null;";
    let found = browser.run(script, vec![json!(name)]).await;
    found
        .as_str()
        .expect("the field names its message")
        .to_owned()
}

/// Lines with these numbers.
fn lines(count: usize) -> String {
    let lines: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
    lines.join("\n")
}

#[tokio::test]
async fn a_field_of_a_rule_that_is_left_shows_what_is_wrong() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.click(SEND).await;
    for (field, text, message) in [
        (WAIT, "10081".to_owned(), "a whole number from 0 to 10,080."),
        (WAIT, "soon".to_owned(), "a whole number from 0 to 10,080."),
        (PERCENT, "0".to_owned(), "a whole number from 1 to 100."),
        (PERCENT, "1.5".to_owned(), "a whole number from 1 to 100."),
        (
            VISITOR_MESSAGES,
            "1001".to_owned(),
            "a whole number from 1 to 1,000.",
        ),
        (
            MAIL_AFTER,
            "721".to_owned(),
            "a whole number from 1 to 720.",
        ),
        (
            EXPIRES_AFTER,
            "366".to_owned(),
            "a whole number from 1 to 365.",
        ),
        (
            "Inboxes",
            lines(51),
            "Enter at most 50 lines. There are 51.",
        ),
        (LABELS, lines(21), "Enter at most 20 lines. There are 21."),
        (
            LABELS,
            format!("vip\n{}", "ü".repeat(65)),
            "at most 64 characters in each line. One line has 65.",
        ),
        (
            "Channels",
            "two words".to_owned(),
            "Use only letters A to Z",
        ),
    ] {
        browser.fill(field, &text).await;
        browser.press(Key::Tab).await;
        let shown = message_at(browser, field).await;
        assert!(shown.contains(message), "{field}: {shown:?}");
        browser.fill(field, "").await;
        assert_eq!(message_at(browser, field).await, "", "{field}");
    }
    assert_eq!(page.calls("PUT", "/settings").await.len(), 0);
}

#[tokio::test]
async fn a_refused_member_of_a_rule_gets_the_focus_and_the_sentence_of_the_api() {
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.click(ASK).await;
    for (field, wrong, right, path) in [
        (
            WAIT,
            "99999".to_owned(),
            "20",
            "asking.on_resolve.after_minutes",
        ),
        (
            PERCENT,
            "101".to_owned(),
            "60",
            "asking.on_resolve.conditions.sample_percent",
        ),
        (
            LABELS,
            lines(21),
            "vip",
            "asking.on_resolve.conditions.labels_any",
        ),
        (
            VISITOR_MESSAGES,
            "1001".to_owned(),
            "2",
            "asking.on_resolve.conditions.minimum_messages.visitor",
        ),
        (
            EXPIRES_AFTER,
            "0".to_owned(),
            "7",
            "asking.expires_after_days",
        ),
    ] {
        browser.fill(field, &wrong).await;
        browser.click("Save").await;
        browser.expect_text(REFUSED).await;
        assert_eq!(browser.focused().await, field);
        let shown = message_at(browser, field).await;
        assert!(shown.contains(path), "{field}: {shown:?}");
        browser.fill(field, right).await;
        assert_eq!(message_at(browser, field).await, "", "{field}");
    }
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    let rule = json!({
        "enabled": true,
        "after_minutes": 20,
        "conditions": {
            "labels_any": ["vip"],
            "minimum_messages": { "visitor": 2 },
            "sample_percent": 60,
        },
    });
    let expected = json!({ "on_resolve": rule, "expires_after_days": 7 });
    assert_eq!(stored(&manager).await["asking"], expected);
}

/// The fields of a rule that is off are hidden.
#[tokio::test]
async fn a_refused_member_of_a_rule_that_is_off_is_shown() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.click(ASK).await;
    browser.fill(WAIT, "99999").await;
    browser.click(ASK).await;
    browser.click("Save").await;
    browser.expect_text(REFUSED).await;
    assert_eq!(browser.focused().await, WAIT);
    let shown = message_at(browser, WAIT).await;
    assert!(shown.contains("asking.on_resolve.after_minutes"), "{shown}");
}

#[tokio::test]
async fn a_sender_is_required_if_the_rule_sends_conversations() {
    const REQUIRED: &str =
        "A sender address is required if conversations are e-mailed after they are resolved.";
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.click(SEND).await;
    assert_eq!(message_at(browser, "Sender address").await, REQUIRED);
    browser.click("Save").await;
    browser.expect_text(FROM_REQUIRED).await;
    assert_eq!(browser.focused().await, "Sender address");
    browser.click(SEND).await;
    assert_eq!(message_at(browser, "Sender address").await, "");
    browser.click(SEND).await;
    browser.fill("Sender address", SENDER).await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    let saved = stored(&manager).await["transcripts"].take();
    assert_eq!(saved["on_resolve"]["enabled"], true);
}

#[tokio::test]
async fn a_sender_is_required_if_visitors_who_did_not_answer_get_a_mail() {
    const REQUIRED: &str =
        "A sender address is required if visitors who did not answer get an e-mail.";
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.fill(MAIL_AFTER, "24").await;
    browser.press(Key::Tab).await;
    assert_eq!(message_at(browser, "Sender address").await, REQUIRED);
    browser.click("Save").await;
    browser.expect_text(FROM_REQUIRED).await;
    assert_eq!(browser.focused().await, "Sender address");
    browser.fill(MAIL_AFTER, "").await;
    assert_eq!(message_at(browser, "Sender address").await, "");
    browser.fill(MAIL_AFTER, "24").await;
    browser.fill("Sender address", SENDER).await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    let saved = stored(&manager).await["asking"].take();
    assert_eq!(saved["mail_if_unanswered_after_hours"], 24);
    assert_eq!(saved["expires_after_days"], Value::Null);
}
