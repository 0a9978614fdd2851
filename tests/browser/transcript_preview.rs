//! The note of the form "Send transcript", and the preview of the mail.

use serde_json::{Value, json};
use tests::{SENDER, Stack, message, transcript};
use thirtyfour::Key;

use crate::browser::{Browser, Window};
use crate::organisation::store_settings;
use crate::page::Page;
use crate::sidebar::{click_twice, inbox};

const NOTE: &str = "Your bike is ready on Friday.";

pub(crate) const TITLE: &str = "Preview of the e-mail";

const ATTACK: &str = "<img src=x onerror=window.attacked=1><script>window.attacked=1</script>";

/// The inbox with the open form.
async fn form(stack: &Stack) -> Page {
    let page = inbox(stack).await;
    page.browser.click("Send transcript").await;
    page
}

/// The inbox with the open preview.
async fn preview(stack: &Stack) -> Page {
    let page = form(stack).await;
    page.browser.click("Preview").await;
    page.browser.expect_text(TITLE).await;
    page
}

/// Records another message of the visitor.
async fn record(stack: &Stack, text: &str) {
    let messages = json!({ "messages": [message("m2", "2026-01-05T09:01:00Z", text)] });
    let platform = stack.platform().await;
    let path = "/v1/conversations/c1/messages";
    platform.post(path, messages).await.expect(200);
}

/// Replaces the note. Unlike typed text, it may contain any character.
async fn set_note(browser: &Browser, text: &str) {
    browser.control("Note").await;
    let script = "const note = control('Note');
        note.value = arguments[0];
        note.dispatchEvent(new Event('input'));";
    browser.run(script, vec![json!(text)]).await;
}

/// The text of the mail in the preview.
pub(crate) async fn mail_text(browser: &Browser) -> String {
    let text = browser.run_in_frame("return document.body.innerText;");
    text.await.as_str().unwrap().to_owned()
}

async fn expect_no_attack(browser: &Browser) {
    let attacked = browser.run("return window.attacked ?? null;", vec![]);
    assert_eq!(attacked.await, Value::Null);
}

#[tokio::test]
async fn a_note_is_in_the_preview_and_in_the_mail_that_is_sent() {
    let stack = Stack::start().await;
    let page = form(&stack).await;
    let browser = &page.browser;
    browser.fill("Note", NOTE).await;
    browser.click("Preview").await;
    browser.expect_text(TITLE).await;
    let shown = mail_text(browser).await;
    assert!(shown.contains(NOTE), "{shown}");
    assert!(shown.contains("Hello"), "{shown}");

    browser.click("Send").await;
    browser.expect_text("Sent to ana@example.org.").await;
    let outbox = stack.outbox().await;
    assert_eq!(outbox.len(), 1);
    for part in ["html", "text"] {
        let content = outbox[0][part].as_str().unwrap();
        assert!(content.contains(NOTE), "{part}: {content}");
    }
    browser.click("Send transcript").await;
    assert_eq!(browser.value("Note").await, "");
}

#[tokio::test]
async fn a_blank_note_is_not_sent() {
    let stack = Stack::start().await;
    let page = form(&stack).await;
    page.browser.fill("Note", "   ").await;
    page.browser.click("Send").await;
    page.browser.expect_text("Sent to ana@example.org.").await;
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_note_that_is_too_long_shows_the_rule_at_its_field() {
    const RULE: &str = "Write at most 2000 characters.";
    let stack = Stack::start().await;
    let page = form(&stack).await;
    let browser = &page.browser;
    set_note(browser, &"😀".repeat(2_001)).await;
    browser
        .expect_text(&format!("{RULE} There are 2001."))
        .await;
    for button in ["Preview", "Send"] {
        browser.click(button).await;
        assert_eq!(browser.focused().await, "Note", "{button}");
    }
    set_note(browser, &"😀".repeat(2_000)).await;
    browser.expect_no_text(RULE).await;
    browser.click("Send").await;
    browser.expect_text("Sent to ana@example.org.").await;
    assert_eq!(page.calls("POST", "/transcripts").await.len(), 1);
    assert_eq!(page.calls("POST", "/preview").await.len(), 0);
}

#[tokio::test]
async fn a_preview_describes_the_mail_and_sends_nothing() {
    let stack = Stack::start().await;
    stack.begin_an_hour().await;
    let page = form(&stack).await;
    let browser = &page.browser;
    click_twice(&page, "Preview").await;
    browser.expect_text(TITLE).await;
    let agent = stack.agent("kim").await;
    let path = "/v1/conversations/c1/transcripts/preview";
    let expected = agent.post(path, transcript()).await.expect(200);
    let facts = "const parts = [...everything()];
        return parts.filter((part) => part.matches('dialog dd')).map((part) => part.textContent);";
    let subject = &expected["subject"];
    let shown = json!(["ana@example.org", "English", subject, "1"]);
    assert_eq!(browser.run(facts, vec![]).await, shown);
    let frame = "const frame = [...everything()].find((part) => part.matches('iframe'));
        return [frame.title, frame.getAttribute('sandbox')];";
    assert_eq!(browser.run(frame, vec![]).await, json!([subject, ""]));

    browser.click("Close").await;
    browser.expect_no_text(TITLE).await;
    assert_eq!(browser.focused().await, "Preview");
    page.refresh().await;
    browser.expect_text("5 of 5 left").await;
    browser.expect_no_text("sent the transcript").await;
    assert!(stack.outbox().await.is_empty());
    let calls = page.calls("POST", "/preview").await;
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0]["key"], Value::Null);
}

