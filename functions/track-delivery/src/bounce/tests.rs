use serde_json::json;

use super::*;

fn bounce(kind: &str, subtype: &str, recipients: Value) -> DeliveryUpdate {
    read_update(&json!({
        "bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": recipients,
    }))
}

fn reason_of(kind: &str, subtype: &str, status: &str) -> String {
    let recipients = json!([{
        "emailAddress": "ana@example.org",
        "action": "failed",
        "status": status,
        "diagnosticCode": "smtp; 550 <ana@example.org> unknown, call 555-0100",
    }]);
    let update = bounce(kind, subtype, recipients);
    assert_eq!(update.state, TranscriptState::Bounced);
    update.reason.unwrap()
}

#[test]
fn an_address_that_does_not_exist_is_the_reason() {
    assert_eq!(
        reason_of("Permanent", "General", "5.1.1"),
        "The address does not exist (status 5.1.1)."
    );
}

#[test]
fn a_suppressed_address_has_another_reason_than_one_that_does_not_exist() {
    let recipients = json!([{"emailAddress": "ana@example.org"}]);
    for (subtype, words) in [
        (
            "OnAccountSuppressionList",
            "your account's suppression list",
        ),
        ("Suppressed", "the mail service's suppression list"),
    ] {
        let update = bounce("Permanent", subtype, recipients.clone());
        assert_eq!(update.state, TranscriptState::Bounced);
        let reason = update.reason.unwrap();
        assert!(
            reason.contains(words) && reason.contains("Nothing was sent"),
            "{reason}"
        );
    }
}

#[test]
fn each_kind_of_bounce_has_its_own_reason() {
    let mut reasons: Vec<String> = [
        ("Permanent", "General"),
        ("Permanent", "UnsubscribedRecipient"),
        ("Transient", "General"),
        ("Transient", "MailboxFull"),
        ("Transient", "MessageTooLarge"),
        ("Transient", "ContentRejected"),
        ("Transient", "AttachmentRejected"),
        ("Undetermined", "Undetermined"),
    ]
    .map(|(kind, subtype)| reason_of(kind, subtype, ""))
    .into();
    reasons.sort();
    reasons.dedup();
    assert_eq!(reasons.len(), 8);
}

const PERMANENT: &str = "permanently rejected the mail";
const TEMPORARY: &str = "temporarily rejected the mail";

#[test]
fn a_failure_is_permanent_if_ses_or_the_status_says_so() {
    for (kind, status, words) in [
        ("Transient", "5.3.0", PERMANENT),
        ("Transient", "5.0.0", PERMANENT),
        ("Undetermined", "5.5.0", PERMANENT),
        ("", "5.0.0", PERMANENT),
        ("Permanent", "5.0.0", PERMANENT),
        ("Permanent", "4.4.1", PERMANENT),
        ("Transient", "4.4.1", TEMPORARY),
        ("Undetermined", "4.4.1", TEMPORARY),
    ] {
        let reason = reason_of(kind, "General", status);
        assert!(
            reason.contains(words) && reason.contains(status),
            "{kind} {status}: {reason}"
        );
    }
}

#[test]
fn a_status_is_read_among_spaces_and_comments() {
    for status in [
        "5.1.1",
        " 5.1.1 ",
        "5.1.1 (bad destination mailbox)",
        "5.1.1(bad)",
        "(permanent) 5.1.1",
        "(a) (b)5.1.1\t(c)",
        "5.1.1; unknown",
    ] {
        assert_eq!(
            reason_of("Transient", "General", status),
            "The address does not exist (status 5.1.1).",
            "{status:?}"
        );
    }
}

