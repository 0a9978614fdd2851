//! Parses mail addresses and display names of headers.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// An address without a display name. Its local part has no quotes, and its domain is in lower
/// case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) local: String,
    pub(crate) domain: String,
}

/// An address with its decoded display name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mailbox {
    pub(crate) name: Option<String>,
    pub(crate) address: Address,
}

/// The message of SES for a malformed address.
pub(crate) type Problem = &'static str;

impl Address {
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let (local, domain) = text.rsplit_once('@').ok_or("Missing final '@domain'")?;
        let is_local_byte =
            |byte: u8| byte.is_ascii_graphic() && !b"()<>[]:;@\\,\"".contains(&byte);
        let quoted = local
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let is_quoted = quoted.is_some();
        let local = quoted.unwrap_or(local);
        if local.is_empty() {
            return Err("Missing local name");
        }
        if !local.bytes().all(is_local_byte) {
            return Err("Local address contains illegal, control or whitespace characters");
        }
        if local.len() > 64 {
            return Err("Local address is too long");
        }
        let has_misplaced_dot = local.split('.').any(str::is_empty);
        if has_misplaced_dot && !is_quoted {
            return Err("Local address contains dot-dot or starts or ends with dot");
        }
        if !is_domain(domain) {
            return Err("Domain contains illegal character");
        }
        Ok(Self {
            local: local.to_owned(),
            domain: domain.to_ascii_lowercase(),
        })
    }

    /// Whether the address belongs to the mailbox simulator. Mail to it needs no verification.
    pub(crate) fn is_simulator(&self) -> bool {
        self.domain == "simulator.amazonses.com"
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

impl Mailbox {
    /// Parses `a@b` or `Name <a@b>`. The name consists of atoms, a quoted string or encoded words.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        if text.chars().any(char::is_control) {
            return Err("Control characters are not allowed");
        }
        if !text.is_ascii() {
            return Err("Non-ASCII characters must be encoded");
        }
        let text = text.trim();
        match text.strip_suffix('>') {
            Some(rest) => {
                let (name, address) = rest.rsplit_once('<').ok_or("Missing '<'")?;
                let name = display_name(name)?;
                let address = Address::parse(address)?;
                Ok(Self {
                    name: (!name.is_empty()).then_some(name),
                    address,
                })
            }
            None => Ok(Self {
                name: None,
                address: Address::parse(text)?,
            }),
        }
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} <{}>", self.address),
            None => self.address.fmt(f),
        }
    }
}

/// Whether `text` is a domain name of at least two labels.
pub(crate) fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(is_label)
}

/// Decodes the encoded words (RFC 2047) in a header's text. Malformed words stay unchanged.
pub(crate) fn decoded(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    let mut after_word = false;
    while let Some((before, tail)) = rest.split_once("=?") {
        let word = encoded_word(tail);
        // White space between two encoded words is dropped.
        if !(after_word && word.is_some() && before.trim().is_empty()) {
            result.push_str(before);
        }
        match word {
            Some((word, remainder)) => {
                result.push_str(&word);
                rest = remainder;
                after_word = true;
            }
            None => {
                result.push_str("=?");
                rest = tail;
                after_word = false;
            }
        }
    }
    result.push_str(rest);
    result
}

/// Parses the rest of an encoded word after its `=?`. Returns its text and the remaining input.
fn encoded_word(text: &str) -> Option<(String, &str)> {
    let (charset, text) = text.split_once('?')?;
    let (encoding, text) = text.split_once('?')?;
    let (data, rest) = text.split_once("?=")?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let bytes = match encoding {
        "B" | "b" => BASE64_STANDARD.decode(data).ok()?,
        "Q" | "q" => quoted(data)?,
        _ => return None,
    };
    Some((String::from_utf8(bytes).ok()?, rest))
}

fn quoted(data: &str) -> Option<Vec<u8>> {
    let mut bytes = data.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'_' => b' ',
            b'=' => {
                let digits = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            plain => plain,
        });
    }
    Some(decoded)
}

fn display_name(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix('"') {
        let mut name = String::new();
        let mut characters = rest.chars();
        loop {
            match characters.next() {
                Some('"') if characters.as_str().is_empty() => return Ok(name),
                Some('\\') => name.push(characters.next().ok_or("Missing '\"'")?),
                Some('"') => return Err("Text after a quoted string"),
                Some(character) => name.push(character),
                None => return Err("Missing '\"'"),
            }
        }
    }
    if text.contains(['(', ')', '<', '>', '[', ']', ':', ';', '@', '\\', ',', '"']) {
        return Err("Special characters must be quoted");
    }
    Ok(decoded(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Mailbox::parse(text).unwrap().to_string()
    }

    #[test]
    fn a_display_name_is_unquoted_and_decoded() {
        assert_eq!(shown("help@Example.com"), "help@example.com");
        assert_eq!(shown("Anna <a@example.com>"), "Anna <a@example.com>");
        assert_eq!(
            shown(r#""Anna \"A\", Inc." <a@example.com>"#),
            r#"Anna "A", Inc. <a@example.com>"#
        );
        assert_eq!(
            shown("=?UTF-8?B?SsO8cmdlbg==?= <a@example.com>"),
            "Jürgen <a@example.com>"
        );
        assert_eq!(
            shown("=?utf-8?q?J=C3=BCrgen_X?= <a@example.com>"),
            "Jürgen X <a@example.com>"
        );
    }

    #[test]
    fn the_space_between_encoded_words_is_dropped() {
        assert_eq!(decoded("=?UTF-8?Q?a?= =?UTF-8?Q?b?= c"), "ab c");
        assert_eq!(decoded("a =?UTF-8?Q?b?="), "a b");
    }

    #[test]
    fn text_that_is_not_an_encoded_word_is_not_changed() {
        for text in ["=?", "=?x?y", "=?UTF-8?Q?=G1?=", "=?latin1?Q?a?="] {
            assert_eq!(decoded(text), text);
        }
    }

    #[test]
    fn quotes_allow_dots_anywhere_in_the_local_part() {
        for local in ["a..b", ".ab", "ab."] {
            let address = format!("{local}@example.com");
            assert!(Mailbox::parse(&address).is_err(), "{address}");
            assert_eq!(shown(&format!("\"{local}\"@example.com")), address);
        }
    }

    #[test]
    fn malformed_mailboxes_are_refused() {
        for text in [
            "",
            "a",
            "a@b",
            "@example.com",
            "a@@example.com",
            "a b@example.com",
            "a..b@example.com",
            "a@example.com\r\nBcc: b@example.com",
            "ä@example.com",
            "Jürgen <a@example.com>",
            "Anna, Inc. <a@example.com>",
            "x@y.example <a@example.com>",
            "\"Anna <a@example.com>",
            "Anna a@example.com>",
        ] {
            assert!(Mailbox::parse(text).is_err(), "{text}");
        }
    }
}
