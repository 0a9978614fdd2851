use local::Options;
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
