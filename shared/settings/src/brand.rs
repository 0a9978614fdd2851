use domain::{AttachmentUrl, EmailAddress, InvalidValue};
use serde::Serialize;

use crate::color::AccentColor;
use crate::setting_text::{SettingText, TextRule};

/// The name of a brand: at most 100 characters on one line.
pub type BrandName = SettingText;

/// How the organisation presents itself to visitors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Brand {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<BrandName>,
    /// The address for replies to mails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<EmailAddress>,
    /// The image that mails and the rating page show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<LogoUrl>,
    /// The colour of links and buttons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent_color: Option<AccentColor>,
}

impl Brand {
    /// The rule for [`Brand::name`].
    pub const NAME: TextRule = TextRule::plain(100);

    /// The name, or else `default`.
    pub fn name_or<'a>(&'a self, default: Option<&'a str>) -> Option<&'a str> {
        self.name.as_ref().map(BrandName::as_str).or(default)
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The URL of a logo: `https`, with a host, and at most 2,048 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LogoUrl(String);

impl LogoUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// If `text` is not a URL with `https`, or has more than 2,048 characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let url = AttachmentUrl::parse(text)
            .ok()
            .filter(AttachmentUrl::is_https);
        let url = url
            .ok_or_else(|| InvalidValue::new("must be an https URL of at most 2,048 characters"))?;
        Ok(Self(url.into()))
    }

    /// Returns the URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_is_loaded_by_https_only() {
        assert!(LogoUrl::parse("https://cdn.example.com/logo.png").is_ok());
        for text in [
            "http://example.com/l.png",
            "javascript:alert(1)",
            "data:image/png;base64,AA",
            "//example.com/l",
            "",
        ] {
            assert!(LogoUrl::parse(text).is_err(), "{text}");
        }
    }
}
