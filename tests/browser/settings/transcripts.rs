//! The section about transcripts.

use serde_json::{Value, json};
use tests::Stack;
use thirtyfour::Key;

use crate::browser::Browser;
use crate::settings::{
    PATH, SAVED, UNSAVED, differences, manager, page_with, settings_page, stored,
};

const MAY_REQUEST: &str = "Visitors may have their own conversation e-mailed to them";
const MASK: &str = "Mask card numbers in e-mails";
const REQUIRED: &str = "A sender address is required if visitors may request their conversation.";
const SENDER: &str = "help@acme.example";

async fn is_checked(browser: &Browser, name: &str) -> bool {
    browser.control(name).await.is_selected().await.unwrap()
}

#[tokio::test]
async fn the_section_about_transcripts_can_be_edited_and_saved() {
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.fill("Sender address", SENDER).await;
    browser.fill("Sender name", "Acme").await;
    browser.click(MAY_REQUEST).await;
    browser.click(MASK).await;
    browser.expect_text(UNSAVED).await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    let expected = json!({ "transcripts": {
        "from": SENDER,
        "sender_name": "Acme",
        "visitor_may_request": true,
        "redact_card_numbers": true,
    } });
    assert_eq!(stored(&manager).await, expected);

    let again = settings_page(&stack, &manager).await;
    let browser = &again.browser;
    assert_eq!(browser.value("Sender address").await, SENDER);
    assert_eq!(browser.value("Sender name").await, "Acme");
    for name in [MAY_REQUEST, MASK] {
        assert!(is_checked(browser, name).await, "{name}");
        browser.click(name).await;
    }
    browser.fill("Sender address", "").await;
    browser.fill("Sender name", "").await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    assert_eq!(stored(&manager).await, json!({}));
    assert_eq!(page.browser.console_messages().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_check_box_that_is_changed_back_is_no_change() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.click(MASK).await;
    browser.expect_text(UNSAVED).await;
    browser.click(MASK).await;
    browser.expect_text("All changes are saved").await;
    browser.click(MASK).await;
    browser.click("Discard changes").await;
    browser.expect_text("Changes discarded").await;
    assert!(!is_checked(browser, MASK).await);
    browser.click("Restore changes").await;
    browser.expect_text(UNSAVED).await;
    assert!(is_checked(browser, MASK).await);
}

#[tokio::test]
async fn a_sender_is_required_if_visitors_may_request_transcripts() {
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.click(MAY_REQUEST).await;
    browser.expect_text(REQUIRED).await;
    assert_eq!(page.calls("PUT", "/settings").await.len(), 0);
    browser.check_in_every_window("settings-transcripts").await;

    browser.click("Save").await;
    browser.expect_text("transcripts.from is required").await;
    browser.expect_text("The settings are not saved").await;
    assert_eq!(browser.focused().await, "Sender address");
    browser.click(MAY_REQUEST).await;
    browser.expect_no_text("transcripts.from is required").await;
    browser.expect_no_text(REQUIRED).await;
    browser.click(MAY_REQUEST).await;
    browser.expect_text(REQUIRED).await;
    browser.fill("Sender address", SENDER).await;
    browser.expect_no_text(REQUIRED).await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    let expected = json!({ "from": SENDER, "visitor_may_request": true });
    assert_eq!(stored(&manager).await["transcripts"], expected);
}

#[tokio::test]
async fn a_field_about_transcripts_that_is_left_shows_the_rule_that_it_breaks() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    for (field, text, rule) in [
        (
            "Sender address",
            "nobody".to_owned(),
            "Enter one e-mail address.",
        ),
        (
            "Sender name",
            "ceo@acme.example".to_owned(),
            "Write a name without @, quotes, backslashes or angle brackets.",
        ),
        (
            "Sender name",
            "ü".repeat(129),
            "Write at most 128 characters. There are 129.",
        ),
    ] {
        browser.fill(field, &text).await;
        browser.press(Key::Tab).await;
        browser.expect_text(rule).await;
        browser.fill(field, "").await;
        browser.expect_no_text(rule).await;
    }
}

#[tokio::test]
async fn a_conflict_shows_both_versions_of_what_is_on_or_off() {
    let stack = Stack::start().await;
    let before = json!({ "transcripts": { "from": SENDER } });
    let (manager, page) = page_with(&stack, before).await;
    let browser = &page.browser;
    let theirs = json!({ "transcripts": { "from": SENDER, "redact_card_numbers": true } });
    manager.put(PATH, theirs).await.expect(200);
    browser.click(MAY_REQUEST).await;
    browser.click("Save").await;
    browser
        .expect_text("Somebody else has changed the settings")
        .await;
    let shown = json!([[MAY_REQUEST, "On", "Off"], [MASK, "Off", "On"]]);
    assert_eq!(differences(browser).await, shown);

    browser.click("Save this choice").await;
    browser.expect_text(SAVED).await;
    let merged = json!({
        "from": SENDER,
        "visitor_may_request": true,
        "redact_card_numbers": true,
    });
    assert_eq!(stored(&manager).await["transcripts"], merged);
}

#[tokio::test]
async fn a_member_of_a_newer_version_in_the_section_stays() {
    let stack = Stack::start().await;
    let manager = manager(&stack).await;
    let before = json!({ "transcripts": { "from": SENDER } });
    manager.put(PATH, before).await.expect(200);
    let items = stack.items().await;
    let item = items
        .iter()
        .find(|item| item["sk"]["S"] == "SETTINGS")
        .unwrap();
    let pk = item["pk"]["S"].as_str().unwrap();
    let newer = json!({ "transcripts": { "from": SENDER, "bcc": "archive@acme.example" } });
    let change = |item: &mut Value| item["document"]["S"] = json!(newer.to_string());
    stack.change(pk, "SETTINGS", change).await;

    let page = settings_page(&stack, &manager).await;
    let browser = &page.browser;
    browser.expect_text("does not know: transcripts.bcc").await;
    browser.click(MASK).await;
    browser.click("Save").await;
    // The API does not know the member either, so it refuses what the page sends unchanged.
    browser.expect_text("so nothing was saved").await;
    assert_eq!(stored(&manager).await, newer);
    browser.click("Remove these settings").await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    let expected = json!({ "from": SENDER, "redact_card_numbers": true });
    assert_eq!(stored(&manager).await["transcripts"], expected);
}
