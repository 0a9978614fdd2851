use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::text::text_value;

/// The channel of a conversation: `widget`, `voice`, `messenger`, `instagram` or another name of 1
/// to 64 of the characters `A-Z a-z 0-9 . _ -`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Channel(String);

text_value!(Channel);

/// How the control "Ask for rating" appears in a conversation of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presentation {
    /// It is shown and can be used.
    Enabled,
    /// It is shown but cannot be used.
    Disabled,
    /// It is not shown at all.
    Hidden,
}

impl Channel {
    /// The name of the chat widget, the only channel in which a visitor can be asked.
    pub const WIDGET: &str = "widget";

    /// The channel of the chat widget.
    pub fn widget() -> Self {
        Self(Self::WIDGET.to_owned())
    }

    /// Reads a channel's name.
    ///
    /// # Errors
    /// If `text` is not a valid name of a channel.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let follows_rule = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
        if follows_rule {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 1 to 64 of the characters A-Z a-z 0-9 . _ -",
            ))
        }
    }

    /// How "Ask for rating" appears: hidden in a voice call, enabled in the widget, disabled in all
    /// other channels.
    pub fn presentation(&self) -> Presentation {
        match self.as_str() {
            Self::WIDGET => Presentation::Enabled,
            "voice" => Presentation::Hidden,
            _ => Presentation::Disabled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_can_be_requested_in_the_widget_and_are_hidden_in_voice_calls() {
        for (channel, presentation) in [
            ("widget", Presentation::Enabled),
            ("voice", Presentation::Hidden),
            ("messenger", Presentation::Disabled),
            ("instagram", Presentation::Disabled),
            ("Widget", Presentation::Disabled),
        ] {
            let channel = Channel::parse(channel).unwrap();
            assert_eq!(channel.presentation(), presentation, "{channel}");
        }
    }

    #[test]
    fn a_channel_has_1_to_64_allowed_characters() {
        assert!(Channel::parse("a.B_9-").is_ok());
        assert!(Channel::parse(&"a".repeat(64)).is_ok());
        let long = "a".repeat(65);
        for text in ["", "a b", "a#b", "é", &long] {
            assert!(Channel::parse(text).is_err(), "{text:?}");
        }
    }
}
