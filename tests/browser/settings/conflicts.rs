//! Two people change the settings at once.

use serde_json::{Value, json};
use tests::{Caller, Stack};

use crate::browser::Browser;
use crate::page::Page;
use crate::settings::{PATH, SAVED, UNSAVED, page_with, stored};

const CONFLICT: &str = "Somebody else has changed the settings";

fn reason(id: &str, label: &str) -> Value {
    json!({ "id": id, "scores": [1, 2], "labels": { "en": label } })
}

/// A page with changes, after somebody else saved other changes.
async fn conflict(stack: &Stack) -> (Caller, Page) {
    let before = json!({
        "brand": { "name": "Acme", "reply_to": "help@acme.example" },
        "reasons": [reason("slow", "Slow"), reason("rude", "Rude")],
    });
    let (manager, page) = page_with(stack, before).await;
    let theirs = json!({
        "brand": { "name": "Their name", "reply_to": "help@acme.example" },
        "texts": { "de": { "question": "Ihre Frage?" } },
        "reasons": [reason("rude", "Rude"), reason("slow", "Slow")],
    });
    manager.put(PATH, theirs).await.expect(200);
    let browser = &page.browser;
    browser.fill("Name", "My name").await;
    browser.fill("Thanks", "My thanks").await;
    browser.click("Save").await;
    browser.expect_text(CONFLICT).await;
    (manager, page)
}

/// Chooses a version of the member with this name. Returns which version was chosen before.
async fn choose_version(browser: &Browser, member: &str, version: &str) -> Value {
    let script = "const group = [...everything()].find((it) => it.matches('.difference')
            && it.querySelector('legend').textContent === arguments[0]);
        const before = group.querySelector(':checked')?.value ?? null;
        group.querySelector(`[value=${arguments[1]}]`).click();
        return before;";
    browser
        .run(script, vec![json!(member), json!(version)])
        .await
}

#[tokio::test]
async fn a_conflict_shows_both_versions_and_saves_the_chosen_ones() {
    let stack = Stack::start().await;
    let (manager, page) = conflict(&stack).await;
    let browser = &page.browser;
    for text in [
        "My name",
        "Their name",
        "My thanks",
        "Ihre Frage?",
        "German: Question",
        "English: Thanks",
        "Order of the reasons",
        "You both changed this.",
    ] {
        browser.expect_text(text).await;
    }
    browser.check_in_every_window("settings-conflict").await;
    browser.click("Save this choice").await;
    browser
        .expect_text("Choose a version for each difference.")
        .await;
    assert!(browser.focused().await.starts_with("Your version"));

    assert_eq!(choose_version(browser, "Name", "mine").await, Value::Null);
    assert_eq!(
        choose_version(browser, "English: Thanks", "mine").await,
        "mine"
    );
    assert_eq!(
        choose_version(browser, "German: Question", "theirs").await,
        "theirs"
    );
    assert_eq!(
        choose_version(browser, "Order of the reasons", "theirs").await,
        "theirs"
    );
    browser.click("Save this choice").await;
    browser.expect_text(SAVED).await;
    let merged = json!({
        "brand": { "name": "My name", "reply_to": "help@acme.example" },
        "texts": { "de": { "question": "Ihre Frage?" }, "en": { "thanks": "My thanks" } },
        "reasons": [reason("rude", "Rude"), reason("slow", "Slow")],
    });
    assert_eq!(stored(&manager).await, merged);
    assert_eq!(browser.value("Name").await, "My name");
}

#[tokio::test]
async fn all_of_one_version_can_be_kept() {
    for (button, name, thanks) in [
        ("Keep all of mine", "My name", Some("My thanks")),
        ("Take all of theirs", "Their name", None),
    ] {
        let stack = Stack::start().await;
        let (manager, page) = conflict(&stack).await;
        page.browser.click(button).await;
        page.browser.expect_no_text(CONFLICT).await;
        page.browser.expect_no_text(UNSAVED).await;
        page.browser.expect_no_text("Saving …").await;
        let stored = stored(&manager).await;
        assert_eq!(stored["brand"]["name"], name, "{button}");
        let shown = stored["texts"]["en"]["thanks"].as_str();
        assert_eq!(shown, thanks, "{button}");
        assert_eq!(page.browser.value("Name").await, name, "{button}");
    }
}

#[tokio::test]
async fn nothing_is_lost_by_going_back_or_by_a_second_conflict() {
    let stack = Stack::start().await;
    let (manager, page) = conflict(&stack).await;
    let browser = &page.browser;
    browser.click("Back to editing").await;
    browser.expect_text(UNSAVED).await;
    assert_eq!(browser.value("Name").await, "My name");
    assert_eq!(browser.value("Thanks").await, "My thanks");

    page.next_call("GET", "/settings", "drop").await;
    browser.click("Save").await;
    browser.expect_text("Check your internet connection").await;
    assert_eq!(browser.value("Name").await, "My name");
    browser.click("Try again").await;
    browser.expect_text(CONFLICT).await;

    let other = json!({ "brand": { "name": "A third name" } });
    manager.put(PATH, other).await.expect(200);
    browser.click("Keep all of mine").await;
    browser.expect_text("A third name").await;
    browser.expect_text("My name").await;
    browser.click("Keep all of mine").await;
    browser.expect_text(SAVED).await;
    assert_eq!(stored(&manager).await["brand"]["name"], "My name");
}
