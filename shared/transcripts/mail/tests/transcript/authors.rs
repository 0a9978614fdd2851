//! The author of each message is named.

use domain::AuthorKind;
use insta::assert_snapshot;

use crate::conversation::{author, mail, message, shown};

#[test]
fn an_author_without_a_name_is_named_by_kind() {
    let sent_at = "2026-06-06T09:05:00Z";
    let mail = mail(
        &[
            message(sent_at, author(AuthorKind::System, ""), "Chat started."),
            message(sent_at, author(AuthorKind::Bot, ""), "How can we help?"),
            message(sent_at, author(AuthorKind::Visitor, ""), "A human, please."),
            message(sent_at, author(AuthorKind::Agent, ""), "Here I am."),
        ],
        "UTC",
    );
    assert_snapshot!(mail.text, @"
    Your conversation with Acme

    4 messages on 6 June 2026. Times are in the time zone UTC.


    --- Saturday, 6 June 2026 ---

    09:05  System
        Chat started.

    09:05  Bot
        How can we help?

    09:05  Visitor
        A human, please.

    09:05  Agent
        Here I am.
    ");
    assert_snapshot!(shown(&mail.html), @r#"
    4 messages on 6 June 2026. Times are in the time zone UTC.</p>
    <h2>Saturday, 6 June 2026</h2>
    <div class="message system">
    <p class="by"><b>System</b> 09:05</p>
    <p class="text">Chat started.</p>
    </div>
    <div class="message bot">
    <p class="by"><b>Bot</b> 09:05</p>
    <p class="text">How can we help?</p>
    </div>
    <div class="message visitor">
    <p class="by"><b>Visitor</b> 09:05</p>
    <p class="text">A human, please.</p>
    </div>
    <div class="message agent">
    <p class="by"><b>Agent</b> 09:05</p>
    <p class="text">Here I am.</p>
    </div>
    </div>
    "#);
}

#[test]
fn a_name_of_control_characters_is_replaced_by_the_kind() {
    let invisible = author(AuthorKind::Agent, "\u{202E}\u{2066}");
    let mail = mail(&[message("2026-06-06T09:05:00Z", invisible, "Hi.")], "UTC");
    assert!(mail.text.contains("09:05  Agent\n"));
}
