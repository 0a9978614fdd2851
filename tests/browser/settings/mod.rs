//! The settings page.

mod conflicts;
mod mail_preview;
mod preview;
mod reasons;
mod refusals;
mod rule_checks;
mod rules;
mod transcripts;

use serde_json::{Value, json};
use tests::{Caller, Stack};

use crate::browser::Browser;
use crate::page::Page;

pub(crate) const PATH: &str = "/v1/settings";

/// Sentences of the page.
pub(crate) const SAVED: &str = "Saved. Visitors see the changes within a minute.";
pub(crate) const UNSAVED: &str = "Unsaved changes";

/// A person who may change the settings.
pub(crate) async fn manager(stack: &Stack) -> Caller {
    let claims = json!({ "sub": "rey", "scopes": ["settings:write"] });
    stack.with_claims(claims).await
}

/// The page, when it shows the settings.
pub(crate) async fn settings_page(stack: &Stack, caller: &Caller) -> Page {
    let page = Page::of_settings(stack, caller).await;
    page.browser.control("Save").await;
    page
}

/// The page with these settings.
async fn page_with(stack: &Stack, settings: Value) -> (Caller, Page) {
    let manager = manager(stack).await;
    manager.put(PATH, settings).await.expect(200);
    let page = settings_page(stack, &manager).await;
    (manager, page)
}

/// The stored settings.
async fn stored(manager: &Caller) -> Value {
    manager.get(PATH).await.expect(200)["settings"].take()
}

/// Chooses an option of a list by its value.
pub(crate) async fn choose(browser: &Browser, name: &str, value: &str) {
    browser.control(name).await;
    let script = "const list = control(arguments[0]);
        list.value = arguments[1];
        list.dispatchEvent(new Event('change'));
        return list.value;";
    let chosen = browser.run(script, vec![json!(name), json!(value)]).await;
    assert_eq!(chosen, value);
}

/// Shows the page in this language.
async fn speak(browser: &Browser, language: &str) {
    let script = "document.querySelector('afterchat-settings').setAttribute('lang', arguments[0]);";
    browser.run(script, vec![json!(language)]).await;
}

/// The settings that differ in a conflict: the name of each, and both versions.
async fn differences(browser: &Browser) -> Value {
    let script = "const differences = [...everything()].filter((it) => it.matches('.difference'));
        return differences.map((difference) => [
            difference.querySelector('legend').textContent,
            ...[...difference.querySelectorAll('.value')].map((value) => value.textContent),
        ]);";
    browser.run(script, vec![]).await
}

/// Whether the browser asks before the page is left.
async fn asks_before_leaving(browser: &Browser) -> bool {
    let script = "const event = new Event('beforeunload', { cancelable: true });
        window.dispatchEvent(event);
        return event.defaultPrevented;";
    browser.run(script, vec![]).await == true
}

