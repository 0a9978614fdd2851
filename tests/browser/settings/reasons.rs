//! The reasons, with the keyboard only.

use serde_json::{Value, json};
use tests::Stack;
use thirtyfour::Key;

use crate::browser::Browser;
use crate::settings::{SAVED, choose, page_with, stored};

/// The limit of key presses until an element has the focus.
const MAX_PRESSES: usize = 60;

/// Presses Tab until the control with this name has the focus.
async fn tab_to(browser: &Browser, name: &str) {
    for _ in 0..MAX_PRESSES {
        if browser.focused().await == name {
            return;
        }
        browser.press(Key::Tab).await;
    }
    panic!("{name:?} is not reached, but {:?}", browser.focused().await);
}

fn ids(settings: &Value) -> Vec<&str> {
    let reasons = settings["reasons"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let ids = reasons.iter().map(|reason| reason["id"].as_str().unwrap());
    ids.collect()
}

#[tokio::test]
async fn reasons_are_added_moved_and_removed_with_the_keyboard() {
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.click("Name").await;
    for label in ["Took too long", "Zażółć gęślą", "長すぎた"] {
        tab_to(browser, "Add reason").await;
        browser.press(Key::Enter).await;
        assert_eq!(browser.focused().await, "Label in English");
        browser.press(label).await;
    }
    tab_to(browser, "4 of 5").await;
    browser.press(" ").await;

    // The focus stays on the button, so that it can be pressed again.
    tab_to(browser, "Add reason").await;
    let up = "Move “長すぎた” up";
    browser
        .run("control(arguments[0]).focus();", vec![json!(up)])
        .await;
    browser.press(Key::Enter).await;
    browser
        .expect_text("“長すぎた” is now number 2 of 3.")
        .await;
    assert_eq!(browser.focused().await, up);
    browser.press(" ").await;
    browser
        .expect_text("“長すぎた” is now number 1 of 3.")
        .await;
    browser.press(" ").await;
    assert_eq!(browser.focused().await, up);
    let button = browser.control(up).await;
    button.send_keys(Key::Alt + Key::Down).await.unwrap();
    browser
        .expect_text("“長すぎた” is now number 2 of 3.")
        .await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    let saved = stored(&manager).await;
    assert_eq!(ids(&saved), ["took-too-long", "reason", "zazolc-gesla"]);
    assert_eq!(saved["reasons"][1]["scores"], json!([1, 2, 3, 4]));
    assert_eq!(saved["reasons"][1]["labels"], json!({ "en": "長すぎた" }));

    let remove = "Remove “Took too long”";
    browser
        .run("control(arguments[0]).focus();", vec![json!(remove)])
        .await;
    browser.press(Key::Enter).await;
    browser.expect_text("“Took too long” was removed.").await;
    assert_eq!(browser.focused().await, "Label in English");
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    assert_eq!(ids(&stored(&manager).await), ["reason", "zazolc-gesla"]);
}

#[tokio::test]
async fn a_reason_has_labels_in_the_default_language_and_in_the_edited_one() {
    let stack = Stack::start().await;
    let reason = json!({ "id": "slow", "scores": [1], "labels": { "en": "Slow" } });
    let (manager, page) = page_with(&stack, json!({ "reasons": [reason] })).await;
    let browser = &page.browser;
    choose(browser, "Language to edit", "ar").await;
    browser.fill("Label in Arabic", "بطيء").await;
    let script = "const field = control('Label in Arabic'); return [field.lang, field.dir];";
    assert_eq!(browser.run(script, vec![]).await, json!(["ar", "rtl"]));
    browser.fill("Label in English", "Too slow").await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    // The id of a stored reason does not follow its label.
    let expected =
        json!([{ "id": "slow", "scores": [1], "labels": { "ar": "بطيء", "en": "Too slow" } }]);
    assert_eq!(stored(&manager).await["reasons"], expected);

    choose(browser, "Default language", "pl").await;
    choose(browser, "Language to edit", "de").await;
    browser.click("Save").await;
    browser
        .expect_text("reasons[0].labels.pl is required")
        .await;
    assert_eq!(browser.focused().await, "Label in Polish");
}

#[tokio::test]
async fn a_reason_that_breaks_a_rule_shows_it() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.click("Add reason").await;
    browser.fill("Label in English", "Slow").await;
    browser.fill("Id", "Not an id").await;
    browser.click("Save").await;
    browser
        .expect_text("reasons[0].id must be 1 to 32 characters")
        .await;
    assert_eq!(browser.focused().await, "Id");
    for _ in 1..12 {
        browser.click("Add reason").await;
    }
    browser.click("Add reason").await;
    let script = "return [...everything()].filter((it) => it.matches('.reason')).length;";
    assert_eq!(browser.run(script, vec![]).await, 12);
}
