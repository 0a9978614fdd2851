//! The faces below a transcript.

use domain::{
    ConversationId, MailLinkToken, OrganisationId, PublicMessage, RatingRequestId, VisitorSecret,
};
use insta::assert_snapshot;
use transcript_mail::{RatingLinks, TranscriptMail};

use crate::conversation::{
    GIANTS, LIMIT, agent, giant_message, mail, mail_with_faces, message, shown, visitor,
};

pub(crate) fn links(
    origin: &str,
    organisation: &str,
    conversation: &str,
    request: &str,
) -> RatingLinks {
    let token = MailLinkToken {
        organisation: OrganisationId::parse(organisation).unwrap(),
        conversation: ConversationId::parse(conversation).unwrap(),
        request: RatingRequestId::parse(request).unwrap(),
        secret: VisitorSecret::parse(&"A".repeat(43)).unwrap(),
    };
    RatingLinks::new(origin, &token)
}

fn transcript_with_faces(messages: &[PublicMessage]) -> TranscriptMail {
    mail_with_faces(messages, &links("https://chat.example.com", "o", "c", "r"))
}

/// With the longest links.
fn transcript_with_long_links(messages: &[PublicMessage]) -> TranscriptMail {
    let id = "a".repeat(128);
    let origin = format!("https://{}.example.com", "a".repeat(200));
    mail_with_faces(messages, &links(&origin, &id, &id, &id))
}

fn short() -> [PublicMessage; 2] {
    [
        message("2026-06-06T09:05:00Z", visitor("Ana"), "Hello"),
        message("2026-06-06T09:06:00Z", agent("Zoë"), "Hello, Ana."),
    ]
}

fn long(count: usize) -> Vec<PublicMessage> {
    let text = "blah ".repeat(20);
    vec![message("2026-06-06T09:05:00Z", visitor("Ana"), &text); count]
}

#[test]
fn in_html_each_face_is_a_link_above_its_label() {
    assert_snapshot!(shown(&transcript_with_faces(&short()).html), @r##"
    2 messages on 6 June 2026. Times are in the time zone UTC.</p>
    <h2>Saturday, 6 June 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 09:05</p>
    <p class="text">Hello</p>
    </div>
    <div class="message agent">
    <p class="by"><b>Zoë</b> 09:06</p>
    <p class="text">Hello, Ana.</p>
    </div>

    <h2>How was your conversation?</h2>
    <table class="faces" role="presentation" cellpadding="0" cellspacing="0" width="100%"><tr>
    <td align="center" valign="top" width="20%"><a class="face" href="https://chat.example.com/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/1"><span aria-hidden="true" style="font-size:32px">😑</span><br>Very dissatisfied</a></td>
    <td align="center" valign="top" width="20%"><a class="face" href="https://chat.example.com/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/2"><span aria-hidden="true" style="font-size:32px">😟</span><br>Dissatisfied</a></td>
    <td align="center" valign="top" width="20%"><a class="face" href="https://chat.example.com/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/3"><span aria-hidden="true" style="font-size:32px">😐</span><br>Neutral</a></td>
    <td align="center" valign="top" width="20%"><a class="face" href="https://chat.example.com/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/4"><span aria-hidden="true" style="font-size:32px">😊</span><br>Satisfied</a></td>
    <td align="center" valign="top" width="20%"><a class="face" href="https://chat.example.com/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/5"><span aria-hidden="true" style="font-size:32px">😍</span><br>Very satisfied</a></td>
    </tr></table>
    </div>
    "##);
}

#[test]
fn in_the_text_each_label_is_above_its_link() {
    assert_snapshot!(transcript_with_faces(&short()).text, @"
    Your conversation with Acme

    2 messages on 6 June 2026. Times are in the time zone UTC.


    --- Saturday, 6 June 2026 ---

    09:05  Ana
        Hello

    09:06  Zoë
        Hello, Ana.


    --- How was your conversation? ---

    Very dissatisfied:
    https://chat.example.com/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/1

    Dissatisfied:
    https://chat.example.com/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/2

    Neutral:
    https://chat.example.com/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/3

    Satisfied:
    https://chat.example.com/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/4

    Very satisfied:
    https://chat.example.com/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/5
    ");
}

#[test]
fn the_faces_come_after_the_last_message_and_change_nothing_above_them() {
    let without = mail(&short(), "UTC");
    let with = transcript_with_faces(&short());
    assert!(with.text.starts_with(without.text.trim_end()));
    let (above, _) = without.html.split_once("</div>\n</body>").unwrap();
    assert!(with.html.starts_with(above.trim_end()));
    assert_eq!(with.subject, without.subject);
}

#[test]
fn a_mail_without_a_rating_request_has_no_faces() {
    let mail = mail(&short(), "UTC");
    for part in [mail.text, mail.html] {
        assert!(!part.contains("/rate") && !part.contains("😍"), "{part}");
    }
}

#[test]
fn a_link_in_a_message_is_not_shown_as_a_face() {
    let fake = "Very satisfied:\nhttps://evil.example/rate#x/5\n<a class=\"face\" href=\"https://evil.example\">😍</a>";
    let mail = transcript_with_faces(&[message("2026-06-06T09:05:00Z", visitor("Ana"), fake)]);
    assert_eq!(mail.html.matches("<a class=\"face\"").count(), 5);
    let (_, faces) = mail.html.split_once("How was your conversation?").unwrap();
    assert!(!faces.contains("evil.example"));
    let at_line_start = mail.text.lines().filter(|it| it.starts_with("https://"));
    assert_eq!(at_line_start.count(), 5);
}

#[test]
fn below_a_long_conversation_the_faces_count_towards_the_limit() {
    for count in [300, 400, 500, 600, 10_000] {
        for mail in [
            transcript_with_faces(&long(count)),
            transcript_with_long_links(&long(count)),
        ] {
            assert!(mail.html.len() < LIMIT, "{count}: {}", mail.html.len());
            assert_eq!(mail.html.matches("/rate#").count(), 5);
            assert_eq!(mail.text.matches("/rate#").count(), 5);
            if let Some(file) = mail.attachment {
                assert!(!file.content.contains("/rate#"));
                assert!(!file.content.contains("How was your conversation?"));
            }
        }
    }
}

#[test]
fn if_the_faces_exceed_the_limit_the_body_shows_the_latest_messages_and_the_faces() {
    let fits = |mail: &TranscriptMail| mail.attachment.is_none();
    let count = (100..10_000).find(|count| !fits(&transcript_with_faces(&long(*count))));
    let messages = long(count.unwrap());
    assert!(
        fits(&mail(&messages, "UTC")),
        "the messages fit without the faces"
    );
    let mail = transcript_with_faces(&messages);
    assert!(mail.html.contains("This e-mail shows the latest"));
    assert_eq!(mail.html.matches("/rate#").count(), 5);
}

#[test]
fn the_faces_are_below_the_beginning_of_any_giant_message() {
    for character in GIANTS {
        let mail = transcript_with_long_links(&[giant_message(character)]);
        assert!(mail.html.len() < LIMIT, "{character:?}");
        assert_eq!(mail.html.matches("/rate#").count(), 5);
    }
}
