//! The reasons that a visitor can choose after a rating.

mod rating_page;

use serde_json::json;
use tests::{Caller, Stack};
use thirtyfour::Key;

use crate::browser::Browser;
use crate::conversation::rating;
use crate::organisation::{REASONS, asked_with, offering, store_settings, visitor_page};
use crate::page::{Host, Page};

const DISSATISFIED: &str = "2 of 5, Dissatisfied";
const SATISFIED: &str = "4 of 5, Satisfied";
const HEADING: &str = "What influenced your rating most?";

/// A stack with a rating request and seven reasons, and its visitor.
async fn asked() -> (Stack, Caller) {
    asked_with(&offering(&REASONS)).await
}

/// A page on which the visitor has chosen the second face.
async fn rated_page(stack: &Stack, visitor: &Caller) -> Page {
    let page = visitor_page(stack, visitor, Host::default()).await;
    page.browser.click(DISSATISFIED).await;
    page.browser.expect_text(HEADING).await;
    page
}

/// The labels of the chips with this value of an attribute.
async fn chips(browser: &Browser, attribute: &str, value: &str) -> Vec<String> {
    let script =
        "return [...everything()].filter((it) => it.matches('.chip') && it.checkVisibility()
        && it.getAttribute(arguments[0]) === arguments[1]).map((it) => it.textContent);";
    let found = browser.run(script, vec![json!(attribute), json!(value)]);
    serde_json::from_value(found.await).unwrap()
}

async fn chosen(browser: &Browser) -> Vec<String> {
    chips(browser, "aria-pressed", "true").await
}

/// Presses chips without a pause between them.
async fn press_at_once(browser: &Browser, labels: &[&str]) {
    let script = "for (const label of arguments[0]) control(label).click();";
    browser.run(script, vec![json!(labels)]).await;
}

/// Waits until the API has recorded exactly these reasons.
async fn expect_recorded(page: &Page, ids: &[&str]) {
    page.refresh().await;
    let expected = json!(ids);
    let script = format!(
        "return document.querySelector('afterchat-rating').shadowRoot.querySelector('.card').ariaBusy === 'false'
            && JSON.stringify(window.lastRated?.reasons ?? []) === JSON.stringify({expected});"
    );
    page.browser.until(&script).await;
}

/// Remembers the detail of the last `afterchat-rated`.
async fn listen(page: &Page) {
    let script = "document.addEventListener('afterchat-rated', ({ detail }) => { window.lastRated = detail; });";
    page.browser.run(script, vec![]).await;
}

#[tokio::test]
async fn reasons_appear_for_their_scores_after_a_face_is_chosen() {
    let (stack, visitor) = asked().await;
    let page = visitor_page(&stack, &visitor, Host::default()).await;
    let browser = &page.browser;
    assert!(!browser.text().await.contains(HEADING));
    browser.click(DISSATISFIED).await;
    browser.expect_text(HEADING).await;
    assert_eq!(chips(browser, "aria-pressed", "false").await.len(), 7);
    browser.click(SATISFIED).await;
    browser.expect_no_text("Took too long").await;
    assert_eq!(
        chips(browser, "aria-pressed", "false").await,
        ["Friendliness"]
    );
}

#[tokio::test]
async fn reasons_are_chosen_and_removed_with_the_keyboard_only() {
    let (stack, visitor) = asked().await;
    let page = rated_page(&stack, &visitor).await;
    listen(&page).await;
    let browser = &page.browser;
    // From the second face to the fifth, and to the first two reasons.
    for _ in 0..5 {
        browser.press(Key::Tab).await;
    }
    assert_eq!(browser.focused().await, "Took too long");
    browser.press(" ").await;
    expect_recorded(&page, &["slow"]).await;
    assert_eq!(browser.focused().await, "Took too long");
    browser.press(Key::Tab).await;
    browser.press(Key::Enter).await;
    expect_recorded(&page, &["slow", "unsolved"]).await;
    assert_eq!(
        chosen(browser).await,
        ["Took too long", "Problem not solved"]
    );
    browser.press(Key::Enter).await;
    expect_recorded(&page, &["slow"]).await;
    assert_eq!(browser.focused().await, "Problem not solved");
    let group = browser
        .run(
            "const group = control('The price').parentElement;
            const named = (name) => group.getRootNode().getElementById(group.getAttribute(name)).textContent;
            return [group.role, named('aria-labelledby'), named('aria-describedby')];",
            vec![],
        )
        .await;
    let expected = json!(["group", HEADING, "You can choose up to 5."]);
    assert_eq!(group, expected);
    browser.expect_accessible("reasons").await;
}

#[tokio::test]
async fn quick_presses_lose_no_reason_and_no_comment() {
    let (stack, visitor) = asked().await;
    let page = rated_page(&stack, &visitor).await;
    listen(&page).await;
    let browser = &page.browser;
    page.next_call("PUT", "/rating", "hold").await;
    press_at_once(browser, &["Took too long", "The price"]).await;
    page.is_held().await;
    press_at_once(browser, &["The product", "Took too long"]).await;
    let comment = "Would you like to add something?";
    browser.fill(comment, "And the colour").await;
    browser.click("Send comment").await;
    assert_eq!(chosen(browser).await, ["The product", "The price"]);
    page.release().await;
    expect_recorded(&page, &["product", "price"]).await;
    browser.expect_text("your comment was received").await;
    let rating = rating(&stack).await;
    assert_eq!(
        (&rating["score"], &rating["comment"]),
        (&json!(2), &json!("And the colour"))
    );
}

