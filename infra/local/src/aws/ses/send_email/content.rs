//! The subject, the parts of the body and the attachments of a mail.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::aws::ses::error::SesError;
use crate::aws::ses::mailbox;
use crate::aws::ses::outbox::Attachment;
use crate::aws::ses::send_email::request::{RawAttachment, Text};

const FILE_NAME_LIMIT: usize = 255;

/// File types that SES does not send.
const REFUSED_EXTENSIONS: [&str; 20] = [
    "ade", "adp", "app", "bat", "chm", "cmd", "com", "cpl", "dll", "exe", "hta", "jar", "js",
    "jse", "lnk", "msi", "pif", "scr", "vbs", "wsf",
];

pub(super) fn subject(subject: &Text) -> Result<String, SesError> {
    if subject.data.chars().any(char::is_control) {
        return Err(SesError::bad_request(
            "Control characters are not allowed in the subject.",
        ));
    }
    body(subject).map(|subject| mailbox::decoded(&subject))
}

pub(super) fn body(text: &Text) -> Result<String, SesError> {
    let charset = text.charset.as_deref().unwrap_or("US-ASCII");
    if charset.eq_ignore_ascii_case("utf-8") || text.data.is_ascii() {
        Ok(text.data.clone())
    } else {
        Err(SesError::bad_request(format!(
            "The text does not fit its charset <{charset}>."
        )))
    }
}

pub(super) fn attachment(raw: &RawAttachment) -> Result<Attachment, SesError> {
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
    let Ok(content) = BASE64_STANDARD.decode(raw_content) else {
        return Err(SesError::bad_request(format!(
            "The attachment <{file_name}> is not base64."
        )));
    };
    let content_type = content_type
        .as_deref()
        .unwrap_or("application/octet-stream");
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
        name: file_name.clone(),
        content_type: content_type.to_owned(),
        base64: BASE64_STANDARD.encode(content_transfer_encoding.received(content)),
    })
}
