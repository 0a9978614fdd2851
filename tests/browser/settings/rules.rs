//! The rules: what happens by itself after a conversation is resolved.

use serde_json::{Value, json};
use tests::{SENDER, Stack};

use crate::browser::Browser;
use crate::settings::{
    PATH, SAVED, UNSAVED, differences, manager, page_with, settings_page, speak, stored,
};

/// The check boxes of the rules.
pub(crate) const ASK: &str = "Ask the visitor for a rating after a conversation is resolved";
pub(crate) const SEND: &str = "E-mail the conversation to the visitor after it is resolved";

/// Fields of both rules. The fields of a rule that is off are hidden.
pub(crate) const WAIT: &str = "Minutes to wait";
pub(crate) const PERCENT: &str = "Percentage of the conversations";
pub(crate) const LABELS: &str = "With one of these labels";
pub(crate) const VISITOR_MESSAGES: &str = "Minimum of messages from the visitor";

/// Fields for all requests.
pub(crate) const MAIL_AFTER: &str = "Hours until a visitor who did not answer gets an e-mail";
pub(crate) const EXPIRES_AFTER: &str = "Days until a request can no longer be answered";

const NOTHING: &str = "Nothing happens by itself.";

/// The rule that the sentence of [`HALF_ASKED`] describes.
fn half_asked() -> Value {
    json!({ "asking": { "on_resolve": {
        "enabled": true,
        "conditions": {
            "minimum_messages": { "visitor": 2 },
            "skip_resolved_by": ["bot"],
            "sample_percent": 50,
        },
    } } })
}

const HALF_ASKED: &str = "15 minutes after a conversation is resolved, the visitor is asked for a \
    rating, if the visitor wrote at least 2 messages, and no bot ended it. Half of these \
    conversations are asked.";

/// The sentences of the two rules: about asking, and about sending.
async fn sentences(browser: &Browser) -> Value {
    let script = "const shown = [...everything()].filter((it) => it.matches('.sentence'));
        return shown.map((sentence) => sentence.textContent);";
    browser.run(script, vec![]).await
}

#[tokio::test]
async fn the_sentence_about_asking_changes_with_the_form() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    assert_eq!(sentences(browser).await, json!([NOTHING, NOTHING]));
    browser.click(ASK).await;
    let expected =
        "15 minutes after a conversation is resolved, the visitor is asked for a rating.";
    assert_eq!(sentences(browser).await, json!([expected, NOTHING]));

    browser.fill(VISITOR_MESSAGES, "2").await;
    browser.click("A bot").await;
    browser.fill(PERCENT, "50").await;
    assert_eq!(sentences(browser).await, json!([HALF_ASKED, NOTHING]));

    browser.fill(WAIT, "0").await;
    browser.fill(VISITOR_MESSAGES, "1").await;
    browser.fill("Minimum of messages from agents", "3").await;
    browser.fill(PERCENT, "30").await;
    browser.fill("Teams", "sales\nsupport\n").await;
    browser.fill("Without these labels", "spam").await;
    browser.click("A bot").await;
    browser.click("The visitor").await;
    browser.click("A timeout").await;
    let expected = "As soon as a conversation is resolved, the visitor is asked for a rating, if its \
        team is “sales” or “support”, it does not have the label “spam”, the visitor wrote at least \
        1 message, agents wrote at least 3 messages, the visitor did not end it, and no timeout \
        ended it. 30% of these conversations are asked.";
    assert_eq!(sentences(browser).await, json!([expected, NOTHING]));

    browser.click(ASK).await;
    assert_eq!(sentences(browser).await, json!([NOTHING, NOTHING]));
}

