//! The preview of the prompt, and the look of the whole page.

use serde_json::json;
use tests::Stack;

use crate::browser::Browser;
use crate::settings::{choose, page_with};

/// Finds a part of the preview.
const PREVIEW: &str = "const page = document.querySelector('afterchat-settings').shadowRoot;
    const preview = page.querySelector('.prompt').shadowRoot;";

async fn in_preview(browser: &Browser, expression: &str) -> serde_json::Value {
    let script = format!("{PREVIEW} return {expression};");
    browser.run(&script, vec![]).await
}

#[tokio::test]
async fn the_preview_shows_the_texts_of_the_edited_language_as_they_are_typed() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    let question = "preview.querySelector('.question').textContent";
    assert_eq!(
        in_preview(browser, question).await,
        "How was your conversation?"
    );
    browser.fill("Question", "All good?").await;
    assert_eq!(in_preview(browser, question).await, "All good?");
    browser.click("With the agent’s name").await;
    assert_eq!(in_preview(browser, question).await, "All good?");
    browser
        .fill("Question if the agent’s name is known", "{agent} was kind?")
        .await;
    assert_eq!(in_preview(browser, question).await, "Kim Novak was kind?");

    choose(browser, "Language to edit", "de").await;
    browser
        .expect_text("Wie war das Gespräch mit Kim Novak?")
        .await;
}

#[tokio::test]
async fn the_preview_is_right_to_left_for_arabic_and_hebrew() {
    let stack = Stack::start().await;
    let reason = json!({ "id": "slow", "scores": [2], "labels": { "en": "Slow", "ar": "بطيء" } });
    let (_, page) = page_with(&stack, json!({ "reasons": [reason] })).await;
    let browser = &page.browser;
    for (language, direction) in [("ar", "rtl"), ("he", "rtl"), ("pl", "ltr")] {
        choose(browser, "Language to edit", language).await;
        let card = "const card = preview.querySelector('.card');";
        let script = format!("{PREVIEW} {card} return card.lang === '{language}';");
        browser.until(&script).await;
        let direction_of = |selector| format!("getComputedStyle({selector}).direction");
        let prompt = direction_of("preview.querySelector('.card')");
        assert_eq!(in_preview(browser, &prompt).await, direction, "{language}");
        let field = direction_of("page.querySelector('#question')");
        assert_eq!(in_preview(browser, &field).await, direction, "{language}");
    }
}

#[tokio::test]
async fn a_chosen_face_shows_its_reasons_and_the_thanks() {
    let stack = Stack::start().await;
    let settings = json!({
        "texts": { "en": { "thanks": "Cheers!" } },
        "reasons": [
            { "id": "slow", "scores": [1, 2], "labels": { "en": "Slow" } },
            { "id": "kind", "scores": [5], "labels": { "en": "Kind", "de": "Freundlich" } },
        ],
    });
    let (_, page) = page_with(&stack, settings).await;
    let browser = &page.browser;
    browser.click("2 of 5, Dissatisfied").await;
    browser.expect_text("Cheers!").await;
    assert!(browser.has_control("Slow").await);
    assert!(!browser.has_control("Kind").await);
    browser.click("5 of 5, Very satisfied").await;
    assert!(browser.has_control("Kind").await);
    assert!(!browser.has_control("Slow").await);
    choose(browser, "Language to edit", "de").await;
    browser.control("Freundlich").await;
    // The preview sends nothing.
    let calls = page.calls("PUT", "").await;
    assert!(calls.is_empty(), "{calls:?}");
}

#[tokio::test]
async fn the_preview_has_the_chosen_width_and_colours() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    let width = "page.querySelector('.prompt').getBoundingClientRect().width";
    let color = "getComputedStyle(preview.querySelector('.card')).backgroundColor";
    assert_eq!(in_preview(browser, width).await, 300.0);
    assert_eq!(in_preview(browser, color).await, "rgb(255, 255, 255)");
    browser.click("Wide").await;
    browser.click("Dark").await;
    assert!(in_preview(browser, width).await.as_f64().unwrap() > 300.0);
    assert_eq!(in_preview(browser, color).await, "rgb(27, 29, 39)");
}

#[tokio::test]
async fn every_state_of_the_settings_is_accessible_in_every_window() {
    let stack = Stack::start().await;
    let reason = json!({ "id": "slow", "scores": [1, 2], "labels": { "en": "Took too long" } });
    let settings = json!({ "brand": { "name": "Acme" }, "reasons": [reason] });
    let (_, page) = page_with(&stack, settings).await;
    let browser = &page.browser;
    browser.click("1 of 5, Very dissatisfied").await;
    browser.check_in_every_window("settings").await;

    let long = "a_very_long_word_".repeat(12);
    browser.fill("Name", &long).await;
    browser.fill("Question", &format!("{{{long}}}")).await;
    browser.fill("Label in English", &long).await;
    choose(browser, "Language to edit", "ar").await;
    browser
        .fill("Logo (URL)", "http://acme.example/logo.png")
        .await;
    browser.click("Save").await;
    browser.expect_text("The settings are not saved").await;
    browser.check_in_every_window("settings-refused").await;

    let script = "document.querySelector('afterchat-settings').lang = 'ar';";
    browser.run(script, vec![]).await;
    browser.expect_text("الإعدادات").await;
    browser.check_in_every_window("settings-arabic").await;
}

#[tokio::test]
async fn the_preview_has_a_readable_form_of_the_accent_colour() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.click("1 of 5, Very dissatisfied").await;
    let color = "getComputedStyle(preview.querySelector('.button.main')).backgroundColor";
    let default = in_preview(browser, color).await;
    browser.fill("Accent colour", "#ffd400").await;
    let script = format!(
        "{PREVIEW} return {color} !== '{}';",
        default.as_str().unwrap()
    );
    browser.until(&script).await;
    browser.expect_accessible("a yellow accent").await;
}
