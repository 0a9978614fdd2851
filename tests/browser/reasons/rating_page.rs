//! The reasons on the page that the links of mails open.

use serde_json::json;

use super::{HEADING, chosen, press_at_once};
use crate::browser::Window;
use crate::conversation::rating;
use crate::mail_page::mail_links;
use crate::organisation::{REASONS, link_page, offering, store_settings};

#[tokio::test]
async fn the_rating_page_offers_reasons_after_the_rating_is_confirmed() {
    let (stack, links) = mail_links().await;
    store_settings(&stack, &offering(&REASONS)).await;
    let browser = link_page(&links[1], Window::PHONE).await;
    browser.control("Send rating").await;
    assert!(!browser.text().await.contains(HEADING));
    browser.click("Send rating").await;
    browser.expect_text(HEADING).await;
    press_at_once(&browser, &["Took too long", "The price", "Friendliness"]).await;
    browser.expect_text("Thank you for your rating!").await;
    let saved = "return history.state.afterchatRatingLink.rating.reasons?.join() === 'friendly,slow,price';";
    browser.until(saved).await;
    browser.expect_accessible("rate-reasons").await;
    browser.screenshot("mail-page-reasons").await;

    browser.run("location.reload();", vec![]).await;
    browser
        .until("return control('Took too long')?.getAttribute('aria-pressed') === 'true';")
        .await;
    assert_eq!(rating(&stack).await["score"], 2);
}

#[tokio::test]
async fn a_reason_and_a_comment_on_the_rating_page_survive_a_slow_and_a_lost_response() {
    let (stack, links) = mail_links().await;
    store_settings(&stack, &offering(&REASONS)).await;
    let browser = link_page(&links[1], Window::LAPTOP).await;
    browser.click("Send rating").await;
    browser.expect_text(HEADING).await;
    let fault = "window.faults.push({ method: 'PUT', path: '/rating', does: arguments[0] });";
    browser.run(fault, vec![json!("hold")]).await;
    press_at_once(&browser, &["Took too long"]).await;
    browser.until("return window.held.length > 0;").await;
    press_at_once(&browser, &["The price"]).await;
    browser
        .fill("Would you like to add something?", "By mail")
        .await;
    browser.click("Send comment").await;
    browser.run(fault, vec![json!("lose")]).await;
    browser.run("window.held.shift()();", vec![]).await;
    browser.expect_text("We could not reach the server").await;
    assert_eq!(chosen(&browser).await, ["Took too long", "The price"]);
    browser.click("Try again").await;
    browser.expect_text("your comment was received").await;
    let saved = "return history.state.afterchatRatingLink.rating.reasons?.join() === 'slow,price';";
    browser.until(saved).await;
    assert_eq!(rating(&stack).await["comment"], "By mail");
}
