//! The tags, the configuration set and the headers of a mail.

use std::collections::BTreeMap;

use crate::aws::ses::error::SesError;
use crate::aws::ses::send_email::request::NameAndValue;

const HEADER_LIMIT: usize = 15;
const HEADER_NAME_LIMIT: usize = 126;
const HEADER_LINE_LIMIT: usize = 996;
const TAG_LIMIT: usize = 50;
const TAG_LENGTH_LIMIT: usize = 256;

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

pub(super) fn check_tags(tags: &[NameAndValue]) -> Result<(), SesError> {
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

pub(super) fn check_configuration_set(name: Option<&str>) -> Result<(), SesError> {
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

pub(super) fn custom_headers(
    headers: &[NameAndValue],
) -> Result<BTreeMap<String, String>, SesError> {
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
