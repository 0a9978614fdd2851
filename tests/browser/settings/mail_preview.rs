//! The preview of a conversation's mail in the settings page.

use serde_json::json;
use tests::{Caller, SENDER, Stack, message};
use thirtyfour::Key;

use crate::page::Page;
use crate::settings::{PATH, SAVED, UNSAVED, manager, settings_page, speak};
use crate::transcript_preview::{TITLE, mail_text};

const ID: &str = "Id of the conversation";
const UNSAVED_NOTE: &str = "The preview does not show your unsaved changes.";

/// How long the functions may use a copy of the settings, with a margin.
const COPY_SECONDS: u64 = 61;

/// A person who may change the settings and see transcripts.
async fn previewer(stack: &Stack) -> Caller {
    let claims = json!({ "sub": "rey", "scopes": ["settings:write", "transcripts:send"] });
    stack.with_claims(claims).await
}

/// The page of an organisation with a sender and the conversation `c1`.
async fn page_with_sender(stack: &Stack, caller: &Caller) -> Page {
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let settings = json!({ "brand": { "name": "Acme" }, "transcripts": { "from": SENDER } });
    caller.put(PATH, settings).await.expect(200);
    settings_page(stack, caller).await
}

#[tokio::test]
async fn the_preview_describes_the_mail_and_sends_nothing() {
    let stack = Stack::start().await;
    let caller = previewer(&stack).await;
    let page = page_with_sender(&stack, &caller).await;
    let browser = &page.browser;
    browser.fill(ID, " c1 ").await;
    browser.click("Preview").await;
    browser.expect_text(TITLE).await;
    let path = "/v1/conversations/c1/transcripts/preview";
    let body = json!({ "from": SENDER, "sender_name": "Acme" });
    let expected = caller.post(path, body).await.expect(200);
    let facts = "const parts = [...everything()];
        return parts.filter((part) => part.matches('dialog dd')).map((part) => part.textContent);";
    let shown = json!(["ana@example.org", "English", expected["subject"], "1"]);
    assert_eq!(browser.run(facts, vec![]).await, shown);
    let mail = mail_text(browser).await;
    assert!(mail.contains("Hello"), "{mail}");
    assert!(!browser.has_control("Send").await);

    browser.click("Close").await;
    browser.expect_no_text(TITLE).await;
    assert_eq!(browser.focused().await, "Preview");
    assert!(stack.outbox().await.is_empty());
    let calls = page.calls("POST", "").await;
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0]["path"], path);
}

#[tokio::test]
async fn the_preview_shows_saved_settings_and_says_so() {
    const INTRODUCTION: &str = "Here is what we said.";
    let stack = Stack::start().await;
    let caller = previewer(&stack).await;
    let page = page_with_sender(&stack, &caller).await;
    let browser = &page.browser;
    browser.fill(ID, "c1").await;
    browser.expect_no_text(UNSAVED_NOTE).await;
    browser.fill("Introduction of e-mails", INTRODUCTION).await;
    browser.expect_text(UNSAVED_NOTE).await;
    browser.click("Preview").await;
    browser.expect_text(TITLE).await;
    let mail = mail_text(browser).await;
    assert!(!mail.contains(INTRODUCTION), "{mail}");
    browser.click("Close").await;

    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    browser.expect_no_text(UNSAVED_NOTE).await;
    stack.advance(COPY_SECONDS).await;
    browser.click("Preview").await;
    browser.expect_text(TITLE).await;
    let mail = mail_text(browser).await;
    assert!(mail.contains(INTRODUCTION), "{mail}");
}

#[tokio::test]
async fn enter_in_the_field_shows_the_preview_and_saves_nothing() {
    let stack = Stack::start().await;
    let caller = previewer(&stack).await;
    let page = page_with_sender(&stack, &caller).await;
    let browser = &page.browser;
    browser.fill("Thanks", "Cheers!").await;
    browser.fill(ID, "c1").await;
    browser.press(Key::Enter).await;
    browser.expect_text(TITLE).await;
    browser.press(Key::Escape).await;
    browser.expect_no_text(TITLE).await;
    browser.expect_text(UNSAVED).await;
    assert_eq!(page.calls("PUT", "/settings").await.len(), 0);
}

