//! The key events that a page with keyboard shortcuts receives from the elements.

use serde_json::{Value, json};
use tests::{Stack, message};
use thirtyfour::Key;

use crate::browser::Browser;
use crate::conversation::rate;
use crate::page::{Host, Page, elements};

/// Shortcuts as in many products: they handle each key, except if the event's target is a field.
const SHORTCUTS: &str = "window.received = [];
    for (const type of ['keydown', 'keypress', 'keyup', 'paste', 'compositionstart', 'compositionend']) {
        document.addEventListener(type, (event) => {
            if (event.target.matches('input, textarea, select')) return;
            window.received.push(`${type} ${event.key ?? ''}`);
        });
    }";

async fn page(stack: &Stack) -> Page {
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let platform = stack.platform().await;
    let messages = json!({ "messages": [message("m2", "2026-01-05T09:01:00Z", "Hello")] });
    let path = "/v1/conversations/c1/messages";
    platform.post(path, messages).await.expect(200);
    let agent = stack.agent("kim").await;
    rate(stack, &agent, &visitor, json!({ "score": 4 })).await;
    let names = ["rating", "actions", "report", "settings"];
    let body = elements(stack, &visitor, &agent, &names);
    let host = Host {
        script: SHORTCUTS,
        ..Host::default()
    };
    let page = Page::hosting(stack, host, &body).await;
    page.browser.expect_text("Thank you for your rating!").await;
    page.browser.expect_text("of 1 rating").await;
    page.browser.control("Save").await;
    page.browser.click("Send transcript").await;
    page.browser.control("To email").await;
    clear(&page.browser).await;
    page
}

async fn clear(browser: &Browser) {
    browser.run("window.received.length = 0;", vec![]).await;
}

async fn received(browser: &Browser) -> Value {
    browser.run("return window.received;", vec![]).await
}

async fn focus(browser: &Browser, name: &str) {
    browser.control(name).await;
    browser
        .run("control(arguments[0]).focus();", vec![json!(name)])
        .await;
    clear(browser).await;
}

#[tokio::test]
async fn text_typed_into_a_field_is_no_shortcut() {
    let stack = Stack::start().await;
    let page = page(&stack).await;
    let browser = &page.browser;
    for field in [
        "Would you like to add something?",
        "To email",
        "From email",
        "Sender name",
        "Note",
        "From",
        "Reply address",
        "Thanks",
    ] {
        focus(browser, field).await;
        browser.press("e1?").await;
        for key in [Key::Left, Key::Backspace, Key::Home] {
            browser.press(key).await;
        }
        assert_eq!(received(browser).await, json!([]), "{field}");
    }
    focus(browser, "To email").await;
    browser.press(Key::Control + "a").await;
    let script = "const field = control('To email');
        const send = (event) => field.dispatchEvent(event);
        const common = { bubbles: true, composed: true };
        send(new ClipboardEvent('paste', common));
        send(new CompositionEvent('compositionstart', common));
        send(new KeyboardEvent('keydown', { ...common, key: 'Process', isComposing: true }));
        send(new KeyboardEvent('keydown', { ...common, key: 'Escape', isComposing: true }));
        send(new CompositionEvent('compositionend', common));";
    browser.run(script, vec![]).await;
    assert_eq!(received(browser).await, json!([]));
}

#[tokio::test]
async fn escape_and_tab_reach_the_page_from_a_field() {
    let stack = Stack::start().await;
    let page = page(&stack).await;
    let browser = &page.browser;
    focus(browser, "Sender name").await;
    browser.press(Key::Escape).await;
    assert_eq!(
        received(browser).await,
        json!(["keydown Escape", "keyup Escape"])
    );
    clear(browser).await;
    browser.press(Key::Tab).await;
    let events = received(browser).await;
    assert_eq!(events[0], "keydown Tab");
}

#[tokio::test]
async fn the_keys_that_press_a_button_do_not_reach_the_page_and_others_do() {
    let stack = Stack::start().await;
    let page = page(&stack).await;
    let browser = &page.browser;
    for button in [
        "4 of 5, Satisfied",
        "Cancel",
        "30 days",
        "Compare with the period before",
        "Add reason",
    ] {
        focus(browser, button).await;
        browser.press(" ").await;
        assert_eq!(received(browser).await, json!([]), "{button}");
    }
    focus(browser, "30 days").await;
    browser.press("j").await;
    let pressed = json!(["keydown j", "keypress j", "keyup j"]);
    assert_eq!(received(browser).await, pressed);

    // The arrow keys move in a chart.
    let script = "const column = [...everything()].find((it) => it.matches('.column[tabindex=\"0\"]')); column.focus();";
    browser.run(script, vec![]).await;
    clear(browser).await;
    browser.press(Key::Left).await;
    assert_eq!(received(browser).await, json!([]));
}

#[tokio::test]
async fn escape_that_closes_the_reports_dialog_does_not_reach_the_page() {
    let stack = Stack::start().await;
    let page = page(&stack).await;
    let browser = &page.browser;
    browser.click("kim").await;
    browser.expect_text("1 rating shown").await;
    clear(browser).await;
    browser.press(Key::Escape).await;
    browser.expect_no_text("1 rating shown").await;
    let events = received(browser).await;
    let keydowns: Vec<_> = events
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| *it == "keydown Escape")
        .collect();
    assert!(keydowns.is_empty(), "{events}");
}

#[tokio::test]
async fn a_listener_on_the_element_itself_receives_each_key() {
    let stack = Stack::start().await;
    let page = page(&stack).await;
    let browser = &page.browser;
    let script = "window.own = [];
        document.querySelector('afterchat-actions').addEventListener('keydown', (event) => window.own.push(event.key));";
    browser.run(script, vec![]).await;
    focus(browser, "Sender name").await;
    browser.press("e").await;
    assert_eq!(
        browser.run("return window.own;", vec![]).await,
        json!(["e"])
    );
}
