//! Dates and times are those of the visitor's time zone.

use insta::assert_snapshot;

use crate::conversation::{agent, mail, mail_without_time_zone, message, shown, visitor};

#[test]
fn a_conversation_over_two_days_is_grouped_by_date() {
    let mail = mail(
        &[
            message(
                "2026-06-06T20:58:00Z",
                visitor("Ana"),
                "Hello!\nMy order has not arrived.",
            ),
            message("2026-06-06T20:59:30Z", agent("Zoë"), "Let me look."),
            message(
                "2026-06-06T23:05:00Z",
                agent("Zoë"),
                "It left today:\n\n  - parcel 1\n  - parcel 2",
            ),
        ],
        "Europe/Lisbon",
    );
    assert_eq!(mail.subject, "Your conversation with Acme");
    assert_eq!(mail.attachment, None);
    assert_snapshot!(mail.text, @"
    Your conversation with Acme

    3 messages from 6 June 2026 to 7 June 2026. Times are in the time zone Europe/Lisbon.


    --- Saturday, 6 June 2026 ---

    21:58  Ana
        Hello!
        My order has not arrived.

    21:59  Zoë
        Let me look.


    --- Sunday, 7 June 2026 ---

    00:05  Zoë
        It left today:

          - parcel 1
          - parcel 2
    ");
    assert_snapshot!(mail.html, @r#"
    <!DOCTYPE html>
    <html lang="en" dir="ltr">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="supported-color-schemes" content="light dark">
    <title>Your conversation with Acme</title>
    <style>
    :root { color-scheme: light dark; }
    body { margin: 0; padding: 0; }
    h1 { margin: 0 0 4px; font-size: 22px; line-height: 1.3; }
    h2 { margin: 32px 0 12px; font-size: 14px; color: #59636e; }
    p { margin: 0; }
    .summary, .by { font-size: 14px; color: #59636e; }
    .by b { color: #1f2328; }
    .note { margin: 16px 0 0; padding: 10px 14px; border-radius: 6px; background: #fff4d6; color: #1f2328; }
    .message { margin: 0 0 14px; padding-left: 12px; border-left: 3px solid #afb8c1; }
    .agent { border-left-color: #2f6fde; }
    .logo { display: block; margin: 0 0 16px; max-width: 100%; max-height: 64px; border: 0; }
    .intro { margin: 0 0 8px; }
    .file { margin: 4px 0 0; font-size: 14px; }
    .faces { max-width: 440px; }
    .face { display: block; padding: 10px 2px; font-size: 12px; line-height: 1.3; text-decoration: none; overflow-wrap: normal; }
    </style>
    <style>
    @media (prefers-color-scheme: dark) {
    h2, .summary, .by { color: #9da7b3; }
    .by b { color: #e6edf3; }
    .note { background: #4a3b12; color: #f5ead0; }
    .message { border-left-color: #59636e; }
    .agent { border-left-color: #79b0ff; }
    a { color: #79b0ff; }
    }
    </style>
    </head>
    <body>
    <div role="article" aria-roledescription="email" aria-label="Your conversation with Acme" lang="en" dir="ltr" style="text-align:left;max-width:640px;margin:0 auto;padding:24px 16px;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;overflow-wrap:anywhere">
    <h1>Your conversation with Acme</h1>
    <p class="summary">3 messages from 6 June 2026 to 7 June 2026. Times are in the time zone Europe/Lisbon.</p>
    <h2>Saturday, 6 June 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 21:58</p>
    <p class="text">Hello!<br>My order has not arrived.</p>
    </div>
    <div class="message agent">
    <p class="by"><b>Zoë</b> 21:59</p>
    <p class="text">Let me look.</p>
    </div>
    <h2>Sunday, 7 June 2026</h2>
    <div class="message agent">
    <p class="by"><b>Zoë</b> 00:05</p>
    <p class="text">It left today:<br><br>  - parcel 1<br>  - parcel 2</p>
    </div>
    </div>
    </body>
    </html>
    "#);
}

#[test]
fn one_message_is_singular() {
    let mail = mail(
        &[message("2026-06-06T20:58:00Z", visitor("Ana"), "Hello!")],
        "America/New_York",
    );
    assert_snapshot!(mail.text, @"
    Your conversation with Acme

    1 message on 6 June 2026. Times are in the time zone America/New_York.


    --- Saturday, 6 June 2026 ---

    16:58  Ana
        Hello!
    ");
}

#[test]
fn without_a_time_zone_the_mail_says_that_its_times_are_utc() {
    let mail = mail_without_time_zone(&[message("2026-06-06T23:30:00Z", visitor("Ana"), "Hello!")]);
    assert_snapshot!(mail.text, @"
    Your conversation with Acme

    1 message on 6 June 2026. Times are in UTC, because no local time zone is known.


    --- Saturday, 6 June 2026 ---

    23:30  Ana
        Hello!
    ");
    assert_snapshot!(shown(&mail.html), @r#"
    1 message on 6 June 2026. Times are in UTC, because no local time zone is known.</p>
    <h2>Saturday, 6 June 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 23:30</p>
    <p class="text">Hello!</p>
    </div>
    </div>
    "#);
}

#[test]
fn in_spring_the_missing_hour_is_skipped() {
    let mail = mail(
        &[
            message("2026-03-28T23:59:59.999Z", visitor("Ana"), "Late."),
            message("2026-03-29T00:59:00Z", visitor("Ana"), "Before."),
            message("2026-03-29T01:00:00Z", visitor("Ana"), "After."),
            message("2026-03-29T23:00:00Z", visitor("Ana"), "A new day."),
        ],
        "Europe/Lisbon",
    );
    assert_snapshot!(mail.text, @"
    Your conversation with Acme

    4 messages from 28 March 2026 to 30 March 2026. Times are in the time zone Europe/Lisbon.


    --- Saturday, 28 March 2026 ---

    23:59  Ana
        Late.


    --- Sunday, 29 March 2026 ---

    00:59 (UTC)  Ana
        Before.

    02:00 (UTC+1)  Ana
        After.


    --- Monday, 30 March 2026 ---

    00:00  Ana
        A new day.
    ");
    assert_snapshot!(shown(&mail.html), @r#"
    4 messages from 28 March 2026 to 30 March 2026. Times are in the time zone Europe/Lisbon.</p>
    <h2>Saturday, 28 March 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 23:59</p>
    <p class="text">Late.</p>
    </div>
    <h2>Sunday, 29 March 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 00:59 (UTC)</p>
    <p class="text">Before.</p>
    </div>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 02:00 (UTC+1)</p>
    <p class="text">After.</p>
    </div>
    <h2>Monday, 30 March 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 00:00</p>
    <p class="text">A new day.</p>
    </div>
    </div>
    "#);
}

#[test]
fn in_autumn_the_repeated_hour_shows_its_offset() {
    let mail = mail(
        &[
            message("2026-10-24T22:59:00Z", visitor("Ana"), "The day before."),
            message("2026-10-25T00:30:00Z", visitor("Ana"), "First."),
            message("2026-10-25T01:30:00Z", visitor("Ana"), "An hour later."),
            message("2026-10-26T01:30:00Z", visitor("Ana"), "A day later."),
        ],
        "Europe/Lisbon",
    );
    assert_snapshot!(mail.text, @"
    Your conversation with Acme

    4 messages from 24 October 2026 to 26 October 2026. Times are in the time zone Europe/Lisbon.


    --- Saturday, 24 October 2026 ---

    23:59  Ana
        The day before.


    --- Sunday, 25 October 2026 ---

    01:30 (UTC+1)  Ana
        First.

    01:30 (UTC)  Ana
        An hour later.


    --- Monday, 26 October 2026 ---

    01:30  Ana
        A day later.
    ");
    assert_snapshot!(shown(&mail.html), @r#"
    4 messages from 24 October 2026 to 26 October 2026. Times are in the time zone Europe/Lisbon.</p>
    <h2>Saturday, 24 October 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 23:59</p>
    <p class="text">The day before.</p>
    </div>
    <h2>Sunday, 25 October 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 01:30 (UTC+1)</p>
    <p class="text">First.</p>
    </div>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 01:30 (UTC)</p>
    <p class="text">An hour later.</p>
    </div>
    <h2>Monday, 26 October 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 01:30</p>
    <p class="text">A day later.</p>
    </div>
    </div>
    "#);
}
