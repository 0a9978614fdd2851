//! The texts of notes for teammates, in English, and links to the page `/rate`.

use domain::{Agent, FACES, MailLinkToken, Score};
use errors::Refusal;
use serde_json::Value;

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

/// The note after a refusal: what did not happen, why, and from when it is possible.
pub(crate) fn refused(what: &str, refusal: &Refusal) -> String {
    let mut note = format!("{what}. {}", refusal.detail());
    let mut members = refusal.members().iter();
    let until = members.find(|(name, _)| matches!(*name, "available_at" | "resets_at"));
    if let Some((_, Value::String(until))) = until {
        // The time is in RFC 3339 with milliseconds, in UTC.
        let (day, time) = until.split_once('T').unwrap_or((until, ""));
        let time = time.get(..5).unwrap_or(time);
        note = format!("{note} It is possible from {day}, {time} UTC.");
    }
    note
}

/// Links to the five faces, in Markdown.
pub(crate) fn face_links(origin: &str, token: &MailLinkToken) -> String {
    let links = FACES.map(|face| {
        let url = rate_url(origin, token, face.score);
        format!("[{}]({url})", face.emoji)
    });
    links.join(" ")
}

/// The URL of the page `/rate` with a chosen face. The token is in the fragment, which browsers never send to a
/// server.
pub(crate) fn rate_url(origin: &str, token: &MailLinkToken, score: Score) -> String {
    format!("{origin}/rate#{}/{}", token.reveal(), score.get())
}

#[cfg(test)]
mod tests {
    use domain::AgentId;
    use errors::RefusalCode;

    use super::*;

    #[test]
    fn a_refusal_says_why_and_from_when_it_is_possible() {
        let refusal = Refusal::new(RefusalCode::RatingAlreadyRequested, "The agent asked.")
            .with_member("available_at", "2026-12-05T07:01:23.000Z");
        assert_eq!(
            refused("Nobody was asked", &refusal),
            "Nobody was asked. The agent asked. It is possible from 2026-12-05, 07:01 UTC."
        );
        let refusal = Refusal::new(RefusalCode::NothingToSend, "There is nothing.");
        let note = refused("Nothing was sent", &refusal);
        assert_eq!(note, "Nothing was sent. There is nothing.");
    }

    #[test]
    fn the_note_names_the_agent_or_the_id() {
        let agent = Agent {
            id: AgentId::parse("7").unwrap(),
            name: None,
        };
        assert_eq!(asked(&agent), "7 asked the visitor for a rating.");
    }
}
