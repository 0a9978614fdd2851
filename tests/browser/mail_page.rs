use std::time::Duration;

use serde_json::{Value, json};
use tests::{Stack, transcript_with_faces};

use crate::browser::{Browser, Window};
use crate::conversation::rating;

const SATISFIED: &str = "4 of 5, Satisfied";
const SEND: &str = "Send rating";

/// A stack with a rating request in a transcript, and the URL of each face.
pub(crate) async fn mail_links() -> (Stack, Vec<String>) {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    agent
        .send_transcript_as("c1", transcript_with_faces())
        .await
        .expect(201);
    let tokens = stack.link_tokens().await;
    let page = format!("{}/rate", stack.url());
    let links = (1..).zip(&tokens);
    let links = links.map(|(score, token)| format!("{page}#{token}/{score}"));
    let links = links.collect();
    (stack, links)
}

#[tokio::test]
async fn a_face_in_a_mail_is_recorded_only_when_the_button_is_pressed() {
    let (stack, links) = mail_links().await;
    let browser = Browser::open(&links[3], Window::PHONE).await;
    let chosen = browser.control(SATISFIED).await;
    assert_eq!(chosen.attr("aria-pressed").await.unwrap().unwrap(), "true");
    assert_eq!(rating(&stack).await, Value::Null);

    browser.click(SEND).await;
    browser.expect_text("Thank you for your rating!").await;
    assert_eq!(rating(&stack).await["score"], 4);
    assert!(!browser.has_control(SEND).await);

    browser
        .fill("Would you like to add something?", "By mail")
        .await;
    browser.click("Send comment").await;
    browser.expect_text("By mail").await;
    assert_eq!(rating(&stack).await["comment"], "By mail");
}

#[tokio::test]
async fn the_visitor_can_choose_another_face_before_the_button_is_pressed() {
    let (stack, links) = mail_links().await;
    let browser = Browser::open(&links[0], Window::LAPTOP).await;
    browser.click("5 of 5, Very satisfied").await;
    assert_eq!(rating(&stack).await, Value::Null);
    browser.click(SEND).await;
    browser.expect_text("Thank you for your rating!").await;
    assert_eq!(rating(&stack).await["score"], 5);
}

/// The link for a comment, which contains no face.
fn comment_link(links: &[String]) -> &str {
    let (link, _score) = links[0].rsplit_once('/').unwrap();
    link
}

#[tokio::test]
async fn a_link_for_a_comment_shows_the_recorded_rating() {
    let (stack, links) = mail_links().await;
    let browser = Browser::open(&links[3], Window::LAPTOP).await;
    browser.click(SEND).await;
    browser.expect_text("Thank you for your rating!").await;

    let browser = Browser::open(comment_link(&links), Window::PHONE).await;
    browser.expect_text("Thank you for your rating!").await;
    assert!(is_chosen(&browser, SATISFIED).await);
    assert!(!browser.has_control(SEND).await);
    let address = browser.run("return location.href;", vec![]).await;
    assert!(address.as_str().unwrap().ends_with("/rate"), "{address}");
    browser
        .fill("Would you like to add something?", "By link")
        .await;
    browser.click("Send comment").await;
    browser.expect_text("By link").await;
    assert_eq!(rating(&stack).await["score"], 4);
    reload(&browser).await;
    browser.expect_text("By link").await;
}

#[tokio::test]
async fn a_link_for_a_comment_without_a_rating_asks_for_a_face() {
    let (stack, links) = mail_links().await;
    let browser = Browser::open(comment_link(&links), Window::PHONE).await;
    browser.control(SATISFIED).await;
    assert!(!is_chosen(&browser, SATISFIED).await);
    assert!(!browser.has_control(SEND).await);
    browser.click(SATISFIED).await;
    browser.click(SEND).await;
    browser.expect_text("Thank you for your rating!").await;
    assert_eq!(rating(&stack).await["score"], 4);
}

#[tokio::test]
async fn the_links_secret_is_removed_from_the_address() {
    let (_stack, links) = mail_links().await;
    let browser = Browser::open(&links[3], Window::LAPTOP).await;
    browser.control(SEND).await;
    let address = browser.run("return location.href;", vec![]).await;
    assert!(address.as_str().unwrap().ends_with("/rate"), "{address}");
}