#[tokio::test]
async fn the_sentence_about_sending_names_the_channels_and_whole_hours_and_days() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.click(SEND).await;
    for (minutes, channels, expected) in [
        (
            "",
            "",
            "1 hour after a conversation is resolved, it is e-mailed to the visitor, if its \
                channel is “widget”.",
        ),
        (
            "90",
            "",
            "90 minutes after a conversation is resolved, it is e-mailed to the visitor, if its \
                channel is “widget”.",
        ),
        (
            "2880",
            "widget\nmessenger",
            "2 days after a conversation is resolved, it is e-mailed to the visitor, if its \
                channel is “widget” or “messenger”.",
        ),
    ] {
        browser.fill(WAIT, minutes).await;
        browser.fill("Channels", channels).await;
        assert_eq!(sentences(browser).await, json!([NOTHING, expected]));
    }
}

#[tokio::test]
async fn a_screen_reader_reads_the_sentence_when_the_rule_is_changed() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, half_asked()).await;
    let browser = &page.browser;
    let announced = "const root = document.querySelector('afterchat-settings').shadowRoot;
        return root.querySelector('.unseen').textContent;";
    browser.click("A bot").await;
    let expected = HALF_ASKED.replace(", and no bot ended it", "");
    assert_eq!(browser.run(announced, vec![]).await, json!(expected));
    browser.click(ASK).await;
    assert_eq!(browser.run(announced, vec![]).await, NOTHING);
}

#[tokio::test]
async fn the_sentence_is_in_the_language_of_the_page_with_its_plural_forms() {
    let stack = Stack::start().await;
    let (_, page) = page_with(&stack, half_asked()).await;
    let browser = &page.browser;
    for (language, sentence) in [
        ("en", HALF_ASKED),
        (
            "de",
            "15 Minuten nach dem Abschluss eines Gesprächs wird der Besucher um eine Bewertung \
                gebeten, wenn der Besucher mindestens 2 Nachrichten geschrieben hat und kein Bot \
                es beendet hat. Das geschieht bei der Hälfte dieser Gespräche.",
        ),
        (
            "es",
            "15 minutos después de resolverse una conversación, se pide una valoración al \
                visitante, si el visitante escribió al menos 2 mensajes y si ningún bot la \
                terminó. Se pide en la mitad de estas conversaciones.",
        ),
        (
            "fr",
            "15 minutes après la résolution d’une conversation, une évaluation est demandée au \
                visiteur, si le visiteur a écrit au moins 2 messages et si aucun bot ne l’a \
                terminée. Elle est demandée dans la moitié de ces conversations.",
        ),
        (
            "pt",
            "15 minutos depois de uma conversa ser resolvida, é pedida uma avaliação ao \
                visitante, se o visitante tiver escrito pelo menos 2 mensagens e se nenhum bot a \
                tiver terminado. É pedida em metade destas conversas.",
        ),
        // Arabic has a form for two. The values are isolated, so parts of the sentence are compared.
        ("ar", "كتب الزائر رسالتين على الأقل"),
        ("ar", "يُطلب التقييم في نصف هذه المحادثات."),
    ] {
        speak(browser, language).await;
        browser.expect_text(sentence).await;
    }
}

