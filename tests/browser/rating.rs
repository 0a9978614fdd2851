use serde_json::json;
use tests::{Caller, Stack};
use thirtyfour::Key;

use crate::conversation::rating;
use crate::page::Page;

const QUESTION: &str = "How was your conversation";
const SATISFIED: &str = "4 of 5, Satisfied";

/// A visitor with a rating request, and the visitor's page, which does not poll.
async fn page_with_request(stack: &Stack) -> (Caller, Page) {
    let visitor = stack.conversation("c1").await;
    stack.agent("kim").await.ask_for_id("c1").await;
    let page = Page::of_visitor(stack, &visitor, r#"polling="off""#).await;
    page.browser.expect_text(QUESTION).await;
    (visitor, page)
}

#[tokio::test]
async fn the_faces_appear_after_a_rating_request_and_one_press_records() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let page = Page::of_visitor(&stack, &visitor, "").await;
    let browser = &page.browser;
    page.refresh().await;
    assert!(!browser.has_control(SATISFIED).await);

    stack.agent("kim").await.ask_for_id("c1").await;
    browser.expect_text(QUESTION).await;
    assert_eq!(browser.focused().await, "Message");
    for name in [
        "1 of 5, Very dissatisfied",
        "2 of 5, Dissatisfied",
        "3 of 5, Neutral",
        SATISFIED,
        "5 of 5, Very satisfied",
    ] {
        let face = browser.control(name).await.rect().await.unwrap();
        assert!(
            face.width >= 44.0 && face.height >= 44.0,
            "{name}: {face:?}"
        );
    }

    browser.click(SATISFIED).await;
    browser.expect_text("Thank you for your rating!").await;
    assert_eq!(rating(&stack).await["score"], 4);
    assert_eq!(browser.focused().await, SATISFIED);
}

#[tokio::test]
async fn a_visitor_can_rate_and_comment_with_the_keyboard_only() {
    let stack = Stack::start().await;
    let (_, page) = page_with_request(&stack).await;
    let browser = &page.browser;
    for _ in 0..5 {
        browser.press(Key::Tab).await;
    }
    assert_eq!(browser.focused().await, "5 of 5, Very satisfied");
    browser.press(Key::Enter).await;
    browser.expect_text("Thank you for your rating!").await;

    browser.press(Key::Tab).await;
    assert_eq!(browser.focused().await, "Would you like to add something?");
    browser.press("Quick and kind.").await;
    browser.press(Key::Tab).await;
    browser.press(Key::Enter).await;
    browser.expect_text("your comment was received").await;
    assert_eq!(browser.focused().await, "Change comment");
    let rating = rating(&stack).await;
    assert_eq!(rating["score"], 5);
    assert_eq!(rating["comment"], "Quick and kind.");
}

#[tokio::test]
async fn a_rating_can_be_changed_for_a_day() {
    let stack = Stack::start().await;
    let (_, page) = page_with_request(&stack).await;
    let browser = &page.browser;
    browser.click(SATISFIED).await;
    browser.expect_text("Thank you for your rating!").await;
    page.next_call("PUT", "/rating", "hold").await;
    browser.click("2 of 5, Dissatisfied").await;
    browser.expect_text("Saving").await;
    page.release().await;
    browser.expect_no_text("Saving").await;
    assert_eq!(rating(&stack).await["score"], 2);

    stack.advance(24 * 60 * 60).await;
    browser.click("3 of 5, Neutral").await;
    browser
        .expect_text("This rating can no longer be changed.")
        .await;
    assert_eq!(rating(&stack).await["score"], 2);
}

