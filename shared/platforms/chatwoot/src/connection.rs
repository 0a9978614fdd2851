use std::fmt;

use domain::{ACCOUNT_HASH_DIGITS, ConversationId, Platform, UniqueId};

/// The beginning of the ids of an account's conversations: `cw-`, a hash of the server's origin and
/// the account's id, and `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationPrefix(String);

impl ConversationPrefix {
    /// The prefix of the account with the id `account_id` on the server at `origin`, such as
    /// `https://chat.example.com`. Upper and lower case, a slash at the end and the default port
    /// make no difference.
    pub fn new(origin: &str, account_id: u64) -> Self {
        let origin = origin.trim().to_ascii_lowercase();
        let origin = origin.trim_end_matches('/');
        let origin = match origin.split_once("://") {
            Some(("https", host)) => host.strip_suffix(":443").map(|host| ("https", host)),
            Some(("http", host)) => host.strip_suffix(":80").map(|host| ("http", host)),
            _ => None,
        }
        .map_or_else(
            || origin.to_owned(),
            |(scheme, host)| format!("{scheme}://{host}"),
        );
        let hash = UniqueId::derived_from(&["chatwoot", &origin, &account_id.to_string()]);
        let hash: String = hash.to_string().chars().take(ACCOUNT_HASH_DIGITS).collect();
        Self(format!("{}{hash}-", Platform::Chatwoot.id_prefix()))
    }

    /// The prefix as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the conversation with this display id.
    pub fn conversation_id(&self, display_id: u64) -> Option<ConversationId> {
        ConversationId::parse(&format!("{self}{display_id}")).ok()
    }

    /// The display id of a conversation of this account, from the id that
    /// [`Self::conversation_id`] returns.
    pub fn display_id(&self, conversation: &ConversationId) -> Option<u64> {
        let digits = conversation.as_str().strip_prefix(&self.0)?;
        let display_id = digits.parse().ok()?;
        (self.conversation_id(display_id).as_ref() == Some(conversation)).then_some(display_id)
    }
}

impl fmt::Display for ConversationPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the mapping needs of an organisation's connection to a Chatwoot account.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The beginning of the conversations' ids.
    pub prefix: ConversationPrefix,
    /// The id of the account. Events of other accounts are ignored.
    pub account_id: u64,
    /// The id of the agent bot that posts for this project. Its messages are not recorded.
    pub bot_id: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_account_always_has_the_same_prefix() {
        let prefix = ConversationPrefix::new("https://chat.example.com", 2);
        for origin in [
            "https://chat.example.com/",
            "HTTPS://Chat.Example.com",
            "https://chat.example.com:443",
            " https://chat.example.com:443/ ",
        ] {
            assert_eq!(ConversationPrefix::new(origin, 2), prefix, "{origin:?}");
        }
        for (origin, account_id) in [
            ("https://chat.example.com", 3),
            ("http://chat.example.com", 2),
            ("https://chat.example.com:8443", 2),
            ("https://chat.example.org", 2),
        ] {
            assert_ne!(ConversationPrefix::new(origin, account_id), prefix);
        }
    }

    #[test]
    fn a_conversation_id_is_the_prefix_and_the_display_id() {
        let prefix = ConversationPrefix::new("https://chat.example.com", 2);
        let id = prefix.conversation_id(118).unwrap();
        assert_eq!(id.as_str(), "cw-db850384f6e5-118");
        assert_eq!(prefix.display_id(&id), Some(118));
        assert_eq!(Platform::of_conversation(&id), Some(Platform::Chatwoot));
        for other in [
            "118",
            "cw-000000000000-118",
            "cw-db850384f6e5-0118",
            "cw-db850384f6e5-",
        ] {
            let other = ConversationId::parse(other).unwrap();
            assert_eq!(prefix.display_id(&other), None, "{other}");
        }
    }

    #[test]
    fn the_largest_ids_fit_into_a_conversation_id() {
        let prefix = ConversationPrefix::new("https://chat.example.com", u64::MAX);
        assert!(prefix.conversation_id(u64::MAX).is_some());
    }
}
