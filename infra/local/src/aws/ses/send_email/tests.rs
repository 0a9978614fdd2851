use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::*;

/// A valid request with changes at the given JSON pointers.
fn request(changes: &[(&str, Value)]) -> SendEmailRequest {
    let mut request = json!({
        "FromEmailAddress": "=?UTF-8?Q?Caf=C3=A9?= <help@example.com>",
        "Destination": {"ToAddresses": ["jo@example.org"], "CcAddresses": []},
        "ReplyToAddresses": ["reply@example.com"],
        "Content": {"Simple": {
            "Subject": {"Data": "Grüße", "Charset": "UTF-8"},
            "Body": {"Text": {"Data": "hello"}, "Html": {"Data": "<p>ä", "Charset": "UTF-8"}},
            "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],
            "Attachments": [{"RawContent": "aGk=", "FileName": "a.html", "ContentType": "text/html"}],
        }},
        "EmailTags": [{"Name": "organisation", "Value": "main"}],
        "ConfigurationSetName": "afterchat",
    });
    for (pointer, value) in changes {
        *request.pointer_mut(pointer).unwrap() = value.clone();
    }
    serde_json::from_value(request).unwrap()
}

fn refused(pointer: &str, value: Value) -> String {
    let result = request(&[(pointer, value)]).checked();
    result.unwrap_err().message().to_owned()
}

#[test]
fn a_mail_is_stored_as_its_recipient_sees_it() {
    let message = request(&[]).checked().unwrap().message;
    assert_eq!(message.from, "Café <help@example.com>");
    assert_eq!(message.to, ["jo@example.org"]);
    assert_eq!(message.subject, "Grüße");
    assert_eq!(message.headers["Auto-Submitted"], "auto-generated");
    assert_eq!(message.headers["Reply-To"], "reply@example.com");
    assert_eq!(message.headers["X-SES-MESSAGE-TAGS"], "organisation=main");
    assert_eq!(message.attachments[0].name, "a.html");
}

#[test]
fn an_address_header_has_at_most_320_bytes() {
    // A mailbox of the given length in bytes. Most of it is the display name.
    let header = |bytes: usize| {
        let address = " <help@example.com>";
        json!(format!("{}{address}", "a".repeat(bytes - address.len())))
    };
    for pointer in [
        "/FromEmailAddress",
        "/Destination/ToAddresses/0",
        "/ReplyToAddresses/0",
    ] {
        assert!(request(&[(pointer, header(320))]).checked().is_ok());
        let refused = refused(pointer, header(321));
        assert!(
            refused.starts_with("Address length is more than 320 bytes long: 'aaa"),
            "{refused}"
        );
    }
}

#[test]
fn the_transfer_encoding_determines_what_arrives_of_an_attachment() {
    let received = |encoding: Value| {
        let attachment = json!({
            "RawContent": BASE64_STANDARD.encode("Grüße"),
            "FileName": "a.html",
            "ContentType": "text/html",
            "ContentTransferEncoding": encoding,
        });
        let request = request(&[("/Content/Simple/Attachments/0", attachment)]);
        let base64 = request.checked().unwrap().message.attachments[0]
            .base64
            .clone();
        String::from_utf8(BASE64_STANDARD.decode(base64).unwrap()).unwrap()
    };
    assert_eq!(received(json!("BASE64")), "Grüße");
    assert_eq!(received(json!("QUOTED_PRINTABLE")), "Grüße");
    assert_eq!(received(json!("SEVEN_BIT")), "Gr????e");
}

#[test]
fn an_attachment_without_a_transfer_encoding_is_sent_as_seven_bit() {
    let content = json!(BASE64_STANDARD.encode("ä"));
    let request = request(&[("/Content/Simple/Attachments/0/RawContent", content)]);
    let attachments = request.checked().unwrap().message.attachments;
    assert_eq!(attachments[0].base64, BASE64_STANDARD.encode("??"));
}

#[test]
fn more_than_fifty_recipients_are_refused() {
    let to = |count: usize| json!(vec!["jo@example.org"; count]);
    assert!(
        request(&[("/Destination/ToAddresses", to(50))])
            .checked()
            .is_ok()
    );
    assert_eq!(
        refused("/Destination/ToAddresses", to(51)),
        "Recipient count exceeds 50."
    );
    refused("/Destination/ToAddresses", to(0));
}

#[test]
fn headers_cannot_be_injected() {
    refused(
        "/FromEmailAddress",
        json!("Jo\r\nBcc: b@example.org <help@example.com>"),
    );
    refused(
        "/Destination/ToAddresses",
        json!(["jo@example.org\nBcc: b@example.org"]),
    );
    refused("/ReplyToAddresses", json!(["a@example.org, b@example.org"]));
    refused(
        "/Content/Simple/Subject/Data",
        json!("a\nBcc: b@example.org"),
    );
    refused(
        "/Content/Simple/Headers",
        json!([{"Name": "X", "Value": "a\r\nBcc: b"}]),
    );
    refused(
        "/Content/Simple/Headers",
        json!([{"Name": "X: y", "Value": "a"}]),
    );
    refused(
        "/Content/Simple/Headers",
        json!([{"Name": "bcc", "Value": "b@example.org"}]),
    );
}

#[test]
fn too_many_too_long_or_non_ascii_headers_are_refused() {
    let headers: Vec<_> = (0..16)
        .map(|n| json!({"Name": format!("X-{n}"), "Value": "a"}))
        .collect();
    refused("/Content/Simple/Headers", json!(headers));
    refused(
        "/Content/Simple/Headers",
        json!([{"Name": "X", "Value": "ä"}]),
    );
    refused(
        "/Content/Simple/Headers",
        json!([{"Name": "X", "Value": "a".repeat(996)}]),
    );
}

#[test]
fn attachments_are_base64_with_a_plain_name_and_a_type() {
    refused("/Content/Simple/Attachments/0/RawContent", json!("%"));
    refused(
        "/Content/Simple/Attachments/0/FileName",
        json!("a\r\n.html"),
    );
    refused("/Content/Simple/Attachments/0/FileName", json!("a.exe"));
    refused("/Content/Simple/Attachments/0/ContentType", json!("html"));
}

#[test]
fn a_mail_of_more_than_40_mb_is_refused() {
    let refused = refused(
        "/Content/Simple/Attachments/0/RawContent",
        json!("aaaa".repeat(10 * 1024 * 1024)),
    );
    assert!(refused.starts_with("Message length is more than 41943040 bytes long"));
}

#[test]
fn text_that_does_not_fit_its_charset_is_refused() {
    refused("/Content/Simple/Body/Text/Data", json!("ä"));
}

#[test]
fn tags_with_other_characters_are_refused() {
    refused("/EmailTags/0/Value", json!("a b"));
    refused("/EmailTags/0/Value", json!("a.b"));
    refused("/EmailTags/0/Value", json!(""));
}