#[tokio::test]
async fn the_press_and_the_comment_survive_a_failing_api() {
    let stack = Stack::start().await;
    let (_, page) = page_with_request(&stack).await;
    let browser = &page.browser;
    page.next_call("PUT", "/rating", "fail").await;
    browser.click(SATISFIED).await;
    browser
        .expect_text("Something went wrong on our side")
        .await;
    browser.click("Try again").await;
    browser.expect_text("Thank you for your rating!").await;

    let comment = "Would you like to add something?";
    page.next_call("PUT", "/rating", "drop").await;
    browser.fill(comment, "Thanks a lot").await;
    browser.click("Send comment").await;
    browser.expect_text("We could not reach the server").await;
    assert_eq!(browser.value(comment).await, "Thanks a lot");
    browser.click("Try again").await;
    browser.expect_text("your comment was received").await;
    let rating = rating(&stack).await;
    assert_eq!(
        (&rating["score"], &rating["comment"]),
        (&json!(4), &json!("Thanks a lot"))
    );
}

#[tokio::test]
async fn a_late_response_does_not_undo_a_rating() {
    let stack = Stack::start().await;
    let (_, page) = page_with_request(&stack).await;
    let browser = &page.browser;
    page.next_call("GET", "/rating-request", "hold").await;
    page.start_refresh().await;
    page.is_held().await;
    browser.click(SATISFIED).await;
    browser.expect_text("Thank you for your rating!").await;
    page.release().await;
    page.end_refresh().await;
    let shown = browser.text().await;
    assert!(shown.contains("Thank you for your rating!"), "{shown}");
    let face = browser.control(SATISFIED).await;
    assert_eq!(face.attr("aria-pressed").await.unwrap().unwrap(), "true");
}

#[tokio::test]
async fn a_newer_request_replaces_the_shown_one() {
    let stack = Stack::start().await;
    let (_, page) = page_with_request(&stack).await;
    let browser = &page.browser;
    stack.agent("lee").await.ask_for_id("c1").await;
    browser.click(SATISFIED).await;
    browser.expect_text("There is a newer rating request").await;
    page.refresh().await;
    browser.click(SATISFIED).await;
    browser.expect_text("Thank you for your rating!").await;
    assert_eq!(rating(&stack).await["agent_id"], "lee");
}

#[tokio::test]
async fn the_question_disappears_when_the_conversation_is_reopened() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    stack.agent("kim").await.ask_for_id("c1").await;
    let page = Page::of_visitor(&stack, &visitor, "").await;
    page.browser.expect_text(QUESTION).await;
    let platform = stack.platform().await;
    for status in ["resolved", "open"] {
        let change = json!({ "status": status });
        let path = "/v1/conversations/c1";
        platform.put(path, change).await.expect(200);
    }
    page.browser.expect_no_text(QUESTION).await;
    assert!(!page.browser.has_control(SATISFIED).await);

    stack.agent("lee").await.ask_for_id("c1").await;
    page.browser.expect_text(QUESTION).await;
}

#[tokio::test]
async fn the_question_uses_the_conversations_language_or_the_pages() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let language = json!({ "visitor": { "language": "ar-EG" } });
    let platform = stack.platform().await;
    platform
        .put("/v1/conversations/c1", language)
        .await
        .expect(200);
    stack.agent("kim").await.ask_for_id("c1").await;

    let page = Page::of_visitor(&stack, &visitor, "").await;
    page.browser.expect_text("كيف كانت محادثتك").await;
    let script = "return [...everything()].find((it) => it.matches('.card')).dir;";
    assert_eq!(page.browser.run(script, vec![]).await, "rtl");

    let page = Page::of_visitor(&stack, &visitor, r#"lang="de""#).await;
    page.browser.control("1 von 5, Sehr unzufrieden").await;
}

#[tokio::test]
async fn a_page_can_replace_texts_and_receives_an_event_for_the_rating() {
    let stack = Stack::start().await;
    let (_, page) = page_with_request(&stack).await;
    let browser = &page.browser;
    browser
        .run(
            "const rating = document.querySelector('afterchat-rating');
            rating.texts = { question: 'All good?', questionAbout: 'All good?' };
            document.addEventListener('afterchat-rated', (event) => { window.received = event.detail; });",
            vec![],
        )
        .await;
    browser.expect_text("All good?").await;
    browser.click(SATISFIED).await;
    browser.expect_text("Thank you for your rating!").await;
    let received = browser.run("return window.received;", vec![]).await;
    assert_eq!(received["score"], 4);
}