#[tokio::test]
async fn rules_and_all_their_conditions_can_be_edited_and_saved() {
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.click(ASK).await;
    for (field, text) in [
        (WAIT, "30"),
        (PERCENT, "40"),
        ("Inboxes", "12\n14"),
        ("Teams", "sales"),
        (LABELS, "vip\n  needs reply, soon \n\nvip"),
        ("Without these labels", "spam"),
        (VISITOR_MESSAGES, "2"),
        ("Minimum of messages from agents", "1"),
        (MAIL_AFTER, "24"),
        (EXPIRES_AFTER, "30"),
    ] {
        browser.fill(field, text).await;
    }
    browser.click("A bot").await;
    browser.click("A timeout").await;
    // The fields of the other rule have the same names.
    browser.click(ASK).await;
    browser.click(SEND).await;
    browser.fill("Sender address", SENDER).await;
    browser.fill(WAIT, "120").await;
    browser.fill("Channels", "widget\nmessenger").await;
    browser.click("An agent").await;
    browser.click(ASK).await;
    browser.expect_text(UNSAVED).await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    let expected = json!({
        "asking": {
            "on_resolve": {
                "enabled": true,
                "after_minutes": 30,
                "conditions": {
                    "inboxes": ["12", "14"],
                    "teams": ["sales"],
                    "labels_any": ["vip", "needs reply, soon"],
                    "labels_none": ["spam"],
                    "minimum_messages": { "visitor": 2, "agent": 1 },
                    "skip_resolved_by": ["bot", "timeout"],
                    "sample_percent": 40,
                },
            },
            "mail_if_unanswered_after_hours": 24,
            "expires_after_days": 30,
        },
        "transcripts": {
            "from": SENDER,
            "on_resolve": {
                "enabled": true,
                "after_minutes": 120,
                "conditions": {
                    "channels": ["widget", "messenger"],
                    "skip_resolved_by": ["agent"],
                },
            },
        },
    });
    assert_eq!(stored(&manager).await, expected);
    assert_eq!(page.browser.console_messages().await, Vec::<String>::new());

    let again = settings_page(&stack, &manager).await;
    let browser = &again.browser;
    assert_eq!(sentences(browser).await, sentences(&page.browser).await);
    assert_eq!(browser.value(WAIT).await, "30");
    assert_eq!(browser.value(LABELS).await, "vip\nneeds reply, soon");
    assert_eq!(browser.value(MAIL_AFTER).await, "24");
}

#[tokio::test]
async fn a_rule_that_is_switched_off_keeps_its_details() {
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    assert!(!browser.has_control(WAIT).await);
    browser.click(ASK).await;
    browser.expect_text(UNSAVED).await;
    browser.click(ASK).await;
    browser.expect_text("All changes are saved").await;

    browser.click(ASK).await;
    browser.fill(WAIT, "30").await;
    browser.click(ASK).await;
    assert!(!browser.has_control(WAIT).await);
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    let rule = stored(&manager).await["asking"]["on_resolve"].take();
    assert_eq!(rule["after_minutes"], 30);
    assert_ne!(rule["enabled"], true);

    browser.click(ASK).await;
    assert_eq!(browser.value(WAIT).await, "30");
    browser.click("Discard changes").await;
    browser.expect_text("Changes discarded").await;
    assert_eq!(sentences(browser).await, json!([NOTHING, NOTHING]));
    browser.click("Restore changes").await;
    browser.expect_text(UNSAVED).await;
    browser
        .expect_text("30 minutes after a conversation is resolved")
        .await;
}

#[tokio::test]
async fn arabic_digits_are_numbers() {
    let stack = Stack::start().await;
    let (manager, page) = page_with(&stack, json!({})).await;
    let browser = &page.browser;
    browser.click(ASK).await;
    browser.fill(WAIT, "٢٥").await;
    assert_eq!(browser.value(WAIT).await, "25");
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    let rule = stored(&manager).await["asking"]["on_resolve"].take();
    assert_eq!(rule["after_minutes"], 25);
}

