//! The text part contains every message, and the HTML part stays below its limit.

use domain::PublicMessage;
use insta::assert_snapshot;

use crate::conversation::{GIANTS, LIMIT, agent, giant_message, mail, message, shown, visitor};

/// One message a minute. Each contains its number.
fn numbered(count: usize) -> Vec<PublicMessage> {
    (0..count)
        .map(|number| {
            let (day, hour, minute) = (number / 1440 + 1, number / 60 % 24, number % 60);
            message(
                &format!("2026-06-{day:02}T{hour:02}:{minute:02}:00Z"),
                visitor("Ana"),
                &format!("[{number}]"),
            )
        })
        .collect()
}

/// The numbers of the messages in `text`, in order.
fn numbers(text: &str) -> Vec<usize> {
    text.split('[')
        .filter_map(|rest| rest.split_once(']')?.0.parse().ok())
        .collect()
}

#[test]
fn ten_thousand_messages_are_all_in_the_text_and_in_the_attachment() {
    let mail = mail(&numbered(10_000), "UTC");
    let all: Vec<_> = (0..10_000).collect();
    assert_eq!(numbers(&mail.text), all);
    let attachment = mail.attachment.unwrap();
    assert_eq!(attachment.file_name, "transcript.html");
    assert_eq!(numbers(&attachment.content), all);
}

#[test]
fn the_body_shows_as_many_of_the_latest_messages_as_fit() {
    let mail = mail(&numbered(10_000), "UTC");
    let shown = numbers(&mail.html);
    let expected: Vec<_> = (10_000 - shown.len()..10_000).collect();
    assert_eq!(shown, expected);
    assert!(mail.html.contains(&format!(
        "This e-mail shows the latest {} of 10,000 messages.",
        shown.len()
    )));
    assert!((LIMIT - 200..LIMIT).contains(&mail.html.len()));
}

#[test]
fn the_first_message_in_the_body_is_below_its_date() {
    let mail = mail(&numbered(10_000), "UTC");
    let first = numbers(&mail.html)[0];
    let (_, messages) = mail
        .html
        .split_once("attached as transcript.html.</p>\n")
        .unwrap();
    let heading = format!("{} June 2026</h2>", first / 1440 + 1);
    assert!(messages.starts_with("<h2>"));
    assert!(messages.lines().next().unwrap().ends_with(&heading));
}

#[test]
fn the_body_has_all_messages_if_it_is_below_the_limit() {
    let mail_with_padding = |bytes| {
        let mut messages = numbered(600);
        let padding = "x".repeat(bytes);
        messages.push(message("2026-06-30T23:59:00Z", visitor("Ana"), &padding));
        mail(&messages, "UTC")
    };
    let space_left = LIMIT - mail_with_padding(1).html.len();

    let complete = mail_with_padding(space_left);
    assert_eq!(complete.html.len(), LIMIT - 1);
    assert_eq!(complete.attachment, None);

    let truncated = mail_with_padding(space_left + 1);
    assert!(truncated.html.len() < LIMIT);
    assert_eq!(truncated.attachment.unwrap().content.len(), LIMIT);
}

#[test]
fn a_giant_message_is_complete_in_the_text_and_truncated_in_the_html() {
    let giant = "😀".repeat(32_000);
    let mail = mail(
        &[
            message("2026-06-06T09:05:00Z", agent("Zoë"), "How are you?"),
            message("2026-06-06T09:06:00Z", visitor("Ana"), &giant),
        ],
        "UTC",
    );
    assert!(mail.text.contains(&giant));
    assert!(mail.attachment.unwrap().content.contains(&giant));
    assert!(mail.html.len() < LIMIT);
    let short = mail.html.replace(&"😀".repeat(8_000), "😀 × 8,000");
    assert_snapshot!(shown(&short), @r#"
    2 messages on 6 June 2026. Times are in the time zone UTC.</p>
    <p class="note" role="note">This e-mail shows the beginning of the latest message. The whole conversation is attached as transcript.html.</p>
    <h2>Saturday, 6 June 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 09:06</p>
    <p class="text">😀 × 8,000…</p>
    </div>
    </div>
    "#);
}

#[test]
fn a_giant_message_before_the_latest_is_not_in_the_body() {
    let giant = "😀".repeat(32_000);
    let mail = mail(
        &[
            message("2026-06-05T09:05:00Z", visitor("Ana"), &giant),
            message("2026-06-06T09:06:00Z", agent("Zoë"), "Thank you."),
        ],
        "UTC",
    );
    assert_snapshot!(shown(&mail.html), @r#"
    2 messages from 5 June 2026 to 6 June 2026. Times are in the time zone UTC.</p>
    <p class="note" role="note">This e-mail shows the latest message. The whole conversation is attached as transcript.html.</p>
    <h2>Saturday, 6 June 2026</h2>
    <div class="message agent">
    <p class="by"><b>Zoë</b> 09:06</p>
    <p class="text">Thank you.</p>
    </div>
    </div>
    "#);
}

#[test]
fn the_beginning_of_any_giant_message_is_below_the_limit() {
    for character in GIANTS {
        let mail = mail(&[giant_message(character)], "UTC");
        assert!(mail.html.len() < LIMIT, "{character:?}");
        assert_eq!(mail.text.matches("Attached:").count(), 100);
    }
}

#[test]
fn a_mail_can_have_no_messages() {
    let mail = mail(&[], "UTC");
    assert_snapshot!(mail.text, @"
    Your conversation with Acme

    Times are in the time zone UTC.
    ");
}
