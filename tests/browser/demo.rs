use local::Options;
use serde_json::{Value, json};
use tests::Stack;

use crate::browser::{Browser, Window};
use crate::settings::{SAVED, choose};

async fn stack_with_demo() -> Stack {
    Stack::start_with(Options {
        demo: true,
        ..Stack::options()
    })
    .await
}

/// Turns the switch, and waits until the settings are in effect.
async fn switch_rules(browser: &Browser) {
    let is_ready = "return !control('Rules').disabled;";
    browser.until(is_ready).await;
    browser.click("Rules").await;
    browser.until(is_ready).await;
}

/// Turns the switch and resolves the conversation. The rules then have scheduled that they ask.
async fn resolve_with_rules(browser: &Browser) {
    switch_rules(browser).await;
    browser.click("Resolve").await;
    browser
        .expect_text("The visitor is asked for a rating on")
        .await;
}

async fn stored_settings(stack: &Stack) -> Value {
    let agent = stack.agent("kim").await;
    agent.get("/v1/settings").await.expect(200)["settings"].clone()
}

#[tokio::test]
async fn the_demo_shows_a_rating_a_transcript_and_a_message() {
    let stack = stack_with_demo().await;
    let browser = Browser::open(stack.url(), Window::LAPTOP).await;
    browser.click("Ask for rating").await;
    browser.click("5 of 5, Very satisfied").await;
    browser
        .expect_text("The visitor chose 😍 Very satisfied")
        .await;
    browser.expect_text("Positive").await;

    browser.click("Send transcript").await;
    browser.click("Send").await;
    browser.expect_text("Sent to mara@example.com.").await;
    browser.expect_text("Preview").await;

    browser
        .fill("Message to Brightside Bikes", "One more thing")
        .await;
    browser.click("Send message").await;
    browser.expect_text("One more thing").await;

    assert!(!browser.is_enabled("Ask for rating").await);
    browser.click("A week later").await;
    browser.expect_text("Shows the visitor five faces").await;
    assert!(browser.is_enabled("Ask for rating").await);
    // The page has a strict content security policy, whose violations would be messages here.
    assert_eq!(browser.console_messages().await, Vec::<String>::new());
}

#[tokio::test]
async fn every_state_is_accessible_in_every_window() {
    let stack = stack_with_demo().await;
    let browser = Browser::open(stack.url(), Window::LAPTOP).await;
    browser.control("Ask for rating").await;
    browser.check_in_every_window("begin").await;

    browser.click("Ask for rating").await;
    browser.control("4 of 5, Satisfied").await;
    browser.check_in_every_window("asked").await;

    browser.click("4 of 5, Satisfied").await;
    browser
        .fill("Would you like to add something?", "Quick and kind.")
        .await;
    browser.click("Send comment").await;
    browser.expect_text("your comment was received").await;
    browser.expect_text("The visitor commented").await;
    browser.check_in_every_window("rated").await;
    browser.screenshot("rated-1280-light").await;

    browser.click("Send transcript").await;
    browser.fill("To email", "").await;
    browser.click("Send").await;
    browser.expect_text("Enter the address").await;
    browser.check_in_every_window("form").await;

    browser.fill("To email", "mara@example.com").await;
    browser.click("Send").await;
    browser.expect_text("Preview").await;
    browser.check_in_every_window("sent").await;
}

#[tokio::test]
async fn the_prompt_and_the_mail_follow_the_visitors_language() {
    let stack = stack_with_demo().await;
    let browser = Browser::open(stack.url(), Window::LAPTOP).await;
    browser.click("Ask for rating").await;
    browser.control("5 of 5, Very satisfied").await;
    choose(&browser, "The visitor’s language", "de").await;
    browser.click("5 von 5, Sehr zufrieden").await;
    browser.click("Send transcript").await;
    browser.click("Send").await;
    browser
        .expect_text("Ihr Gespräch mit Brightside Bikes")
        .await;
}

