use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::ids::{ConversationId, OrganisationId, RatingRequestId};
use crate::invalid_value::InvalidValue;
use crate::rating::Score;
use crate::secret::secret;

secret! {
    /// The 32 random bytes that authenticate the visitor of one conversation.
    ///
    /// A secret is either a condition of the write that it authorises, or it is compared with
    /// [`VisitorSecret::equals`].
    VisitorSecret
}

/// The parts of a token, if it has exactly `N`.
fn parts<const N: usize>(text: &str) -> Option<[&str; N]> {
    let parts: Vec<&str> = text.split('.').collect();
    parts.try_into().ok()
}

/// Reads an id from base64url without padding.
fn decode_id<T>(part: &str, parse: impl FnOnce(&str) -> Result<T, InvalidValue>) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    parse(std::str::from_utf8(&bytes).ok()?).ok()
}

/// The token that authenticates a visitor's widget: `{organisation}.{conversation}.{secret}`, each
/// part in base64url without padding.
#[derive(Clone, Debug)]
pub struct VisitorToken {
    /// The tenant of the conversation.
    pub organisation: OrganisationId,
    /// The one conversation that the token gives access to.
    pub conversation: ConversationId,
    /// The secret of the conversation's visitor.
    pub secret: VisitorSecret,
}

impl VisitorToken {
    /// Reads a token and checks its format. Only the table can show whether its secret is correct.
    ///
    /// # Errors
    /// If `text` does not have the form of a token.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let decode = || {
            let [organisation, conversation, secret] = parts(text)?;
            Some(Self {
                organisation: decode_id(organisation, OrganisationId::parse)?,
                conversation: decode_id(conversation, ConversationId::parse)?,
                secret: VisitorSecret::parse(secret).ok()?,
            })
        };
        decode().ok_or_else(|| InvalidValue::new("must be a visitor token"))
    }

    /// The token as the visitor's widget sends it. Anyone who has it can act as the visitor.
    pub fn reveal(&self) -> String {
        format!(
            "{}.{}.{}",
            URL_SAFE_NO_PAD.encode(self.organisation.as_str()),
            URL_SAFE_NO_PAD.encode(self.conversation.as_str()),
            String::from(self.secret.clone()),
        )
    }
}

/// The token that authenticates a link in a mail:
/// `{organisation}.{conversation}.{request}.{secret}`, each part in base64url without padding. It
/// gives access to one rating request and nothing else.
#[derive(Clone, Debug)]
pub struct MailLinkToken {
    /// The tenant of the conversation.
    pub organisation: OrganisationId,
    /// The conversation of the request.
    pub conversation: ConversationId,
    /// The one request that the link answers.
    pub request: RatingRequestId,
    /// The secret of the link.
    pub secret: VisitorSecret,
}

impl MailLinkToken {
    /// Reads a token and checks its format. Only the table can show whether its secret is correct.
    ///
    /// # Errors
    /// If `text` does not have the form of a token of a link.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let decode = || {
            let [organisation, conversation, request, secret] = parts(text)?;
            Some(Self {
                organisation: decode_id(organisation, OrganisationId::parse)?,
                conversation: decode_id(conversation, ConversationId::parse)?,
                request: decode_id(request, RatingRequestId::parse)?,
                secret: VisitorSecret::parse(secret).ok()?,
            })
        };
        decode().ok_or_else(|| InvalidValue::new("must be the token of a link in a mail"))
    }

    /// The URL of the page `/rate` at `origin`, on which the face of `score` is chosen. The token is in the
    /// fragment, which browsers never send to a server.
    pub fn rate_url(&self, origin: &str, score: Score) -> String {
        format!("{}/{}", self.comment_url(origin), score.get())
    }

    /// The URL of the page on which the visitor can add a comment to the recorded rating. `origin` is that of the
    /// page, without a trailing slash.
    pub fn comment_url(&self, origin: &str) -> String {
        format!("{origin}/rate#{}", self.reveal())
    }

    /// The token as the link contains it. Anyone who has it can answer the request.
    pub fn reveal(&self) -> String {
        format!(
            "{}.{}.{}.{}",
            URL_SAFE_NO_PAD.encode(self.organisation.as_str()),
            URL_SAFE_NO_PAD.encode(self.conversation.as_str()),
            URL_SAFE_NO_PAD.encode(self.request.as_str()),
            String::from(self.secret.clone()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> VisitorToken {
        VisitorToken {
            organisation: OrganisationId::parse("main").unwrap(),
            conversation: ConversationId::parse("a.b:c").unwrap(),
            secret: VisitorSecret::from_bytes([7; 32]),
        }
    }

    #[test]
    fn a_parsed_token_equals_the_revealed_one() {
        let written = token();
        let read = VisitorToken::parse(&written.reveal()).unwrap();
        assert_eq!(read.organisation, written.organisation);
        assert_eq!(read.conversation, written.conversation);
        assert!(read.secret.equals(&written.secret));
    }

    #[test]
    fn a_truncated_or_extended_token_is_refused() {
        let text = token().reveal();
        for length in 0..text.len() {
            assert!(VisitorToken::parse(text.get(..length).unwrap()).is_err());
        }
        for longer in [
            format!("{text}A"),
            format!("{text}."),
            format!("{text}.x"),
            format!(" {text}"),
        ] {
            assert!(VisitorToken::parse(&longer).is_err());
        }
    }

    #[test]
    fn secrets_that_differ_in_one_bit_are_not_equal() {
        let secret = VisitorSecret::from_bytes([7; 32]);
        assert!(secret.equals(&secret.clone()));
        for bit in 0..256 {
            let mut other = secret.clone();
            other.0[bit / 8] ^= 1 << (bit % 8);
            assert!(!secret.equals(&other), "bit {bit}");
        }
    }

    #[test]
    fn debug_output_does_not_contain_the_secret() {
        let token = token();
        assert!(!format!("{token:?}").contains(&String::from(token.secret.clone())));
    }

    #[test]
    fn a_mail_link_token_is_not_a_visitor_token() {
        let visitor = token();
        let link = MailLinkToken {
            organisation: visitor.organisation.clone(),
            conversation: visitor.conversation.clone(),
            request: RatingRequestId::parse("0a1b").unwrap(),
            secret: VisitorSecret::from_bytes([7; 32]),
        };
        assert!(VisitorToken::parse(&link.reveal()).is_err());
        assert!(MailLinkToken::parse(&visitor.reveal()).is_err());
        let read = MailLinkToken::parse(&link.reveal()).unwrap();
        assert_eq!(read.request, link.request);
        assert!(read.secret.equals(&link.secret));
    }
}
