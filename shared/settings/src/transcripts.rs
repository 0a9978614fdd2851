use domain::{SenderAddress, SenderName};
use serde::Serialize;

use crate::rule::Rule;

/// The settings for transcripts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TranscriptSettings {
    /// The sender of mails that no agent sends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<SenderAddress>,
    /// The name of that sender. `None` means the brand's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender_name: Option<SenderName>,
    /// The rule that sends the transcript after a conversation was resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_resolve: Option<Rule>,
    /// Whether visitors may have their own transcript sent to them.
    #[serde(skip_serializing_if = "is_false")]
    pub visitor_may_request: bool,
    /// Whether numbers of payment cards are masked in mails.
    #[serde(skip_serializing_if = "is_false")]
    pub redact_card_numbers: bool,
}

impl TranscriptSettings {
    /// The rule that sends transcripts, if it is enabled.
    pub fn rule(&self) -> Option<&Rule> {
        self.on_resolve.as_ref().filter(|rule| rule.enabled)
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}
