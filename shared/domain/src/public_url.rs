use crate::{AttachmentUrl, InvalidValue};

/// The origin of links that visitors open, such as `https://chat.example.com`.
#[derive(Clone, Debug)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Reads an origin. It may end with a slash.
    ///
    /// # Errors
    /// If `text` is not a URL, or more than an origin.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        // An origin is valid if it is a valid attachment URL without a path.
        let url: String = AttachmentUrl::parse(text.trim_end_matches('/'))?.into();
        let is_origin = url
            .split_once("://")
            .is_some_and(|(_, host)| !host.contains(['/', '?', '#', '@']));
        if is_origin {
            Ok(Self(url))
        } else {
            Err(InvalidValue::new(
                "must be an origin, such as https://chat.example.com",
            ))
        }
    }

    /// The origin, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin_with_or_without_a_trailing_slash() {
        for (text, origin) in [
            ("https://chat.example.com", "https://chat.example.com"),
            ("https://chat.example.com/", "https://chat.example.com"),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000"),
        ] {
            assert_eq!(PublicUrl::parse(text).unwrap().as_str(), origin);
        }
    }

    #[test]
    fn a_public_url_contains_nothing_but_an_origin() {
        for text in [
            "https://chat.example.com/rate",
            "https://chat.example.com?a",
            "https://chat.example.com#a",
            "https://me@chat.example.com",
            "chat.example.com",
            "javascript:alert(1)",
            "",
        ] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
    }
}
