//! The page of the stand-in for Chatwoot: both sides of a conversation.

use tests::{ChatPlatform, Stack};

use crate::browser::{Browser, Window};

#[tokio::test]
async fn a_macro_asks_the_visitor_and_the_choice_is_thanked_for() {
    let stack = Stack::start_with(Stack::options_for_platforms()).await;
    let platform = ChatPlatform::start().await;
    platform.start_conversation("Where is my parcel?");
    let browser = Browser::open(&platform.chatwoot.origin(), Window::LAPTOP).await;
    browser.expect_text("The account is not connected.").await;
    browser.check_in_every_window("chatwoot-begin").await;

    let admin = stack.agent("lee").await;
    let connection = "/v1/connections/chatwoot/main";
    let connected = admin.put(connection, platform.connection()).await;
    connected.expect(201);
    browser.expect_text("The account is connected.").await;
    let plan = local_chatwoot::DeliveryPlan::in_order();
    let deliver = async || {
        // A hook can cause a post, which causes a hook.
        for _ in 0..3 {
            platform.chatwoot.deliver_hooks(&plan).await;
            stack.settle().await;
        }
    };
    browser
        .fill("Message to the team", "It has not arrived.")
        .await;
    browser.click("Send as visitor").await;
    browser.expect_text("It has not arrived.").await;
    deliver().await;
    browser.click("Ask for a rating").await;
    browser.expect_text("/ask-rating").await;
    deliver().await;
    browser
        .expect_text("Lee asked the visitor for a rating.")
        .await;
    browser.click("😍 Very satisfied").await;
    browser.expect_text("😍 Very satisfied ✓").await;
    deliver().await;
    browser.expect_text("Thank you").await;
    browser.check_in_every_window("chatwoot-rated").await;
    browser.screenshot("chatwoot-1280-light").await;
    browser.click("Resolve").await;
    browser.expect_text("Open again").await;
    assert_eq!(browser.console_messages().await, Vec::<String>::new());
}
