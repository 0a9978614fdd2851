use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ids::ConversationId;
use crate::invalid_value::InvalidValue;
use crate::secret::secret;
use crate::text::text_value;

/// How many digits of the hash of an account the ids of its conversations contain: 48 bits, within one
/// organisation.
pub const ACCOUNT_HASH_DIGITS: usize = 12;

/// A chat platform to which an organisation can connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// Chatwoot.
    Chatwoot,
}

impl Platform {
    /// All platforms.
    pub const ALL: [Self; 1] = [Self::Chatwoot];

    /// The platform of a conversation, if its id is one that the mapping of a platform makes: the platform's
    /// prefix, [`ACCOUNT_HASH_DIGITS`] digits of the hash of an account, a dash, and the conversation's own id.
    pub fn of_conversation(conversation: &ConversationId) -> Option<Self> {
        let mut platforms = Self::ALL.into_iter();
        platforms.find(|platform| platform.account_prefix(conversation).is_some())
    }

    /// The beginning of the id of a conversation of this platform, up to the dash after the hash of the account. All
    /// conversations of the account have it. `None` if the id is not one of this platform.
    pub fn account_prefix(self, conversation: &ConversationId) -> Option<&str> {
        let id = conversation.as_str();
        let rest = id.strip_prefix(self.id_prefix())?;
        let (hash, own_id) = rest.split_once('-')?;
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_hash = hash.len() == ACCOUNT_HASH_DIGITS && hash.bytes().all(is_digit);
        let prefix = id.strip_suffix(own_id)?;
        (is_hash && !own_id.is_empty()).then_some(prefix)
    }

    /// The beginning of the ids of the platform's conversations.
    pub fn id_prefix(self) -> &'static str {
        match self {
            Self::Chatwoot => "cw-",
        }
    }

    /// The name in texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chatwoot => "Chatwoot",
        }
    }

    /// The name in URLs and keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chatwoot => "chatwoot",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The id of a connection within its organisation and platform: 1 to 64 of the characters
/// `a-z 0-9 -`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectionId(String);

text_value!(ConnectionId);

impl ConnectionId {
    /// Reads an id and checks its characters.
    ///
    /// # Errors
    /// If `text` is not a valid id.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let is_allowed =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=64).contains(&text.len()) && text.bytes().all(is_allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 1 to 64 of the characters a-z 0-9 -",
            ))
        }
    }
}

/// A token or a secret of the platform: 1 to 512 printable ASCII characters. `Debug` does not show
/// it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectionSecret(String);

impl ConnectionSecret {
    /// Reads a secret. Spaces at both ends are removed, because they are often pasted with it.
    ///
    /// # Errors
    /// If it is empty, too long or contains other characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let text = text.trim();
        let is_printable = text.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
        if (1..=512).contains(&text.len()) && is_printable {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 1 to 512 printable ASCII characters without spaces",
            ))
        }
    }

    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ConnectionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConnectionSecret(…)")
    }
}

impl TryFrom<String> for ConnectionSecret {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ConnectionSecret> for String {
    fn from(secret: ConnectionSecret) -> Self {
        secret.0
    }
}

secret! {
    /// The 32 random bytes in the URL of a hook. Whoever knows them may send events to the hook.
    HookKey
}

impl HookKey {
    /// The SHA-256 of the bytes, as lower-case hexadecimal digits. The table finds a hook by it, so that
    /// its keys contain no secret.
    pub fn hash(&self) -> String {
        let digest = Sha256::digest(self.0);
        digest.iter().fold(String::new(), |mut text, byte| {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// The key as it is part of a URL.
    pub fn reveal(&self) -> String {
        self.clone().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platform_of_a_conversation_follows_from_its_id() {
        for (id, expected) in [
            ("cw-db850384f6e5-118", Some(Platform::Chatwoot)),
            ("cw-db850384f6e5-", None),
            ("cw-db850384f6e-118", None),
            ("cw-DB850384F6E5-118", None),
            ("order-db850384f6e5-118", None),
            ("118", None),
        ] {
            let id = ConversationId::parse(id).unwrap();
            assert_eq!(Platform::of_conversation(&id), expected, "{id}");
        }
    }

    #[test]
    fn the_prefix_of_an_account_ends_with_the_dash_after_its_hash() {
        let prefix = |id| {
            let id = ConversationId::parse(id).unwrap();
            let prefix = Platform::Chatwoot.account_prefix(&id);
            prefix.map(ToOwned::to_owned)
        };
        let expected = Some("cw-db850384f6e5-".to_owned());
        assert_eq!(prefix("cw-db850384f6e5-118"), expected);
        assert_eq!(prefix("cw-db850384f6e5-a-1"), expected);
        assert_eq!(prefix("cw-db850384f6e5-"), None);
    }

    #[test]
    fn a_connection_id_has_lower_case_letters_digits_and_dashes() {
        for id in ["main", "2", "eu-support", &"a".repeat(64)] {
            assert_eq!(ConnectionId::parse(id).unwrap().as_str(), id);
        }
        for id in ["", "Main", "a_b", "a#b", "a/b", "é", &"a".repeat(65)] {
            assert!(ConnectionId::parse(id).is_err(), "{id:?}");
        }
    }

    #[test]
    fn a_pasted_secret_has_no_spaces_at_its_ends() {
        assert_eq!(ConnectionSecret::parse(" abc\n").unwrap().reveal(), "abc");
        for secret in ["", "  ", "a b", "é", "a\u{7f}", &"a".repeat(513)] {
            assert!(ConnectionSecret::parse(secret).is_err(), "{secret:?}");
        }
    }

    #[test]
    fn a_key_is_read_as_it_was_shown_and_has_a_hash() {
        let key = HookKey::from_bytes([7; 32]);
        let read = HookKey::parse(&key.reveal()).unwrap();
        assert!(read.equals(&key));
        assert_eq!(read.hash(), key.hash());
        assert_eq!(key.hash().len(), 64);
        assert_ne!(HookKey::from_bytes([8; 32]).hash(), key.hash());
        for text in ["", "abc", &"A".repeat(42), &format!("{}=", key.reveal())] {
            assert!(HookKey::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let secret = ConnectionSecret::parse("hush").unwrap();
        assert!(!format!("{secret:?}").contains("hush"));
        assert_eq!(format!("{:?}", HookKey::from_bytes([7; 32])), "HookKey(…)");
    }
}
