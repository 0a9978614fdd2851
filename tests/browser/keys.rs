//! What a page with keyboard shortcuts sees of the keys that are pressed in the elements.

use serde_json::{Value, json};
use tests::{Stack, message};
use thirtyfour::Key;

use crate::browser::Browser;
use crate::page::{Host, Page};

/// Shortcuts as many products have them: each key counts but for those in fields, which they know by the target.
const SHORTCUTS: &str = "window.heard = [];
    for (const type of ['keydown', 'keypress', 'keyup', 'paste', 'compositionstart', 'compositionend']) {
        document.addEventListener(type, (event) => {
            if (event.target.matches('input, textarea, select')) return;
            window.heard.push(`${type} ${event.key ?? ''}`);
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
    let request = agent.asked("c1").await;
    visitor
        .rate(&request, json!({ "score": 4 }))
        .await
        .expect(201);
    stack.count().await;
    let (api, visitor, agent) = (stack.url(), visitor.token(), agent.token());
    let body = format!(
        r#"<afterchat-rating api="{api}" token="{visitor}"></afterchat-rating>
        <afterchat-actions api="{api}" token="{agent}" conversation="c1"></afterchat-actions>
        <afterchat-report api="{api}" token="{agent}"></afterchat-report>"#
    );
    let host = Host {
        script: SHORTCUTS,
        ..Host::default()
    };
    let page = Page::hosting(stack, host, &body).await;
    page.browser.expect_text("Thank you for your rating!").await;
    page.browser.expect_text("of 1 rating").await;
    page.browser.click("Send transcript").await;
    page.browser.control("To email").await;
    forget(&page.browser).await;
    page
}

async fn forget(browser: &Browser) {
    browser.run("window.heard.length = 0;", vec![]).await;
}

async fn heard(browser: &Browser) -> Value {
    browser.run("return window.heard;", vec![]).await
}

async fn focus(browser: &Browser, name: &str) {
    browser.control(name).await;
    browser
        .run("control(arguments[0]).focus();", vec![json!(name)])
        .await;
    forget(browser).await;
}

#[tokio::test]
async fn what_is_typed_into_a_field_is_no_shortcut() {
    let stack = Stack::start().await;
    let page = page(&stack).await;
    let browser = &page.browser;
    for field in [
        "Would you like to add something?",
        "To email",
        "From email",
        "Sender name",
        "From",
    ] {
        focus(browser, field).await;
        browser.press("e1?").await;
        for key in [Key::Left, Key::Backspace, Key::Home] {
            browser.press(key).await;
        }
        assert_eq!(heard(browser).await, json!([]), "{field}");
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
    assert_eq!(heard(browser).await, json!([]));
}

#[tokio::test]
async fn escape_and_tab_reach_the_page_from_a_field() {
    let stack = Stack::start().await;
    let page = page(&stack).await;
    let browser = &page.browser;
    focus(browser, "Sender name").await;
    browser.press(Key::Escape).await;
    assert_eq!(
        heard(browser).await,
        json!(["keydown Escape", "keyup Escape"])
    );
    forget(browser).await;
    browser.press(Key::Tab).await;
    let heard = heard(browser).await;
    assert_eq!(heard[0], "keydown Tab");
}

#[tokio::test]
async fn a_button_keeps_the_keys_that_press_it_and_no_others() {
    let stack = Stack::start().await;
    let page = page(&stack).await;
    let browser = &page.browser;
    for button in [
        "4 of 5, Satisfied",
        "Cancel",
        "30 days",
        "Compare with the period before",
    ] {
        focus(browser, button).await;
        browser.press(" ").await;
        assert_eq!(heard(browser).await, json!([]), "{button}");
    }
    focus(browser, "30 days").await;
    browser.press("j").await;
    let pressed = json!(["keydown j", "keypress j", "keyup j"]);
    assert_eq!(heard(browser).await, pressed);

    // A chart moves by arrows.
    let script = "const column = [...everything()].find((it) => it.matches('.column[tabindex=\"0\"]')); column.focus();";
    browser.run(script, vec![]).await;
    forget(browser).await;
    browser.press(Key::Left).await;
    assert_eq!(heard(browser).await, json!([]));
}

#[tokio::test]
async fn escape_that_closes_the_reports_dialog_closes_nothing_else() {
    let stack = Stack::start().await;
    let page = page(&stack).await;
    let browser = &page.browser;
    browser.click("kim").await;
    browser.expect_text("1 rating shown").await;
    forget(browser).await;
    browser.press(Key::Escape).await;
    browser.expect_no_text("1 rating shown").await;
    let heard = heard(browser).await;
    let keydowns: Vec<_> = heard
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| *it == "keydown Escape")
        .collect();
    assert!(keydowns.is_empty(), "{heard}");
}

#[tokio::test]
async fn a_listener_on_the_element_itself_still_sees_each_key() {
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