#[tokio::test]
async fn the_preview_can_be_used_with_the_keyboard_only() {
    let stack = Stack::start().await;
    let page = form(&stack).await;
    let browser = &page.browser;
    for key in [Key::Enter, Key::Space] {
        let focus = "control('Preview').focus();";
        browser.run(focus, vec![]).await;
        browser.press(key).await;
        browser.expect_text(TITLE).await;
        assert_eq!(browser.focused().await, TITLE);
        browser.press(Key::Escape).await;
        browser.expect_no_text(TITLE).await;
        assert_eq!(browser.focused().await, "Preview");
    }
    assert!(stack.outbox().await.is_empty());
}

#[tokio::test]
async fn two_clicks_in_the_preview_send_one_mail() {
    let stack = Stack::start().await;
    let page = preview(&stack).await;
    let browser = &page.browser;
    click_twice(&page, "Send").await;
    browser.expect_text("Sent to ana@example.org.").await;
    browser.expect_no_text(TITLE).await;
    assert_eq!(browser.focused().await, "Sent to ana@example.org.");
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(page.calls("POST", "/transcripts").await.len(), 1);
}

#[tokio::test]
async fn a_lost_response_to_a_previewed_transcript_sends_one_mail() {
    let stack = Stack::start().await;
    let page = preview(&stack).await;
    let browser = &page.browser;
    page.next_call("POST", "/transcripts", "lose").await;
    browser.click("Send").await;
    browser.expect_text("It will not be done twice").await;
    browser.expect_no_text(TITLE).await;
    browser.click("Preview").await;
    browser.expect_text(TITLE).await;
    browser.click("Send").await;
    browser.expect_text("Sent to ana@example.org.").await;
    assert_eq!(stack.outbox().await.len(), 1);
    let calls = page.calls("POST", "/transcripts").await;
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0]["key"], calls[1]["key"]);
}

#[tokio::test]
async fn a_transcript_with_another_note_is_another_transcript() {
    let stack = Stack::start().await;
    let page = form(&stack).await;
    let browser = &page.browser;
    page.next_call("POST", "/transcripts", "lose").await;
    browser.click("Send").await;
    browser.expect_text("It will not be done twice").await;
    browser.fill("Note", NOTE).await;
    browser.click("Send").await;
    browser.expect_text("Sent to ana@example.org.").await;
    assert_eq!(stack.outbox().await.len(), 2);
    let calls = page.calls("POST", "/transcripts").await;
    assert_ne!(calls[0]["key"], calls[1]["key"]);
}

#[tokio::test]
async fn a_note_that_changes_while_the_preview_is_prepared_is_in_the_preview() {
    let stack = Stack::start().await;
    let page = form(&stack).await;
    let browser = &page.browser;
    page.next_call("POST", "/preview", "hold").await;
    browser.click("Preview").await;
    page.is_held().await;
    browser.fill("Note", NOTE).await;
    page.release().await;
    browser.expect_text(TITLE).await;
    let shown = mail_text(browser).await;
    assert!(shown.contains(NOTE), "{shown}");
}

#[tokio::test]
async fn markup_in_messages_and_notes_is_text_in_the_preview() {
    let stack = Stack::start().await;
    let page = form(&stack).await;
    let browser = &page.browser;
    record(&stack, ATTACK).await;
    browser.fill("Note", &format!("Note {ATTACK}")).await;
    browser.click("Preview").await;
    browser.expect_text(TITLE).await;
    let shown = mail_text(browser).await;
    assert_eq!(shown.matches(ATTACK).count(), 2, "{shown}");
    let made = browser.run_in_frame("return document.querySelectorAll('script, img').length;");
    assert_eq!(made.await, 0);
    expect_no_attack(browser).await;
}