/// Reloads the page.
pub(crate) async fn reload(browser: &Browser) {
    browser
        .run("window.isOld = true; location.reload();", vec![])
        .await;
    for _ in 0..200 {
        if browser.run("return window.isOld ?? false;", vec![]).await == false {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the page was not reloaded");
}

async fn is_chosen(browser: &Browser, face: &str) -> bool {
    let face = browser.control(face).await;
    face.attr("aria-pressed").await.unwrap().unwrap() == "true"
}

#[tokio::test]
async fn a_reload_before_the_press_keeps_the_choice() {
    let (stack, links) = mail_links().await;
    let browser = Browser::open(&links[3], Window::PHONE).await;
    assert!(is_chosen(&browser, SATISFIED).await);
    reload(&browser).await;
    assert!(is_chosen(&browser, SATISFIED).await);

    browser.click("5 of 5, Very satisfied").await;
    reload(&browser).await;
    assert!(is_chosen(&browser, "5 of 5, Very satisfied").await);
    assert_eq!(rating(&stack).await, Value::Null);
    browser.click(SEND).await;
    browser.expect_text("Thank you for your rating!").await;
    assert_eq!(rating(&stack).await["score"], 5);
}

#[tokio::test]
async fn a_reload_after_the_press_shows_the_thanks_and_the_comment() {
    let (stack, links) = mail_links().await;
    let browser = Browser::open(&links[3], Window::LAPTOP).await;
    browser.click(SEND).await;
    browser.expect_text("Thank you for your rating!").await;
    reload(&browser).await;
    browser.expect_text("Thank you for your rating!").await;
    assert!(is_chosen(&browser, SATISFIED).await);
    assert!(!browser.has_control(SEND).await);

    browser
        .fill("Would you like to add something?", "By mail")
        .await;
    browser.click("Send comment").await;
    browser.expect_text("your comment was received").await;
    browser.click("3 of 5, Neutral").await;
    // "Saving" may be shown too briefly to be seen.
    while rating(&stack).await["score"] != 3 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    reload(&browser).await;
    browser.expect_text("By mail").await;
    assert!(is_chosen(&browser, "3 of 5, Neutral").await);
    let rating = rating(&stack).await;
    assert_eq!(
        (&rating["score"], &rating["comment"]),
        (&3.into(), &"By mail".into())
    );
}

#[tokio::test]
async fn another_face_of_the_mail_in_the_same_tab_is_a_new_choice_and_back_shows_the_thanks() {
    let (stack, links) = mail_links().await;
    let browser = Browser::open(&links[3], Window::LAPTOP).await;
    browser.click(SEND).await;
    browser.expect_text("Thank you for your rating!").await;
    let go = "location.href = arguments[0];";
    browser.run(go, vec![links[1].as_str().into()]).await;
    browser.control(SEND).await;
    assert!(is_chosen(&browser, "2 of 5, Dissatisfied").await);
    assert_eq!(rating(&stack).await["score"], 4);

    browser.run("history.back();", vec![]).await;
    browser.expect_text("Thank you for your rating!").await;
    assert!(is_chosen(&browser, SATISFIED).await);
    browser.run("history.forward();", vec![]).await;
    browser.control(SEND).await;
    browser.click(SEND).await;
    browser.expect_text("Thank you for your rating!").await;
    assert_eq!(rating(&stack).await["score"], 2);
    let address = browser.run("return location.href;", vec![]).await;
    assert!(address.as_str().unwrap().ends_with("/rate"), "{address}");
}

#[tokio::test]
async fn the_page_is_unchanged_after_leaving_it_and_going_back() {
    let (stack, links) = mail_links().await;
    let browser = Browser::open(&links[3], Window::LAPTOP).await;
    browser.click(SEND).await;
    browser.expect_text("Thank you for your rating!").await;
    let elsewhere = format!("{}/dev", stack.url());
    let go = "location.href = arguments[0];";
    browser.run(go, vec![elsewhere.into()]).await;
    browser.expect_no_text("Thank you for your rating!").await;
    browser.run("history.back();", vec![]).await;
    browser.expect_text("Thank you for your rating!").await;
    assert!(is_chosen(&browser, SATISFIED).await);
}

/// Waits until the rating has this score.
async fn expect_score(stack: &Stack, score: u8) {
    for _ in 0..600 {
        if rating(stack).await["score"] == score {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the score is not {score}: {}", rating(stack).await);
}

/// Waits until a face is chosen.
async fn expect_chosen(browser: &Browser, face: &str) {
    let face = json!(face);
    let script = format!("return control({face})?.getAttribute('aria-pressed') === 'true';");
    browser.until(&script).await;
}

#[tokio::test]
async fn a_second_tab_shows_what_the_first_one_recorded() {
    let (stack, links) = mail_links().await;
    let browser = Browser::open(&links[3], Window::LAPTOP).await;
    browser.control(SEND).await;
    let first = browser.tab().await;
    let second = browser.open_tab(&links[1]).await;
    browser.click(SEND).await;
    browser.expect_text("Thank you for your rating!").await;
    assert_eq!(rating(&stack).await["score"], 2);
    browser.switch_to(first).await;
    browser.expect_text("Thank you for your rating!").await;
    assert!(is_chosen(&browser, "2 of 5, Dissatisfied").await);
    reload(&browser).await;
    browser.expect_text("Thank you for your rating!").await;
    browser.click("5 of 5, Very satisfied").await;
    // If the response is fast, "Saving" disappears before the driver can see it.
    expect_score(&stack, 5).await;
    browser.switch_to(second).await;
    browser.expect_no_text("Saving").await;
    expect_chosen(&browser, "5 of 5, Very satisfied").await;
}

#[tokio::test]
async fn an_incomplete_or_expired_link_shows_an_error() {
    let (stack, links) = mail_links().await;
    let cut = links[3].split_at(links[3].len() - 8).0;
    let browser = Browser::open(cut, Window::LAPTOP).await;
    browser.expect_text("This link is incomplete.").await;

    stack.advance(30 * 24 * 60 * 60).await;
    let browser = Browser::open(&links[3], Window::LAPTOP).await;
    browser.click(SEND).await;
    browser.expect_text("This link has expired.").await;
    assert_eq!(rating(&stack).await, Value::Null);
}

#[tokio::test]
async fn the_mail_links_page_is_accessible_in_light_and_dark() {
    let (_stack, links) = mail_links().await;
    for (name, window) in [
        ("light", Window::PHONE),
        ("dark", Window::PHONE.in_the_dark()),
        ("wide", Window::LAPTOP),
    ] {
        let browser = Browser::open(&links[3], window).await;
        browser.control(SEND).await;
        browser.expect_accessible(name).await;
        browser.screenshot(&format!("mail-page-{name}")).await;
    }
}
