//! The operation `SendEmail`, with the checks that SES makes before it accepts a mail.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::error::SesError;
use super::mailbox::{self, Address, Mailbox};
use super::outbox::{Attachment, Message};
use super::transfer_encoding::TransferEncoding;

const RECIPIENT_LIMIT: usize = 50;
const HEADER_LIMIT: usize = 15;
const HEADER_NAME_LIMIT: usize = 126;
const HEADER_LINE_LIMIT: usize = 996;
const TAG_LIMIT: usize = 50;
const TAG_LENGTH_LIMIT: usize = 256;
const FILE_NAME_LIMIT: usize = 255;
const MESSAGE_LIMIT: usize = 40 * 1024 * 1024;
const ADDRESS_LENGTH_LIMIT: usize = 320;

/// Headers that SES sets itself.
const RESERVED_HEADERS: [&str; 15] = [
    "bcc",
    "cc",
    "content-disposition",
    "content-transfer-encoding",
    "content-type",
    "date",
    "from",
    "message-id",
    "mime-version",
    "reply-to",
    "return-path",
    "sender",
    "subject",
    "to",
    "dkim-signature",
];

/// File types that SES does not send.
const REFUSED_EXTENSIONS: [&str; 20] = [
    "ade", "adp", "app", "bat", "chm", "cmd", "com", "cpl", "dll", "exe", "hta", "jar", "js",
    "jse", "lnk", "msi", "pif", "scr", "vbs", "wsf",
];

