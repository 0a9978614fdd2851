use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::email_address::EmailAddress;
use crate::invalid_value::InvalidValue;
use crate::text::text_value;

/// The hash of a visitor's e-mail address, for places that do not store the address itself. It is
/// the SHA-256 of the address in lower case, as lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VisitorHash(String);

text_value!(VisitorHash);

impl VisitorHash {
    /// The hash of the mailbox `email`: the same for every spelling of the mailbox.
    pub fn of(email: &EmailAddress) -> Self {
        let digest = Sha256::digest(email.as_str().to_ascii_lowercase());
        Self(digest.iter().fold(String::new(), |mut text, byte| {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        }))
    }

    /// Reads a hash.
    ///
    /// # Errors
    /// If `text` is not 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(is_digit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 64 lower-case hexadecimal digits",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(email: &str) -> VisitorHash {
        VisitorHash::of(&EmailAddress::parse(email).unwrap())
    }

    #[test]
    fn the_hash_of_an_address_ignores_case() {
        assert_eq!(hash("Ana@Example.org"), hash("ana@example.ORG"));
        assert_ne!(hash("ana@example.org"), hash("ann@example.org"));
    }

    #[test]
    fn a_hash_is_read_only_in_lower_case_hexadecimal_digits() {
        let hash = hash("abc@example.com");
        assert_eq!(VisitorHash::parse(hash.as_str()).unwrap(), hash);
        assert!(VisitorHash::parse(&hash.as_str().to_uppercase()).is_err());
    }
}