#[tokio::test]
async fn all_settings_can_be_edited_and_saved() {
    let stack = Stack::start().await;
    let manager = manager(&stack).await;
    let page = settings_page(&stack, &manager).await;
    let browser = &page.browser;
    browser.expect_text("All changes are saved").await;
    for (field, text) in [
        ("Name", "Acme"),
        ("Reply address", "help@acme.example"),
        ("Accent colour", "#3B2FCF"),
    ] {
        browser.fill(field, text).await;
    }
    browser.expect_text(UNSAVED).await;
    choose(browser, "Default language", "pl").await;
    choose(browser, "Language to edit", "pl").await;
    for (field, text) in [
        ("Question", "Jak było?"),
        (
            "Question if the agent’s name is known",
            "Jak było z {agent}?",
        ),
        ("Thanks", "Dzięki!"),
        ("Label of the comment", "Coś jeszcze?"),
        ("Subject of e-mails", "{brand} {date}"),
        ("Introduction of e-mails", "Oto rozmowa z {brand}."),
    ] {
        browser.fill(field, text).await;
    }
    for score in 1..=5 {
        let field = format!("{score} of 5");
        browser.fill(&field, &format!("Ocena {score}")).await;
    }
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    let expected = json!({
        "default_language": "pl",
        "brand": { "name": "Acme", "reply_to": "help@acme.example", "accent_color": "#3b2fcf" },
        "texts": { "pl": {
            "question": "Jak było?",
            "question_about": "Jak było z {agent}?",
            "thanks": "Dzięki!",
            "faces": ["Ocena 1", "Ocena 2", "Ocena 3", "Ocena 4", "Ocena 5"],
            "comment": "Coś jeszcze?",
            "mail_subject": "{brand} {date}",
            "mail_intro": "Oto rozmowa z {brand}.",
        } },
    });
    assert_eq!(stored(&manager).await, expected);

    let again = settings_page(&stack, &manager).await;
    assert_eq!(again.browser.value("Name").await, "Acme");
    assert_eq!(again.browser.value("Question").await, "Jak było?");
    assert_eq!(again.browser.value("5 of 5").await, "Ocena 5");
    again.browser.fill("Question", "").await;
    again.browser.fill("Name", "").await;
    again.browser.click("Save").await;
    again.browser.expect_text(SAVED).await;
    let stored = stored(&manager).await;
    assert_eq!(stored["brand"].get("name"), None);
    assert_eq!(stored["texts"]["pl"].get("question"), None);
    assert_eq!(page.browser.console_messages().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_changed_label_of_one_face_keeps_the_built_in_ones_of_the_others() {
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    page.browser.fill("5 of 5", "Wow").await;
    page.browser.click("Save").await;
    page.browser.expect_text(SAVED).await;
    let faces = [
        "Very dissatisfied",
        "Dissatisfied",
        "Neutral",
        "Satisfied",
        "Wow",
    ];
    assert_eq!(stored(&manager).await["texts"]["en"]["faces"], json!(faces));
}

#[tokio::test]
async fn discarded_changes_can_be_restored() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, json!({ "brand": { "name": "Acme" } })).await;
    let browser = &page.browser;
    browser.fill("Name", "Bolt").await;
    browser.click("Discard changes").await;
    browser.expect_text("Changes discarded").await;
    assert_eq!(browser.value("Name").await, "Acme");
    assert!(!asks_before_leaving(browser).await);
    browser.click("Restore changes").await;
    browser.expect_text(UNSAVED).await;
    assert_eq!(browser.value("Name").await, "Bolt");
    assert!(asks_before_leaving(browser).await);
}

#[tokio::test]
async fn texts_of_the_settings_are_never_markup() {
    const ATTACK: &str = "\"'><img src=x onerror=window.attacked=1>";
    let stack = Stack::start().await;
    let texts = json!({ "question": ATTACK, "thanks": ATTACK, "comment": ATTACK });
    let settings = json!({
        "brand": { "name": ATTACK },
        "texts": { "en": texts },
        "reasons": [{ "id": "r", "scores": [1], "labels": { "en": ATTACK } }],
    });
    let (manager, page) = page_with(&stack, settings.clone()).await;
    let browser = &page.browser;
    browser.click("1 of 5, Very dissatisfied").await;
    browser.expect_text(ATTACK).await;
    let mut theirs = settings;
    theirs["brand"]["name"] = json!(format!("Their {ATTACK}"));
    manager.put(PATH, theirs).await.expect(200);
    browser.fill("Name", &format!("My {ATTACK}")).await;
    browser.click("Save").await;
    browser.expect_text(&format!("Their {ATTACK}")).await;
    browser.expect_text(&format!("My {ATTACK}")).await;
    let script = "const images = [...everything()].filter((it) => it.matches('img[src=x], script:not(head script)'));
        return [window.attacked ?? null, images.length];";
    assert_eq!(browser.run(script, vec![]).await, json!([null, 0]));
}

#[tokio::test]
async fn the_page_speaks_the_language_of_the_host_page() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    for (language, title, direction) in [
        ("de-AT", "Einstellungen", "ltr"),
        ("es", "Ajustes", "ltr"),
        ("fr", "Paramètres", "ltr"),
        ("pt", "Definições", "ltr"),
        ("ar", "الإعدادات", "rtl"),
        ("fi", "Settings", "ltr"),
    ] {
        speak(browser, language).await;
        browser.expect_text(title).await;
        let script = "const root = document.querySelector('afterchat-settings').shadowRoot;
            return root.querySelector('.frame').dir;";
        assert_eq!(browser.run(script, vec![]).await, direction, "{language}");
    }
}
