//! Refused and failed saves lose nothing.

use serde_json::json;
use tests::Stack;

use crate::page::Page;
use crate::settings::{
    PATH, SAVED, UNSAVED, asks_before_leaving, choose, manager, page_with, settings_page, stored,
};

const KEPT: &str = "Your changes are still on this page.";

async fn set_token(page: &Page, token: &str) {
    let script =
        "document.querySelector('afterchat-settings').setAttribute('token', arguments[0]);";
    page.browser.run(script, vec![json!(token)]).await;
}

#[tokio::test]
async fn changes_survive_each_failed_save_and_are_saved_afterwards() {
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    assert!(!asks_before_leaving(browser).await);
    browser.fill("Name", "Acme").await;
    assert!(asks_before_leaving(browser).await);

    page.next_call("PUT", "/settings", "drop").await;
    browser.click("Save").await;
    browser.expect_text("Check your internet connection").await;
    browser.expect_text(KEPT).await;
    page.next_call("PUT", "/settings", "fail").await;
    browser.click("Try again").await;
    browser.expect_text("The server returned an error.").await;

    let reader = json!({ "sub": "rey", "scopes": ["ratings:read"] });
    let reader = stack.with_claims(reader).await;
    for (token, message) in [
        ("no.real.token", "Your session has ended."),
        (
            reader.token(),
            "You are not allowed to change the settings.",
        ),
    ] {
        set_token(&page, token).await;
        browser.click("Save").await;
        browser.expect_text(message).await;
        browser.expect_text(KEPT).await;
        browser.expect_text(UNSAVED).await;
        assert_eq!(browser.value("Name").await, "Acme");
    }

    set_token(&page, manager.token()).await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    assert_eq!(stored(&manager).await["brand"]["name"], "Acme");
    assert!(!asks_before_leaving(browser).await);
}

#[tokio::test]
async fn a_save_whose_response_is_lost_is_no_conflict_with_itself() {
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    page.browser.fill("Name", "Acme").await;
    page.next_call("PUT", "/settings", "lose").await;
    page.browser.click("Save").await;
    page.browser.click("Try again").await;
    page.browser.expect_text(SAVED).await;
    assert_eq!(stored(&manager).await["brand"]["name"], "Acme");
}

#[tokio::test]
async fn text_typed_during_a_save_stays_and_is_unsaved() {
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.fill("Name", "Acme").await;
    page.next_call("PUT", "/settings", "hold").await;
    browser.click("Save").await;
    page.is_held().await;
    browser.fill("Name", "Acme Bikes").await;
    page.release().await;
    browser.expect_text(UNSAVED).await;
    assert_eq!(stored(&manager).await["brand"]["name"], "Acme");
    assert_eq!(browser.value("Name").await, "Acme Bikes");
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    assert_eq!(stored(&manager).await["brand"]["name"], "Acme Bikes");
}

#[tokio::test]
async fn a_refused_setting_gets_the_focus_and_the_sentence_of_the_api() {
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    choose(browser, "Language to edit", "pl").await;
    browser.fill("Question", "Jak było z {agnet}?").await;
    choose(browser, "Language to edit", "de").await;
    browser.fill("Thanks", "Danke!").await;
    browser.click("Save").await;
    browser
        .expect_text("texts.pl.question must not contain { or }.")
        .await;
    browser.expect_text("The settings are not saved").await;
    assert_eq!(browser.focused().await, "Question");
    assert_eq!(browser.value("Language to edit").await, "pl");
    assert_eq!(browser.value("Question").await, "Jak było z {agnet}?");

    browser.fill("Question", "Jak było?").await;
    browser.expect_no_text("texts.pl.question").await;
    browser.fill("Reply address", "a@b@c").await;
    browser.click("Save").await;
    browser.expect_text("brand.reply_to must").await;
    assert_eq!(browser.focused().await, "Reply address");
    browser.fill("Reply address", "").await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    let texts = json!({ "pl": { "question": "Jak było?" }, "de": { "thanks": "Danke!" } });
    assert_eq!(stored(&manager).await["texts"], texts);
}

#[tokio::test]
async fn a_field_that_is_left_shows_the_rule_that_it_breaks() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    for (field, text, rule) in [
        (
            "Name",
            "ü".repeat(101),
            "Write at most 100 characters. There are 101.",
        ),
        (
            "Reply address",
            "nobody".to_owned(),
            "Enter one e-mail address.",
        ),
        (
            "Logo (URL)",
            "http://acme.example/l.png".to_owned(),
            "begins with https://",
        ),
        ("Accent colour", "red".to_owned(), "six hexadecimal digits"),
        (
            "Subject of e-mails",
            "{agent}".to_owned(),
            "except for {brand}, {conversation}, {date}.",
        ),
    ] {
        browser.fill(field, &text).await;
        browser.press(thirtyfour::Key::Tab).await;
        browser.expect_text(rule).await;
        browser.fill(field, "").await;
        browser.expect_no_text(rule).await;
    }
}

#[tokio::test]
async fn settings_of_a_newer_version_stay_until_somebody_removes_them() {
    let stack = Stack::start().await;
    let manager = manager(&stack).await;
    manager
        .put(PATH, json!({ "brand": { "name": "Acme" } }))
        .await
        .expect(200);
    let items = stack.items().await;
    let item = items
        .iter()
        .find(|item| item["sk"]["S"] == "SETTINGS")
        .unwrap();
    let pk = item["pk"]["S"].as_str().unwrap();
    let newer = json!({ "brand": { "name": "Acme", "slogan": "Go" }, "surveys": { "after": 1 } });
    let change = |item: &mut serde_json::Value| item["document"]["S"] = json!(newer.to_string());
    stack.change(pk, "SETTINGS", change).await;

    let page = settings_page(&stack, &manager).await;
    let browser = &page.browser;
    browser
        .expect_text("does not know: surveys, brand.slogan")
        .await;
    assert!(!browser.has_control("Remove these settings").await);
    browser.fill("Name", "Bolt").await;
    browser.click("Save").await;
    browser.expect_text("so nothing was saved").await;
    assert_eq!(browser.focused().await, "Remove these settings");
    assert_eq!(stored(&manager).await, newer);
    assert_eq!(browser.value("Name").await, "Bolt");

    browser.click("Remove these settings").await;
    browser.expect_no_text("does not know").await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    assert_eq!(
        stored(&manager).await,
        json!({ "brand": { "name": "Bolt" } })
    );
}

#[tokio::test]
async fn a_page_that_cannot_read_the_settings_tries_again() {
    let stack = Stack::start().await;
    let stranger = stack.bearer("no.real.token");
    let page = Page::of_settings(&stack, &stranger).await;
    let browser = &page.browser;
    browser
        .expect_text("Your session has ended. Sign in again.")
        .await;
    assert!(!browser.has_control("Save").await);
    page.next_call("GET", "/settings", "drop").await;
    set_token(&page, manager(&stack).await.token()).await;
    browser.expect_text("Check your internet connection").await;
    browser.click("Try again").await;
    browser.expect_text("All changes are saved").await;
    browser.control("Save").await;
}
