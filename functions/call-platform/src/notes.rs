//! The texts of notes for teammates, in English, and links to the page `/rate`.

use domain::{Agent, FACES, MailLinkToken};
use errors::{Refusal, RefusalCode};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

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
    let until = available_at(refusal).map(|time| format!(" You can ask again on {time}."));
    let (why, until) = (refusal.detail(), until.unwrap_or_default());
    format!("The visitor was not asked for a rating. {why}{until}")
}

/// The note if the transcript was not sent: why, and from when it is possible.
pub(crate) fn not_sent(refusal: &Refusal) -> String {
    let why = match refusal.code() {
        RefusalCode::RecipientRequired => {
            "The contact has no e-mail address. Add one, then send again."
        }
        RefusalCode::SenderNotVerified => {
            "The settings name no sender, or SES has not verified it. Ask an administrator."
        }
        _ => refusal.detail(),
    };
    let until = available_at(refusal).map(|time| format!(" You can send one again on {time}."));
    format!(
        "The transcript was not sent. {why}{}",
        until.unwrap_or_default()
    )
}

/// The time of a refusal from which the action is possible, such as `5 December 2026, 07:01 UTC`.
fn available_at(refusal: &Refusal) -> Option<String> {
    let mut members = refusal.members().iter();
    let is_time = |name: &str| matches!(name, "available_at" | "resets_at");
    let (_, time) = members.find(|(name, _)| is_time(name))?;
    // The time is in RFC 3339, in UTC.
    let (date, time) = time.as_str()?.split_once('T')?;
    let [year, month, day] = date.split('-').collect::<Vec<_>>().try_into().ok()?;
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    let day = day.trim_start_matches('0');
    Some(format!("{day} {month} {year}, {} UTC", time.get(..5)?))
}

/// Links to the five faces, in Markdown.
pub(crate) fn face_links(origin: &str, token: &MailLinkToken) -> String {
    let links =
        FACES.map(|face| format!("[{}]({})", face.emoji, token.rate_url(origin, face.score)));
    links.join(" ")
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
        let refusal = Refusal::new(RefusalCode::NothingToSend, "There is nothing.");
        let note = "The transcript was not sent. There is nothing.";
        assert_eq!(not_sent(&refusal), note);
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
