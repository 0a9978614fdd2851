use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::text::text_value;

/// An e-mail address that SES can send to: RFC 5321 without quoted local parts and address
/// literals, ASCII only (international domains in Punycode), at most 254 characters.
///
/// The local part may have dots where RFC 5321 requires quotes, as in `a..b@docomo.ne.jp`, because
/// Japanese providers issued such addresses. [`EmailAddress::to_header`] adds the quotes.
///
/// The domain is stored in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

text_value!(EmailAddress);

impl EmailAddress {
    /// Reads an address and converts its domain to lower case.
    ///
    /// # Errors
    /// If `text` is not an address of the form above.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let parts = text
            .split_once('@')
            .filter(|(local, domain)| is_local_part(local) && is_domain(domain));
        match parts {
            Some((local, domain)) if text.len() <= 254 => {
                Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
            }
            _ => Err(InvalidValue::new(
                "must be one e-mail address of at most 254 ASCII characters, such as jo@example.com (an international domain in Punycode)",
            )),
        }
    }

    /// The address as a mail's header and SES need it. A local part that begins or ends with a dot
    /// or has two in a row is quoted, because SES refuses it otherwise.
    pub fn to_header(&self) -> Cow<'_, str> {
        match self.0.split_once('@') {
            Some((local, domain)) if !is_dot_atom(local) => {
                Cow::Owned(format!("\"{local}\"@{domain}"))
            }
            _ => Cow::Borrowed(&self.0),
        }
    }

    /// The part after the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether both name the same mailbox in practice, that is, differ only in upper and lower
    /// case.
    pub fn is_same_mailbox(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// The masked address that other people may see: its first character and its domain,
    /// `j•••@example.com`.
    pub fn mask(&self) -> String {
        let first = self.0.chars().next().unwrap_or('•');
        format!("{first}•••@{}", self.domain())
    }
}

fn is_local_part(text: &str) -> bool {
    let is_allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+-/=?^_`{|}~".contains(&byte);
    text.len() <= 64 && text.bytes().all(is_allowed) && text.bytes().any(|byte| byte != b'.')
}

/// Whether RFC 5321 allows a local part without quotes: each dot is between other characters.
fn is_dot_atom(local: &str) -> bool {
    local.split('.').all(|atom| !atom.is_empty())
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_top_level = |label: &str| !label.bytes().all(|byte| byte.is_ascii_digit());
    text.split('.').all(is_label)
        && text
            .rsplit_once('.')
            .is_some_and(|(_, top_level)| is_top_level(top_level))
}

/// The From address of an organisation's mail: an [`EmailAddress`] in lower case. SES distinguishes
/// addresses by case, and two organisations must not own addresses that people read as the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SenderAddress(EmailAddress);

impl SenderAddress {
    /// Reads an address and converts it to lower case.
    ///
    /// # Errors
    /// If `text` is not an [`EmailAddress`], or one whose local part needs quotes.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let address = EmailAddress::parse(&text.to_ascii_lowercase())?;
        match address.to_header() {
            Cow::Borrowed(_) => Ok(Self(address)),
            Cow::Owned(_) => Err(InvalidValue::new(
                "must not have dots at the beginning or the end of the local part or side by side",
            )),
        }
    }

    /// Reads an address that is part of a path.
    ///
    /// An address that a path cannot contain is refused, so that each sender that can be added can
    /// also be deleted. `/` divides the path, `?` ends it, and API Gateway may decode the
    /// characters after a `%` again.
    ///
    /// # Errors
    /// If `text` is not an [`EmailAddress`] or has one of these characters.
    pub fn parse_in_path(text: &str) -> Result<Self, InvalidValue> {
        if text.contains(['%', '/', '?']) {
            return Err(InvalidValue::new(
                "must not contain %, / or ?, because the address is part of a path",
            ));
        }
        Self::parse(text)
    }

    /// The address as text, in lower case.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The part after the `@`.
    pub fn domain(&self) -> &str {
        self.0.domain()
    }
}

impl fmt::Display for SenderAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for SenderAddress {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<SenderAddress> for String {
    fn from(address: SenderAddress) -> Self {
        address.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_domain_of_an_address_is_converted_to_lower_case() {
        let address = EmailAddress::parse("Jo.O'Neill+chat@Mail.Example.COM").unwrap();
        assert_eq!(address.as_str(), "Jo.O'Neill+chat@mail.example.com");
    }

    #[test]
    fn an_address_that_ses_does_not_accept_is_refused() {
        let long_local = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "jo",
            "jo@",
            "@example.com",
            "jo@example",
            "jo@@example.com",
            "a@b@example.com",
            "jo@exam_ple.com",
            "jo@-example.com",
            "jo@example.com.",
            "jo@1.2.3.4",
            "jo@[1.2.3.4]",
            ".@example.com",
            "...@example.com",
            "\"jo..x\"@example.com",
            "\"jo x\"@example.com",
            "jo@example.com\r\nBcc: x@example.com",
            "jo@example.com,x@example.com",
            "Jo <jo@example.com>",
            " jo@example.com",
            "jö@example.com",
            "jo@exämple.com",
            &long_local,
        ] {
            assert!(EmailAddress::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_address_with_dots_that_need_quotes_is_accepted_and_quoted_in_a_header() {
        for (text, header) in [
            ("a..b@docomo.ne.jp", "\"a..b\"@docomo.ne.jp"),
            (".ab@ezweb.ne.jp", "\".ab\"@ezweb.ne.jp"),
            ("ab.@docomo.ne.jp", "\"ab.\"@docomo.ne.jp"),
            ("a.b@docomo.ne.jp", "a.b@docomo.ne.jp"),
        ] {
            let address = EmailAddress::parse(text).unwrap();
            assert_eq!(address.as_str(), text);
            assert_eq!(address.to_header(), header);
        }
    }

    #[test]
    fn a_sender_address_whose_dots_need_quotes_is_refused() {
        for text in ["a..b@example.com", ".a@example.com", "a.@example.com"] {
            assert!(SenderAddress::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_masked_address_shows_its_first_character_and_domain() {
        let address = EmailAddress::parse("jo@example.com").unwrap();
        assert_eq!(address.mask(), "j•••@example.com");
    }

    #[test]
    fn a_sender_address_that_a_path_cannot_contain_is_refused() {
        for text in [
            "a+b#c@example.com",
            "o'neill@example.com",
            "a&b=c@x.example",
        ] {
            assert_eq!(SenderAddress::parse_in_path(text).unwrap().as_str(), text);
        }
        for text in ["50%41@example.com", "a/b@example.com", "a?b@example.com"] {
            assert!(SenderAddress::parse(text).is_ok(), "{text}");
            let refused = SenderAddress::parse_in_path(text).unwrap_err().to_string();
            assert!(refused.contains("%, / or ?"), "{refused}");
        }
    }

    #[test]
    fn a_sender_address_is_converted_to_lower_case() {
        let address = SenderAddress::parse("Help@Example.com").unwrap();
        assert_eq!(address.as_str(), "help@example.com");
    }
}
