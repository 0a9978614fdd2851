//! The texts of notes for teammates, in English.

use domain::{Agent, Timestamp};
use errors::{FaultCode, Refusal, RefusalCode};
use jiff::tz::TimeZone;
use store::TranscriptNotSent;

/// The note after an agent asked.
pub(crate) fn asked(agent: &Agent) -> String {
    let name = agent.name.as_ref().map(|name| name.as_str());
    let name = name.unwrap_or_else(|| agent.id.as_str());
    format!("{name} asked the visitor for a rating.")
}

/// The note after a rule asked.
pub(crate) fn asked_by_rule() -> String {
    "A rule asked the visitor for a rating.".to_owned()
}

/// The note if the visitor was not asked: why, and from when it is possible.
pub(crate) fn not_asked(refusal: &Refusal) -> String {
    let until = available_at(refusal).map(|time| format!(" You can ask again on {}.", words(time)));
    let (why, until) = (refusal.detail(), until.unwrap_or_default());
    format!("The visitor was not asked for a rating. {why}{until}")
}

/// The note if the visitor was not asked, because the owner of the connection's token does not see the conversation.
pub(crate) fn not_visible() -> String {
    "The visitor was not asked for a rating. The owner of the connection's token does not see this inbox, so no answer \
     could be read. Ask an administrator."
        .to_owned()
}

/// The note if the visitor was not asked, because the conversation could not be read.
pub(crate) fn not_read() -> String {
    "The visitor was not asked for a rating, because the conversation could not be read. Ask again later. If it fails \
     again, tell an administrator."
        .to_owned()
}

/// The note if the transcript that a teammate requested was not sent: why, and from when it is possible.
pub(crate) fn not_sent(outcome: &TranscriptNotSent) -> String {
    let (why, available_at) = match outcome {
        TranscriptNotSent::Failed { code } => {
            let code = FaultCode::ALL.iter().find(|known| known.as_str() == code);
            let code = code.copied().unwrap_or(FaultCode::EmailUnavailable);
            if code == FaultCode::PlatformUnavailable {
                return "The transcript was not sent, because the conversation could not be read. Send it again later. \
                        If it fails again, tell an administrator."
                    .to_owned();
            }
            return format!("{}. {}", code.title(), code.detail());
        }
        TranscriptNotSent::Refused {
            code,
            detail,
            available_at,
        } => {
            let is = |known: RefusalCode| known.as_str() == code;
            let why = if is(RefusalCode::RecipientRequired) {
                "The contact has no e-mail address. Add one, then send again."
            } else if is(RefusalCode::SenderNotVerified) {
                "The settings name no sender, or SES has not verified it. Ask an administrator."
            } else {
                detail
            };
            (why, *available_at)
        }
    };
    let until = available_at.map(|time| format!(" You can send one again on {}.", words(time)));
    let until = until.unwrap_or_default();
    format!("The transcript was not sent. {why}{until}")
}

/// The time of a refusal from which asking is possible.
fn available_at(refusal: &Refusal) -> Option<Timestamp> {
    let mut members = refusal.members().iter();
    let (_, time) = members.find(|(name, _)| *name == "available_at")?;
    Timestamp::parse(time.as_str()?).ok()
}

/// A time such as `5 December 2026, 07:01 UTC`.
fn words(time: Timestamp) -> String {
    let time = time.to_jiff().to_zoned(TimeZone::UTC);
    time.strftime("%-d %B %Y, %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use domain::AgentId;

    use super::*;

    #[test]
    fn a_refusal_says_why_and_from_when_it_is_possible() {
        let refusal = Refusal::new(RefusalCode::RatingAlreadyRequested, "The agent asked.")
            .with_member("available_at", "2026-12-05T07:01:23.000Z");
        assert_eq!(
            not_asked(&refusal),
            "The visitor was not asked for a rating. The agent asked. \
             You can ask again on 5 December 2026, 07:01 UTC."
        );
        let outcome = TranscriptNotSent::Refused {
            code: "transcript_limit_reached".to_owned(),
            detail: "There were five.".to_owned(),
            available_at: Some(Timestamp::EPOCH),
        };
        assert_eq!(
            not_sent(&outcome),
            "The transcript was not sent. There were five. \
             You can send one again on 1 January 1970, 00:00 UTC."
        );
    }

    #[test]
    fn the_note_names_the_agent_or_the_id() {
        let agent = Agent {
            id: AgentId::parse("7").unwrap(),
            name: None,
        };
        assert_eq!(asked(&agent), "7 asked the visitor for a rating.");
    }

    #[test]
    fn a_failed_mail_says_whether_it_may_have_been_sent() {
        let outcome = TranscriptNotSent::Failed {
            code: "email_outcome_unknown".to_owned(),
        };
        let note = not_sent(&outcome);
        assert!(
            note.starts_with("The e-mail's outcome is unknown. "),
            "{note}"
        );
    }
}
