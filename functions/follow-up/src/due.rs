use domain::{ConversationId, OrganisationId, RatingRequestId, RoundId, Timestamp, UniqueId};
use serde::{Deserialize, Serialize};

/// What is to be done in a conversation, and when. It is the input of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Due {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation_id: ConversationId,
    /// It must not be done before this time.
    pub(crate) at: Timestamp,
    /// How often its schedule fired before that time, by the clock of this function.
    #[serde(default)]
    pub(crate) early: u8,
    #[serde(flatten)]
    pub(crate) action: DueAction,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "due", rename_all = "snake_case")]
pub(crate) enum DueAction {
    /// Ask the visitor for a rating, as the rule says.
    Ask {
        #[serde(flatten)]
        round: DueInRound,
        /// How often it was tried before.
        #[serde(default)]
        attempts: u8,
    },
    /// Send the visitor the transcript, as the rule says.
    SendTranscript {
        #[serde(flatten)]
        round: DueInRound,
        /// How often it was tried before.
        #[serde(default)]
        attempts: u8,
    },
    /// Mail the faces of a rating request, if it has no answer.
    MailFaces {
        rating_request_id: RatingRequestId,
        /// How often it was tried before.
        #[serde(default)]
        attempts: u8,
    },
    /// Record that a rating request expired.
    Expire { rating_request_id: RatingRequestId },
}

/// A round in which a rule acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DueInRound {
    pub(crate) round_id: RoundId,
    /// After how many minutes the rule acts, as it was set when the round began.
    pub(crate) after_minutes: u16,
}

impl DueAction {
    /// The kind of action, the round or rating request that it is about, and how often it was tried
    /// before.
    fn parts(&self) -> (&'static str, &str, u8) {
        match self {
            Self::Ask { round, attempts } => ("ask", round.round_id.as_str(), *attempts),
            Self::SendTranscript { round, attempts } => {
                ("transcript", round.round_id.as_str(), *attempts)
            }
            Self::MailFaces {
                rating_request_id,
                attempts,
            } => ("faces", rating_request_id.as_str(), *attempts),
            Self::Expire { rating_request_id } => ("expire", rating_request_id.as_str(), 0),
        }
    }

    /// Whether it sends a mail. Such an action may be up to 15 minutes late, so that mails that are due
    /// at the same time are not all sent at once.
    pub(crate) fn sends_mail(&self) -> bool {
        matches!(self, Self::SendTranscript { .. } | Self::MailFaces { .. })
    }

    /// The next attempt of the same action, and its number. `None` if the action is not tried again.
    pub(crate) fn next_attempt(&self) -> Option<(Self, u8)> {
        let mut next = self.clone();
        match &mut next {
            Self::Ask { attempts, .. }
            | Self::SendTranscript { attempts, .. }
            | Self::MailFaces { attempts, .. } => {
                *attempts = attempts.saturating_add(1);
                let number = *attempts;
                Some((next, number))
            }
            Self::Expire { .. } => None,
        }
    }
}

impl Due {
    /// The name of the schedule. It is always the same for one attempt of an action in one round or of
    /// one request, so that a repeated event creates no second schedule.
    pub(crate) fn schedule_name(&self) -> String {
        let (kind, of, attempts) = self.action.parts();
        let conversation = self.conversation_id.as_str();
        let attempts = format!("{attempts}-{}", self.early);
        let parts = [
            kind,
            self.organisation.as_str(),
            conversation,
            of,
            &attempts,
        ];
        format!("{kind}-{}", UniqueId::derived_from(&parts))
    }

    /// The round or the rating request, for the log.
    pub(crate) fn subject(&self) -> &str {
        self.action.parts().1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(conversation: &str) -> Due {
        Due {
            organisation: OrganisationId::parse("main").unwrap(),
            conversation_id: ConversationId::parse(conversation).unwrap(),
            at: Timestamp::EPOCH,
            early: 0,
            action: DueAction::Ask {
                round: DueInRound {
                    round_id: RoundId::parse("r").unwrap(),
                    after_minutes: 15,
                },
                attempts: 0,
            },
        }
    }

    #[test]
    fn a_schedule_has_the_same_name_for_the_same_action_only() {
        let later = Due {
            at: Timestamp::EPOCH.plus_seconds(60),
            ..ask("c1")
        };
        assert_eq!(ask("c1").schedule_name(), later.schedule_name());
        assert_ne!(ask("c1").schedule_name(), ask("c2").schedule_name());
        // The rule of EventBridge Scheduler.
        let name = ask(&"c".repeat(128)).schedule_name();
        assert!(name.len() <= 64);
        assert!(
            name.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        );
    }

    #[test]
    fn the_input_of_a_schedule_is_read_as_it_was_written() {
        let input = serde_json::to_string(&ask("c1")).unwrap();
        assert_eq!(serde_json::from_str::<Due>(&input).unwrap(), ask("c1"));
        let transcript = Due {
            action: DueAction::SendTranscript {
                round: DueInRound {
                    round_id: RoundId::parse("r").unwrap(),
                    after_minutes: 60,
                },
                attempts: 3,
            },
            ..ask("c1")
        };
        let input = serde_json::to_string(&transcript).unwrap();
        assert_eq!(serde_json::from_str::<Due>(&input).unwrap(), transcript);
    }
}
