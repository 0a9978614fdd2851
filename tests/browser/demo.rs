use local::Options;
use tests::Stack;

use crate::browser::{Browser, Window};

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