#[tokio::test]
async fn the_demo_has_a_conversation_in_arabic_and_one_in_japanese() {
    let stack = stack_with_demo().await;
    let browser = Browser::open(stack.url(), Window::LAPTOP).await;
    browser.click("佐藤 美咲").await;
    browser.expect_text("ありがとうございました").await;
    browser.click("ليلى حداد").await;
    browser.expect_text("شكرًا جزيلًا يا نور").await;
    assert_eq!(browser.value("The visitor’s language").await, "ar");
    browser.click("Ask for rating").await;
    browser
        .until("const card = document.querySelector('afterchat-rating').shadowRoot.querySelector('.card');
            return !card.hidden && getComputedStyle(card).direction === 'rtl';")
        .await;
    let script = "const said = [...document.querySelectorAll('.said-text')];
        return said.map((it) => getComputedStyle(it).direction).includes('ltr');";
    // The automatic reply, which is in the visitor's language too.
    assert_eq!(browser.run(script, vec![]).await, false);
    browser.check_in_every_window("demo-arabic").await;
    assert_eq!(browser.console_messages().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_demo_edits_the_settings() {
    let stack = stack_with_demo().await;
    let browser = Browser::open(stack.url(), Window::LAPTOP).await;
    browser.click("Settings").await;
    browser.fill("Name", "Brightside Bikes").await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    browser.check_in_every_window("demo-settings").await;
    choose(&browser, "Language of this page", "ar").await;
    browser.expect_text("الإعدادات").await;
    assert_eq!(browser.console_messages().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_round_of_the_rules_leads_to_the_visitors_answer() {
    let stack = stack_with_demo().await;
    let browser = Browser::open(stack.url(), Window::LAPTOP).await;
    browser.expect_text("Nothing is scheduled.").await;
    resolve_with_rules(&browser).await;
    browser.expect_text("The transcript is e-mailed on").await;
    browser.check_in_every_window("demo-scheduled").await;

    browser.click("An hour later").await;
    browser
        .expect_text("A rating was requested automatically, on behalf of Jo Okafor")
        .await;
    browser
        .expect_text("If it is not answered, the rating request expires on")
        .await;
    browser.click("5 of 5, Very satisfied").await;
    browser
        .expect_text("The visitor chose 😍 Very satisfied")
        .await;

    // The schedule of the transcript may be a second later than the first of these hours.
    browser.click("An hour later").await;
    browser.expect_text("sent the transcript to").await;
    let outbox = stack.outbox().await;
    assert_eq!(outbox.len(), 1);
    assert_eq!(outbox[0]["to"], json!(["mara@example.com"]));
    assert_eq!(browser.console_messages().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_request_of_the_rules_that_is_not_answered_expires_a_week_later() {
    let stack = stack_with_demo().await;
    let browser = Browser::open(stack.url(), Window::LAPTOP).await;
    resolve_with_rules(&browser).await;
    browser.click("An hour later").await;
    browser.control("5 of 5, Very satisfied").await;
    browser.click("A week later").await;
    browser
        .expect_text("The rating request expired without an answer")
        .await;
    browser.expect_text("Nothing is scheduled.").await;
    assert!(!browser.has_control("5 of 5, Very satisfied").await);
}

#[tokio::test]
async fn the_rules_do_nothing_in_a_conversation_that_was_opened_again() {
    let stack = stack_with_demo().await;
    let browser = Browser::open(stack.url(), Window::LAPTOP).await;
    resolve_with_rules(&browser).await;
    browser.click("Open again").await;
    browser.expect_text("Nothing is scheduled.").await;
    stack.advance(60 * 60).await;
    stack.settle().await;
    let agent = stack.agent("kim").await;
    assert!(agent.events("demo", "rating_requested").await.is_empty());
    assert!(stack.outbox().await.is_empty());
}

#[tokio::test]
async fn the_switch_keeps_the_other_settings() {
    let stack = stack_with_demo().await;
    let mut settings = stored_settings(&stack).await;
    settings["brand"] = json!({ "name": "Brightside" });
    settings["asking"] = json!({ "on_resolve": {
        "after_minutes": 30,
        "conditions": { "labels_none": ["spam"] },
    } });
    let agent = stack.agent("kim").await;
    agent
        .put("/v1/settings", settings.clone())
        .await
        .expect(200);
    let browser = Browser::open(stack.url(), Window::LAPTOP).await;
    switch_rules(&browser).await;
    let on = stored_settings(&stack).await;
    assert_eq!(on["reasons"], settings["reasons"]);
    assert_eq!(on["brand"], settings["brand"]);
    let rule = &on["asking"]["on_resolve"];
    assert_eq!(rule["enabled"], true);
    assert_eq!(rule["after_minutes"], 15);
    assert_eq!(rule["conditions"]["labels_none"], json!(["spam"]));
    assert_eq!(on["asking"]["expires_after_days"], 7);
    let sending = &on["transcripts"];
    assert_eq!(sending["from"], "help@brightside.example");
    assert_eq!(sending["on_resolve"]["enabled"], true);
    assert_eq!(sending["on_resolve"]["after_minutes"], 60);

    switch_rules(&browser).await;
    let off = stored_settings(&stack).await;
    assert_eq!(off["reasons"], settings["reasons"]);
    assert_ne!(off["asking"]["on_resolve"]["enabled"], true);
    assert_eq!(off["asking"]["expires_after_days"], Value::Null);
    assert_ne!(off["transcripts"]["on_resolve"]["enabled"], true);
    assert_eq!(browser.console_messages().await, Vec::<String>::new());
}