#[tokio::test]
async fn a_conflict_shows_what_each_version_of_a_rule_does() {
    let stack = Stack::start().await;
    let mut before = half_asked();
    before["transcripts"] = json!({ "from": SENDER });
    before["asking"]["expires_after_days"] = json!(30);
    let (manager, page) = page_with(&stack, before.clone()).await;
    let browser = &page.browser;
    let mut theirs = before;
    theirs["asking"]["on_resolve"] = json!({ "enabled": false, "after_minutes": 5 });
    theirs["asking"]["expires_after_days"] = json!(7);
    manager.put(PATH, theirs).await.expect(200);
    browser.fill(WAIT, "45").await;
    browser.click(SEND).await;
    browser.click("Save").await;
    browser
        .expect_text("Somebody else has changed the settings")
        .await;
    let mine = HALF_ASKED.replace("15 minutes", "45 minutes");
    let off = "Nothing happens by itself.If it is switched on: 5 minutes after a conversation is \
        resolved, the visitor is asked for a rating.";
    let sent = "1 hour after a conversation is resolved, it is e-mailed to the visitor, if its \
        channel is “widget”.";
    let shown = json!([
        [ASK, mine, off],
        [EXPIRES_AFTER, "30", "7"],
        [SEND, sent, NOTHING]
    ]);
    let mut found = differences(browser).await;
    // The order of the members is that of the documents.
    let by_name = |one: &Value, other: &Value| one[0].as_str().cmp(&other[0].as_str());
    found.as_array_mut().unwrap().sort_by(by_name);
    assert_eq!(found, shown);
    browser
        .check_in_every_window("settings-rule-conflict")
        .await;

    let choose = "const difference = [...everything()].find((it) => it.matches('.difference')
            && it.querySelector('legend').textContent === arguments[0]);
        difference.querySelector('[value=mine]').click();";
    browser.run(choose, vec![json!(ASK)]).await;
    browser.click("Save this choice").await;
    browser.expect_text(SAVED).await;
    let saved = stored(&manager).await;
    assert_eq!(saved["asking"]["on_resolve"]["after_minutes"], 45);
    assert_eq!(saved["asking"]["expires_after_days"], 7);
    assert_eq!(saved["transcripts"]["on_resolve"]["enabled"], true);
}

#[tokio::test]
async fn a_condition_of_a_newer_version_stays() {
    let stack = Stack::start().await;
    let manager = manager(&stack).await;
    manager.put(PATH, half_asked()).await.expect(200);
    let items = stack.items().await;
    let item = items
        .iter()
        .find(|item| item["sk"]["S"] == "SETTINGS")
        .unwrap();
    let pk = item["pk"]["S"].as_str().unwrap();
    let mut newer = half_asked();
    newer["asking"]["on_resolve"]["conditions"]["weather"] = json!({});
    let change = |item: &mut Value| item["document"]["S"] = json!(newer.to_string());
    stack.change(pk, "SETTINGS", change).await;

    let page = settings_page(&stack, &manager).await;
    let browser = &page.browser;
    browser
        .expect_text("does not know: asking.on_resolve.conditions.weather")
        .await;
    browser.fill(WAIT, "45").await;
    browser.click("Save").await;
    // The API does not know the member either, so it refuses what the page sends unchanged.
    browser.expect_text("so nothing was saved").await;
    assert_eq!(stored(&manager).await, newer);
    browser.click("Remove these settings").await;
    browser.click("Save").await;
    browser.expect_text(SAVED).await;
    let mut expected = half_asked();
    expected["asking"]["on_resolve"]["after_minutes"] = json!(45);
    assert_eq!(stored(&manager).await, expected);
}

#[tokio::test]
async fn the_rules_are_accessible_in_every_window() {
    let stack = Stack::start().await;
    let long = "a_very_long_word_".repeat(7);
    let conditions = json!({
        "inboxes": [long, "12"],
        "labels_none": ["spam"],
        "skip_resolved_by": ["bot", "timeout"],
        "minimum_messages": { "visitor": 2 },
    });
    let rule = json!({ "enabled": true, "conditions": conditions });
    let settings = json!({
        "asking": { "on_resolve": rule },
        "transcripts": { "from": SENDER, "on_resolve": rule },
    });
    let (_, page) = page_with(&stack, settings).await;
    let browser = &page.browser;
    browser.check_in_every_window("settings-rules").await;

    browser.fill(WAIT, "99999").await;
    browser.fill(LABELS, &"ü".repeat(65)).await;
    browser.fill("Channels", "no blanks").await;
    browser.fill(MAIL_AFTER, "0").await;
    browser.click("Save").await;
    browser.expect_text("The settings are not saved").await;
    browser
        .check_in_every_window("settings-rules-refused")
        .await;

    speak(browser, "ar").await;
    browser.expect_text("طلب التقييمات تلقائيًا").await;
    browser.check_in_every_window("settings-rules-arabic").await;
}