/// The supported input of the operation.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendEmailRequest {
    #[serde(default)]
    from_email_address: String,
    #[serde(default)]
    destination: Destination,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    content: Content,
    #[serde(default)]
    email_tags: Vec<NameAndValue>,
    configuration_set_name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Destination {
    to_addresses: Vec<String>,
    cc_addresses: Vec<String>,
    bcc_addresses: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Text,
    body: Body,
    #[serde(default)]
    headers: Vec<NameAndValue>,
    #[serde(default)]
    attachments: Vec<RawAttachment>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    text: Option<Text>,
    html: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    data: String,
    charset: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NameAndValue {
    name: String,
    value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawAttachment {
    raw_content: String,
    file_name: String,
    content_type: Option<String>,
    #[serde(default)]
    content_transfer_encoding: TransferEncoding,
}

/// The mail, and the addresses that SES compares with its identities.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) from: Address,
    pub(super) recipients: Vec<Address>,
    pub(super) message: Message,
}

impl SendEmailRequest {
    /// The mail, if the request is valid on its own.
    pub(super) fn checked(self) -> Result<Checked, SesError> {
        let Some(simple) = self.content.simple else {
            return Err(SesError::bad_request(
                "This stand-in takes simple content only.",
            ));
        };
        let from = mailbox(&self.from_email_address)?;
        let Destination {
            to_addresses,
            cc_addresses,
            bcc_addresses,
        } = self.destination;
        let recipients = to_addresses.len() + cc_addresses.len() + bcc_addresses.len();
        if recipients == 0 {
            return Err(SesError::bad_request(
                "There must be at least one recipient.",
            ));
        }
        if recipients > RECIPIENT_LIMIT {
            return Err(SesError::message_rejected(format!(
                "Recipient count exceeds {RECIPIENT_LIMIT}."
            )));
        }
        let to = mailboxes(&to_addresses)?;
        let cc = mailboxes(&cc_addresses)?;
        let bcc = mailboxes(&bcc_addresses)?;
        mailboxes(&self.reply_to_addresses)?;
        check_tags(&self.email_tags)?;
        check_configuration_set(self.configuration_set_name.as_deref())?;

        let mut headers = custom_headers(&simple.headers)?;
        let mut add = |name: &str, value: String| {
            if !value.is_empty() {
                headers.insert(name.to_owned(), value);
            }
        };
        add("From", self.from_email_address);
        add("To", to_addresses.join(", "));
        add("Cc", cc_addresses.join(", "));
        add("Reply-To", self.reply_to_addresses.join(", "));
        add("Subject", simple.subject.data.clone());
        add(
            "X-SES-CONFIGURATION-SET",
            self.configuration_set_name.unwrap_or_default(),
        );
        let tags = self
            .email_tags
            .iter()
            .map(|tag| format!("{}={}", tag.name, tag.value));
        add("X-SES-MESSAGE-TAGS", tags.collect::<Vec<_>>().join(", "));

        let subject = subject(simple.subject)?;
        let text = simple.body.text.map(body).transpose()?;
        let html = simple.body.html.map(body).transpose()?;
        if text.is_none() && html.is_none() {
            return Err(SesError::bad_request(
                "The body needs a text or an HTML part.",
            ));
        }
        let attachments = simple
            .attachments
            .into_iter()
            .map(attachment)
            .collect::<Result<Vec<_>, _>>()?;
        let attached: usize = attachments.iter().map(|file| file.base64.len()).sum();
        let parts = [&text, &html];
        let written: usize = parts
            .iter()
            .filter_map(|part| part.as_ref())
            .map(String::len)
            .sum();
        if attached + written > MESSAGE_LIMIT {
            return Err(SesError::message_rejected(format!(
                "Message length is more than {MESSAGE_LIMIT} bytes long: '{}'.",
                attached + written
            )));
        }

        let message = Message {
            from: from.to_string(),
            to: to.iter().chain(&cc).map(ToString::to_string).collect(),
            subject,
            text,
            html,
            headers,
            attachments,
        };
        let recipients = to.into_iter().chain(cc).chain(bcc);
        Ok(Checked {
            from: from.address,
            recipients: recipients.map(|mailbox| mailbox.address).collect(),
            message,
        })
    }
}

fn mailbox(text: &str) -> Result<Mailbox, SesError> {
    if text.len() > ADDRESS_LENGTH_LIMIT {
        return Err(SesError::bad_request(format!(
            "Address length is more than {ADDRESS_LENGTH_LIMIT} bytes long: '{text}'."
        )));
    }
    Mailbox::parse(text).map_err(SesError::bad_request)
}

fn mailboxes(texts: &[String]) -> Result<Vec<Mailbox>, SesError> {
    texts.iter().map(|text| mailbox(text)).collect()
}

fn check_tags(tags: &[NameAndValue]) -> Result<(), SesError> {
    if tags.len() > TAG_LIMIT {
        return Err(SesError::bad_request(format!(
            "More than {TAG_LIMIT} tags."
        )));
    }
    let is_valid = |text: &str| {
        (1..=TAG_LENGTH_LIMIT).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    match tags
        .iter()
        .find(|tag| !is_valid(&tag.name) || !is_valid(&tag.value))
    {
        Some(tag) => Err(SesError::bad_request(format!(
            "Invalid tag <{}={}>: only alphanumeric ASCII characters, '_' and '-' are allowed, at \
             most {TAG_LENGTH_LIMIT} of them.",
            tag.name, tag.value
        ))),
        None => Ok(()),
    }
}

fn check_configuration_set(name: Option<&str>) -> Result<(), SesError> {
    let is_valid = |name: &str| {
        (1..=64).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    match name {
        Some(name) if !is_valid(name) => Err(SesError::bad_request(format!(
            "Invalid configuration set name <{name}>."
        ))),
        _ => Ok(()),
    }
}

fn custom_headers(headers: &[NameAndValue]) -> Result<BTreeMap<String, String>, SesError> {
    if headers.len() > HEADER_LIMIT {
        return Err(SesError::bad_request(format!(
            "More than {HEADER_LIMIT} headers."
        )));
    }
    let mut checked = BTreeMap::new();
    for NameAndValue { name, value } in headers {
        let is_name = (1..=HEADER_NAME_LIMIT).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b':');
        if !is_name {
            return Err(SesError::bad_request(format!(
                "Invalid header name <{name}>."
            )));
        }
        if RESERVED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(SesError::bad_request(format!(
                "The header <{name}> is not allowed."
            )));
        }
        let is_value = !value.is_empty()
            && name.len() + ": ".len() + value.len() <= HEADER_LINE_LIMIT
            && value
                .bytes()
                .all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if !is_value {
            return Err(SesError::bad_request(format!(
                "Invalid value of the header <{name}>."
            )));
        }
        if checked.insert(name.clone(), value.clone()).is_some() {
            return Err(SesError::bad_request(format!(
                "The header <{name}> is repeated."
            )));
        }
    }
    Ok(checked)
}

fn subject(subject: Text) -> Result<String, SesError> {
    if subject.data.chars().any(char::is_control) {
        return Err(SesError::bad_request(
            "Control characters are not allowed in the subject.",
        ));
    }
    body(subject).map(|subject| mailbox::decoded(&subject))
}

fn body(text: Text) -> Result<String, SesError> {
    let charset = text.charset.as_deref().unwrap_or("US-ASCII");
    if charset.eq_ignore_ascii_case("utf-8") || text.data.is_ascii() {
        Ok(text.data)
    } else {
        Err(SesError::bad_request(format!(
            "The text does not fit its charset <{charset}>."
        )))
    }
}

fn attachment(raw: RawAttachment) -> Result<Attachment, SesError> {
    let RawAttachment {
        raw_content,
        file_name,
        content_type,
        content_transfer_encoding,
    } = raw;
    let is_name = (1..=FILE_NAME_LIMIT).contains(&file_name.len())
        && !file_name
            .chars()
            .any(|character| character.is_control() || "/\\".contains(character));
    let extension = file_name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    let is_refused = extension.is_some_and(|it| REFUSED_EXTENSIONS.contains(&it.as_str()));
    if !is_name || is_refused {
        return Err(SesError::bad_request(format!(
            "Invalid attachment file name <{file_name}>."
        )));
    }
    let Ok(content) = BASE64_STANDARD.decode(&raw_content) else {
        return Err(SesError::bad_request(format!(
            "The attachment <{file_name}> is not base64."
        )));
    };
    let content_type = content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    let is_type = content_type.contains('/')
        && content_type
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if !is_type {
        return Err(SesError::bad_request(format!(
            "Invalid content type <{content_type}>."
        )));
    }
    Ok(Attachment {
        name: file_name,
        content_type,
        base64: BASE64_STANDARD.encode(content_transfer_encoding.received(content)),
    })
}

#[cfg(test)]
mod tests {
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
    fn a_mail_is_kept_as_its_reader_sees_it() {
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
    fn an_attachment_arrives_as_its_transfer_encoding_lets_it() {
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
    fn fifty_recipients_are_the_most() {
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
    fn no_header_can_be_smuggled_in() {
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
    fn headers_are_few_short_and_ascii() {
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
    fn text_that_its_charset_cannot_say_is_refused() {
        refused("/Content/Simple/Body/Text/Data", json!("ä"));
    }

    #[test]
    fn tags_hold_few_kinds_of_characters() {
        refused("/EmailTags/0/Value", json!("a b"));
        refused("/EmailTags/0/Value", json!("a.b"));
        refused("/EmailTags/0/Value", json!(""));
    }
}