#[test]
fn without_a_readable_status_the_kind_of_bounce_decides() {
    for status in [
        json!(null),
        json!("x"),
        json!("(5.1.1"),
        json!("2.0.0"),
        json!(5),
    ] {
        for (kind, words) in [
            ("Permanent", PERMANENT),
            ("Transient", TEMPORARY),
            ("Undetermined", "No reason was given"),
        ] {
            let recipients = json!([{"action": "failed", "status": status}]);
            let reason = bounce(kind, "General", recipients).reason.unwrap();
            assert!(
                reason.contains(words) && !reason.contains("status"),
                "{kind} {status}: {reason}"
            );
        }
    }
}

#[test]
fn only_a_failed_action_is_a_failure() {
    use TranscriptState::{Bounced, Delayed, Delivered, Sent};
    for (action, state) in [
        ("failed", Bounced),
        ("Failed", Bounced),
        ("", Bounced),
        ("lost", Bounced),
        ("delayed", Delayed),
        ("Delayed", Delayed),
        (" DELAYED (still trying)", Delayed),
        ("(comment) delayed", Delayed),
        ("relayed", Sent),
        ("Relayed", Sent),
        ("delivered", Delivered),
        ("DELIVERED", Delivered),
        ("expanded", Delivered),
        ("Expanded", Delivered),
    ] {
        for (kind, status) in [
            ("Transient", "4.4.1"),
            ("Undetermined", "4.4.1"),
            ("Permanent", "5.0.0"),
            ("Transient", "2.0.0"),
        ] {
            let recipients = json!([{"action": action, "status": status}]);
            let update = bounce(kind, "General", recipients);
            assert_eq!(update.state, state, "{kind} {action:?}");
            let has_reason = matches!(state, Bounced | Delayed);
            assert_eq!(update.reason.is_some(), has_reason, "{kind} {action:?}");
        }
    }
}

#[test]
fn the_worst_report_of_several_recipients_counts() {
    let reports = [
        json!({"action": "failed", "status": "5.3.0"}),
        json!({"action": "failed", "status": "4.4.1"}),
        json!({"action": "delayed", "status": "4.4.1"}),
        json!({"action": "relayed"}),
        json!({"action": "delivered"}),
    ];
    for (place, worst) in reports.iter().enumerate() {
        let alone = bounce("Transient", "General", json!([worst]));
        for better in &reports[place..] {
            for recipients in [json!([worst, better]), json!([better, worst])] {
                assert_eq!(bounce("Transient", "General", recipients), alone);
            }
        }
    }
}

#[test]
fn text_of_another_server_is_never_shown() {
    for status in [
        "5.1.1",
        "5.1.1 <ana@example.org>",
        "x",
        "5.1.1.1",
        "5.1234.1",
        "<b>",
        "(<ana@example.org>) 5.1.1",
        "(<ana@example.org> 5.1.1",
    ] {
        let reason = reason_of("Permanent", "General", status);
        for secret in ["ana", "@", "555", "<"] {
            assert!(!reason.contains(secret), "{reason}");
        }
    }
    assert!(!reason_of("Permanent", "General", "5.1.1x").contains("status"));
}

#[test]
fn an_automatic_reply_is_not_a_bounce() {
    let no_notification = json!([{"emailAddress": "ana@example.org"}]);
    for (kind, subtype, recipients) in [
        ("Transient", "General", no_notification.clone()),
        ("Undetermined", "Undetermined", no_notification),
        ("Undetermined", "Undetermined", json!([])),
        ("Transient", "General", json!(null)),
        (
            "Transient",
            "General",
            json!([{"action": null, "status": "", "diagnosticCode": " "}]),
        ),
    ] {
        let update = bounce(kind, subtype, recipients);
        assert_eq!(
            update,
            DeliveryUpdate::plain(TranscriptState::Sent),
            "{kind}"
        );
    }
}

#[test]
fn a_bounce_of_an_unknown_shape_is_a_bounce() {
    for value in [json!(null), json!({}), json!({"bounceType": 1}), json!("x")] {
        assert_eq!(read_update(&value).state, TranscriptState::Bounced);
    }
}
