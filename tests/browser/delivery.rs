//! The states of sent transcripts in the sidebar.

use serde_json::json;
use tests::{Stack, mail_event};

use crate::sidebar::inbox;

/// The delivery events in the order in which they can follow each other, and the state that is shown.
const STATES: [(&str, &str); 5] = [
    ("mail-sent", "Sent"),
    ("mail-delayed", "Delayed"),
    ("mail-delivered", "Delivered"),
    ("mail-bounced", "Not delivered"),
    ("mail-complained", "Marked as spam"),
];

/// Sends a transcript, and returns its id.
async fn send_transcript(stack: &Stack) -> String {
    let agent = stack.agent("kim").await;
    let sent = agent.send_transcript("c1").await.expect(201);
    sent["transcript"]["id"].as_str().unwrap().to_owned()
}

/// The state `sent` does not confirm the delivery, so it must not look like a confirmation.
#[tokio::test]
async fn all_states_of_a_transcript_have_the_same_style() {
    let stack = Stack::start().await;
    let page = inbox(&stack).await;
    let browser = &page.browser;
    let id = send_transcript(&stack).await;
    page.refresh().await;
    browser.expect_text("to ana@example.org, ").await;
    let item = "const item = [...everything()].find((it) => it.matches('.transcripts li'));
        const { backgroundColor, padding, fontWeight } = getComputedStyle(item);
        return [item.className, backgroundColor, padding, fontWeight, getComputedStyle(item, '::before').content];";
    let plain = json!(["", "rgba(0, 0, 0, 0)", "0px", "400", "none"]);
    assert_eq!(browser.run(item, vec![]).await, plain);
    for (event, words) in STATES {
        stack.put_mail_events(&[mail_event(event, "c1", &id)]).await;
        page.refresh().await;
        browser.expect_text(words).await;
        assert_eq!(browser.run(item, vec![]).await, plain, "{event}");
    }
}

#[tokio::test]
async fn the_delivery_of_a_transcript_is_shown_with_its_reason() {
    let stack = Stack::start().await;
    let page = inbox(&stack).await;
    let browser = &page.browser;
    let id = send_transcript(&stack).await;
    for (event, words) in STATES {
        stack.put_mail_events(&[mail_event(event, "c1", &id)]).await;
        page.refresh().await;
        browser.expect_text(words).await;
    }
    browser.expect_text("to ana@example.org, ").await;
    // The thread shows each event with its reason and the whole address.
    browser
        .expect_text("The transcript to ana@example.org bounced")
        .await;
    browser
        .expect_text("The address does not exist (status 5.1.1).")
        .await;
    browser
        .expect_text("The transcript to ana@example.org was marked as spam")
        .await;
    browser
        .expect_text("The recipient marked it as spam.")
        .await;
    browser.expect_accessible("states of transcripts").await;
}

#[tokio::test]
async fn a_refusal_of_the_mail_system_is_explained() {
    let stack = Stack::start().await;
    let page = inbox(&stack).await;
    let browser = &page.browser;
    browser.click("Send transcript").await;
    for (fault, words) in [
        (
            "reject",
            "Nothing was sent, and it does not count towards the limit.",
        ),
        ("error", "it may have been sent"),
    ] {
        stack.next_sends(&[fault]).await;
        browser.click("Send").await;
        browser.expect_text(words).await;
    }
    browser.click("Send").await;
    browser.expect_text("Sent to ana@example.org.").await;
}