#[tokio::test]
async fn a_session_that_may_not_see_transcripts_is_told_which_scope_it_lacks() {
    let stack = Stack::start().await;
    let manager = manager(&stack).await;
    let page = page_with_sender(&stack, &manager).await;
    let browser = &page.browser;
    browser.fill(ID, "c1").await;
    browser.click("Preview").await;
    browser
        .expect_text("You are not allowed to see transcripts.")
        .await;
    browser.expect_text("transcripts:send").await;
    browser.expect_no_text(TITLE).await;
}

#[tokio::test]
async fn a_conversation_without_a_mail_has_its_reason_in_the_form() {
    let stack = Stack::start().await;
    let caller = previewer(&stack).await;
    let page = page_with_sender(&stack, &caller).await;
    let browser = &page.browser;
    browser.click("Preview").await;
    browser.expect_text("Enter the id of a conversation.").await;
    assert_eq!(browser.focused().await, ID);
    assert_eq!(page.calls("POST", "/preview").await.len(), 0);

    browser.fill(ID, "nobody").await;
    browser.expect_no_text("Enter the id").await;
    browser.click("Preview").await;
    browser
        .expect_text("This conversation does not exist.")
        .await;
    assert_eq!(browser.focused().await, ID);

    let platform = stack.platform().await;
    let nobody = json!({ "channel": "widget", "visitor": { "name": "Ben" } });
    platform
        .put("/v1/conversations/c2", nobody)
        .await
        .expect(201);
    let messages = json!({ "messages": [message("m1", "2026-01-05T09:00:00Z", "Hi")] });
    platform
        .post("/v1/conversations/c2/messages", messages)
        .await
        .expect(200);
    browser.fill(ID, "c2").await;
    browser.click("Preview").await;
    browser
        .expect_text("No e-mail address is recorded for the visitor")
        .await;
    browser.expect_no_text("does not exist").await;

    page.next_call("POST", "/preview", "drop").await;
    browser.fill(ID, "c1").await;
    browser.click("Preview").await;
    browser.expect_text("Check your internet connection").await;
    browser.click("Preview").await;
    browser.expect_text(TITLE).await;
    browser.click("Close").await;
    browser
        .expect_no_text("Check your internet connection")
        .await;
}

#[tokio::test]
async fn a_sender_must_be_saved_before_a_preview() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let caller = previewer(&stack).await;
    let page = settings_page(&stack, &caller).await;
    let browser = &page.browser;
    browser.fill("Sender address", SENDER).await;
    browser.fill(ID, "c1").await;
    browser.click("Preview").await;
    browser
        .expect_text("The saved settings have no sender address.")
        .await;
    assert_eq!(page.calls("POST", "/preview").await.len(), 0);
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    browser.click("Preview").await;
    browser
        .expect_text("The saved sender address is not verified.")
        .await;
}

#[tokio::test]
async fn the_preview_closes_with_the_element() {
    let stack = Stack::start().await;
    let caller = previewer(&stack).await;
    let page = page_with_sender(&stack, &caller).await;
    let browser = &page.browser;
    browser.fill(ID, "c1").await;
    browser.click("Preview").await;
    browser.expect_text(TITLE).await;
    let script = "const settings = document.querySelector('afterchat-settings');
        const { parentNode } = settings;
        settings.remove();
        parentNode.append(settings);
        return [...everything()].some((it) => it.matches('dialog[open]'));";
    assert_eq!(browser.run(script, vec![]).await, json!(false));
}

#[tokio::test]
async fn the_preview_of_a_mail_is_accessible_in_every_window() {
    let stack = Stack::start().await;
    let caller = previewer(&stack).await;
    let page = page_with_sender(&stack, &caller).await;
    let browser = &page.browser;
    browser.fill("Thanks", "Cheers!").await;
    browser.fill(ID, "nobody").await;
    browser.click("Preview").await;
    browser
        .expect_text("This conversation does not exist.")
        .await;
    browser
        .check_in_every_window("settings-mail-preview-refused")
        .await;
    browser.fill(ID, "c1").await;
    browser.click("Preview").await;
    browser.expect_text(TITLE).await;
    browser.check_in_every_window("settings-mail-preview").await;
    speak(browser, "ar").await;
    browser.expect_text("معاينة الرسالة الإلكترونية").await;
    browser
        .check_in_every_window("settings-mail-preview-arabic")
        .await;
}