/// The API escapes what people write. The sandbox protects the page even if it did not.
#[tokio::test]
async fn a_script_in_the_mail_does_not_run_in_the_preview() {
    let stack = Stack::start().await;
    let page = form(&stack).await;
    let browser = &page.browser;
    let script = "const original = window.fetch;
        window.fetch = async (address, request) => {
            const response = await original(address, request);
            if (!String(address).endsWith('/preview')) return response;
            const mail = await response.json();
            const attack = 'for (const it of [window, parent, top]) it.attacked = 1; document.title = 1';
            mail.html += `<img src=x onerror=\"${attack}\"><script>${attack}</${'script'}>`;
            return Response.json(mail);
        };";
    browser.run(script, vec![]).await;
    browser.click("Preview").await;
    browser.expect_text(TITLE).await;
    let state = "return [document.images.length, document.scripts.length, document.title === '1'];";
    let found = browser.run_in_frame(state).await;
    assert_eq!(found, json!([1, 1, false]));
    expect_no_attack(browser).await;
}

#[tokio::test]
async fn a_link_in_the_preview_leads_nowhere() {
    let stack = Stack::start().await;
    let page = form(&stack).await;
    let browser = &page.browser;
    record(&stack, "See https://example.com/bikes").await;
    browser.click("Preview").await;
    browser.expect_text(TITLE).await;
    // The driver waits for a navigation before it runs the next script.
    let click = "document.querySelector('a[href^=http]').click();";
    browser.run_in_frame(click).await;
    let address = browser.run_in_frame("return location.href;").await;
    assert_eq!(address, "about:srcdoc");
    let shown = mail_text(browser).await;
    assert!(shown.contains("https://example.com/bikes"), "{shown}");
}

#[tokio::test]
async fn an_error_of_the_preview_is_shown_in_the_form() {
    let stack = Stack::start().await;
    let page = form(&stack).await;
    let browser = &page.browser;
    browser.fill("To email", "not an address").await;
    browser.click("Preview").await;
    browser.expect_text("cannot be sent to this address").await;
    assert_eq!(browser.focused().await, "To email");
    browser.fill("To email", "ana@example.org").await;

    page.next_call("POST", "/preview", "drop").await;
    browser.click("Preview").await;
    browser.expect_text("Check your internet connection").await;

    // The sender stays in the form until the page reads the conversation again.
    page.all_calls("GET", "/c1", "drop").await;
    let agent = stack.agent("kim").await;
    let sender = format!("/v1/senders/{SENDER}");
    assert_eq!(agent.delete(&sender).await.status, 204);
    browser.click("Preview").await;
    browser.expect_text("This address is not verified.").await;
    assert_eq!(browser.focused().await, "From email");
    browser.expect_no_text(TITLE).await;
}

#[tokio::test]
async fn the_preview_is_accessible_in_every_window() {
    let stack = Stack::start().await;
    let page = form(&stack).await;
    let browser = &page.browser;
    record(&stack, &"a_very_long_word_".repeat(20)).await;
    browser.fill("Note", &"Hello again. ".repeat(30)).await;
    browser.check_in_every_window("transcript-form").await;
    browser.click("Preview").await;
    browser.expect_text(TITLE).await;
    browser.check_in_every_window("transcript-preview").await;

    let script = "document.querySelector('afterchat-actions').lang = 'ar';";
    browser.run(script, vec![]).await;
    browser.expect_text("معاينة الرسالة الإلكترونية").await;
    browser.expect_text("الإنجليزية").await;
    browser
        .check_in_every_window("transcript-preview-arabic")
        .await;
}

#[tokio::test]
async fn the_preview_is_as_wide_as_a_narrow_page() {
    let stack = Stack::start().await;
    let page = preview(&stack).await;
    let browser = &page.browser;
    browser.set(Window::PHONE).await;
    let script = "const dialog = [...everything()].find((it) => it.matches('dialog'));
        const { width } = dialog.getBoundingClientRect();
        const hasBar = dialog.scrollHeight > dialog.clientHeight;
        const buttons = [...dialog.querySelectorAll('button')].map((it) => it.offsetHeight >= 44);
        return [width, hasBar, ...buttons];";
    let found = browser.run(script, vec![]).await;
    assert_eq!(found, json!([360, false, true, true]));
}

#[tokio::test]
async fn the_thread_shows_that_the_visitor_requested_the_transcript() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let settings = json!({ "transcripts": { "from": SENDER, "visitor_may_request": true } });
    store_settings(&stack, &settings).await;
    let reply = visitor.post("/v1/visitor/transcripts", json!({})).await;
    reply.expect(201);
    let agent = stack.agent("kim").await;
    let page = Page::of_agent(&stack, &agent, "c1").await;
    page.browser
        .expect_text("The visitor had the transcript sent to ana@example.org")
        .await;
}