#[tokio::test]
async fn a_reason_whose_response_is_lost_stays_chosen_and_is_saved_again() {
    let (stack, visitor) = asked().await;
    let page = rated_page(&stack, &visitor).await;
    listen(&page).await;
    let browser = &page.browser;
    page.next_call("PUT", "/rating", "lose").await;
    browser.click("Took too long").await;
    browser.expect_text("We could not reach the server").await;
    assert_eq!(chosen(browser).await, ["Took too long"]);
    browser.click("Try again").await;
    expect_recorded(&page, &["slow"]).await;
    page.next_call("PUT", "/rating", "fail").await;
    browser.click("The price").await;
    browser
        .expect_text("Something went wrong on our side")
        .await;
    browser.click("The product").await;
    expect_recorded(&page, &["slow", "product", "price"]).await;
}

#[tokio::test]
async fn a_reason_that_is_no_longer_offered_is_removed_and_the_rest_is_saved() {
    let (stack, visitor) = asked().await;
    let page = rated_page(&stack, &visitor).await;
    listen(&page).await;
    let browser = &page.browser;
    let mut remaining = REASONS.to_vec();
    remaining.retain(|(id, _)| *id != "slow");
    store_settings(&stack, &offering(&remaining)).await;
    page.next_call("PUT", "/rating", "hold").await;
    press_at_once(browser, &["The price"]).await;
    page.is_held().await;
    press_at_once(browser, &["Took too long", "3 of 5, Neutral"]).await;
    page.release().await;
    browser
        .expect_text("This reason is no longer offered. Please choose again.")
        .await;
    browser.expect_no_text("Took too long").await;
    assert_eq!(rating(&stack).await["score"], 3);
    assert_eq!(chosen(browser).await, ["The price"]);
    browser.click("The product").await;
    expect_recorded(&page, &["product", "price"]).await;
    browser.expect_no_text("no longer offered").await;
}

#[tokio::test]
async fn more_than_five_reasons_cannot_be_chosen_and_the_page_says_why() {
    let (stack, visitor) = asked().await;
    let page = rated_page(&stack, &visitor).await;
    listen(&page).await;
    let browser = &page.browser;
    browser.expect_text("You can choose up to 5.").await;
    let five = REASONS.map(|(_, label)| label);
    press_at_once(browser, &five[..5]).await;
    browser.expect_text("You have chosen 5.").await;
    expect_recorded(
        &page,
        &["friendly", "slow", "unsolved", "unclear", "repeat"],
    )
    .await;
    let disabled = chips(browser, "aria-disabled", "true").await;
    assert_eq!(disabled, ["The product", "The price"]);
    browser.click("The price").await;
    assert_eq!(chosen(browser).await.len(), 5);
    let script = "return [...everything()].find((it) => it.role === 'status').textContent;";
    let announced = browser.run(script, vec![]).await;
    assert_eq!(
        announced,
        "You have chosen 5. To choose another, remove one first."
    );
    press_at_once(browser, &["Friendliness", "The price"]).await;
    expect_recorded(&page, &["slow", "unsolved", "unclear", "repeat", "price"]).await;
}

#[tokio::test]
async fn another_score_keeps_the_reasons_that_it_offers() {
    let (stack, visitor) = asked().await;
    let page = rated_page(&stack, &visitor).await;
    listen(&page).await;
    let browser = &page.browser;
    press_at_once(
        browser,
        &["Friendliness", "Took too long", "1 of 5, Very dissatisfied"],
    )
    .await;
    expect_recorded(&page, &["friendly", "slow"]).await;
    press_at_once(browser, &["The price", SATISFIED]).await;
    expect_recorded(&page, &["friendly"]).await;
    assert_eq!(chosen(browser).await, ["Friendliness"]);
    assert_eq!(rating(&stack).await["score"], 4);
    let last = browser.run("return window.lastRated;", vec![]).await;
    assert_eq!(
        (&last["score"], &last["reasons"]),
        (&json!(4), &json!(["friendly"]))
    );
}

#[tokio::test]
async fn the_reasons_of_a_final_rating_are_shown_and_cannot_be_changed() {
    let (stack, visitor) = asked().await;
    let page = rated_page(&stack, &visitor).await;
    listen(&page).await;
    let browser = &page.browser;
    browser.click("Took too long").await;
    expect_recorded(&page, &["slow"]).await;
    stack.advance(24 * 60 * 60).await;
    browser.click("3 of 5, Neutral").await;
    browser
        .expect_text("This rating can no longer be changed.")
        .await;
    browser.expect_no_text("The price").await;
    assert_eq!(
        chips(browser, "aria-disabled", "true").await,
        ["Took too long"]
    );
    page.refresh().await;
    assert_eq!(chosen(browser).await, ["Took too long"]);
}

#[tokio::test]
async fn chosen_reasons_can_be_told_apart_in_forced_colors() {
    let (stack, visitor) = asked().await;
    let page = rated_page(&stack, &visitor).await;
    let browser = &page.browser;
    let feature = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
    browser
        .devtools("Emulation.setEmulatedMedia", feature)
        .await;
    press_at_once(browser, &REASONS.map(|(_, label)| label)[..5]).await;
    browser.expect_text("You have chosen 5.").await;
    // The colours change gradually.
    let all_colours_differ = "
        const [chosen, other] = ['Took too long', 'The price'].map((name) => getComputedStyle(control(name)));
        const parts = ['backgroundColor', 'color', 'borderColor'];
        return parts.every((part) => chosen[part] !== other[part]);";
    browser.until(all_colours_differ).await;
    browser.screenshot("reasons-forced-colors").await;
}
