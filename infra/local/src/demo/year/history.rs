//! Generates the chats of a day. The same day always has the same chats, so that a year that is
//! filled again tomorrow differs only in tomorrow's chats.

use domain::{
    Agent, Comment, ConversationId, InvalidValue, Language, MessageText, OfferedReason, PersonName,
    Score, Timestamp,
};
use fastrand::Rng;

use crate::demo::year::texts::{Colleague, Speech, Texts};

pub(super) const DAY_SECONDS: i64 = 24 * 60 * 60;
const HOUR_SECONDS: u32 = 60 * 60;

/// The number of rated chats for each weekday, starting on Monday: about 2,400 in a year.
const CHATS_OF_WEEKDAYS: [f32; 7] = [10.0, 9.0, 8.5, 8.5, 7.5, 2.0, 1.5];

/// The yearly period in which spare parts arrive late and visitors are less satisfied, as month and
/// day.
const BAD_WEEKS: (&str, &str) = ("06-08", "07-12");
const MISSES_OF_BAD_WEEKS: u32 = 45;

/// The percentages of the five scores, for a chat that went well and for one that went badly.
const SCORES_IF_WELL: [u32; 5] = [1, 2, 7, 35, 55];
const SCORES_IF_BADLY: [u32; 5] = [34, 26, 22, 12, 6];

/// The percentages of visitors who answer, who comment on their answer, and who change it. The last
/// one is for a second request by another agent.
const ANSWERING: u32 = 44;
const COMMENTING: u32 = 38;
const CHANGING: u32 = 7;
const ASKED_AGAIN: u32 = 6;

/// A chat and its ratings.
#[derive(Debug)]
pub(super) struct Chat {
    pub(super) id: ConversationId,
    pub(super) visitor: PersonName,
    pub(super) language: Language,
    /// A question, an answer and a thank-you, with the time of each.
    pub(super) messages: [(Timestamp, MessageText); 3],
    /// The rating requests in order. Each except the last is superseded.
    pub(super) past_requests: Vec<PastRequest>,
}

/// A rating request by an agent.
#[derive(Debug)]
pub(super) struct PastRequest {
    pub(super) agent: Agent,
    pub(super) at: Timestamp,
    /// The answer and its changes in order. Empty if the visitor did not answer.
    pub(super) answers: Vec<PastAnswer>,
}

/// An answer of a visitor.
#[derive(Debug)]
pub(super) struct PastAnswer {
    pub(super) at: Timestamp,
    pub(super) score: Score,
    pub(super) comment: Option<Comment>,
    pub(super) reasons: Vec<OfferedReason>,
}

/// The chats and ratings of a day until `now`. The day is counted from 1 January 1970.
pub(super) fn chats_of(day: i64, now: Timestamp, texts: &Texts) -> Result<Vec<Chat>, InvalidValue> {
    let mut dice = Dice(Rng::with_seed(day.unsigned_abs()));
    let midnight = Timestamp::from_epoch_seconds(day * DAY_SECONDS).unwrap_or(Timestamp::EPOCH);
    // 1 January 1970 was a Thursday.
    let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
    let usual = CHATS_OF_WEEKDAYS.get(weekday).copied().unwrap_or(0.0);
    let count = (usual * (0.5 + dice.0.f32())).round();
    let mut chats = Vec::new();
    for number in 1..=count as u32 {
        let mut chat = chat(midnight, number, texts, &mut dice)?;
        chat.remove_after(now);
        if !chat.past_requests.is_empty() {
            chats.push(chat);
        }
    }
    Ok(chats)
}

fn chat(
    midnight: Timestamp,
    number: u32,
    texts: &Texts,
    dice: &mut Dice,
) -> Result<Chat, InvalidValue> {
    let date = midnight.to_string();
    let (date, _) = date.split_once('T').unwrap_or((&date, ""));
    let (_, month_and_day) = date.split_once('-').unwrap_or(("", date));
    let help = &texts.help;
    let helps = (help.from.as_str()..=help.to.as_str()).contains(&month_and_day);
    let mut colleagues: Vec<_> = texts.agents.iter().collect();
    colleagues.extend(helps.then_some(&help.colleague));
    let is_bad = (BAD_WEEKS.0..=BAD_WEEKS.1).contains(&month_and_day);

    let speech = dice.one_of(&texts.languages, |speech| speech.share);
    let began = dice.between(midnight, 7 * HOUR_SECONDS, 17 * HOUR_SECONDS);
    let answered = dice.between(began, 20, 400);
    let thanked = dice.between(answered, 15, 300);
    let [question, answer, thanks] = dice.any(&speech.chats).clone();

    let first = *dice.one_of(&colleagues, |colleague| colleague.share);
    let mut past_requests = vec![past_request(
        dice.between(thanked, 10, 120),
        first,
        is_bad,
        speech,
        dice,
    )?];
    if dice.in_a_hundred(ASKED_AGAIN) {
        let second = *dice.one_of(&colleagues, |colleague| colleague.share);
        let at = dice.between(thanked, 20 * HOUR_SECONDS, 70 * HOUR_SECONDS);
        let again = past_request(at, second, is_bad, speech, dice)?;
        // An agent may request a rating once a week. After a new request, a visitor answers only
        // that one.
        if let Some(superseded) = past_requests
            .first_mut()
            .filter(|it| it.agent != again.agent)
        {
            superseded.answers.retain(|answer| answer.at < again.at);
            past_requests.push(again);
        }
    }
    Ok(Chat {
        id: ConversationId::parse(&format!("made-up-{date}-{number:02}"))?,
        visitor: dice.any(&speech.visitors).clone(),
        language: speech.language.clone(),
        messages: [(began, question), (answered, answer), (thanked, thanks)],
        past_requests,
    })
}

fn past_request(
    at: Timestamp,
    colleague: &Colleague,
    is_bad: bool,
    speech: &Speech,
    dice: &mut Dice,
) -> Result<PastRequest, InvalidValue> {
    let misses = colleague.misses + if is_bad { MISSES_OF_BAD_WEEKS } else { 0 };
    let scores = if dice.in_a_hundred(misses) {
        SCORES_IF_BADLY
    } else {
        SCORES_IF_WELL
    };
    let mut answers = Vec::new();
    if dice.in_a_hundred(ANSWERING) {
        // Most visitors answer while the chat is still open, and some a day later.
        let delay = if dice.in_a_hundred(80) {
            900
        } else {
            30 * HOUR_SECONDS
        };
        let first = dice.between(at, 5, delay);
        answers.push(answering(first, &scores, speech, dice)?);
        if dice.in_a_hundred(CHANGING) {
            let changed = dice.between(first, 30, 20 * HOUR_SECONDS);
            answers.push(answering(changed, &SCORES_IF_WELL, speech, dice)?);
        }
    }
    Ok(PastRequest {
        agent: colleague.agent.clone(),
        at,
        answers,
    })
}

fn answering(
    at: Timestamp,
    scores: &[u32; 5],
    speech: &Speech,
    dice: &mut Dice,
) -> Result<PastAnswer, InvalidValue> {
    let (score, _) = *dice.one_of(
        &(1..).zip(*scores).collect::<Vec<(u64, u32)>>(),
        |(_, share)| *share,
    );
    let score = Score::parse(score)?;
    let comments = speech.comments.of(score.sentiment());
    let comment = dice.in_a_hundred(COMMENTING).then(|| dice.any(comments));
    Ok(PastAnswer {
        at,
        score,
        comment: comment.cloned(),
        reasons: Vec::new(),
    })
}

impl Chat {
    /// Removes what would happen after `now`.
    fn remove_after(&mut self, now: Timestamp) {
        self.past_requests.retain(|past| past.at <= now);
        for past in &mut self.past_requests {
            past.answers.retain(|answer| answer.at <= now);
        }
    }
}

/// A random number generator with a fixed seed.
struct Dice(Rng);

impl Dice {
    fn in_a_hundred(&mut self, count: u32) -> bool {
        self.0.u32(0..100) < count
    }

    /// A time that is a random number of seconds after another.
    fn between(&mut self, moment: Timestamp, least: u32, most: u32) -> Timestamp {
        moment.plus_seconds(self.0.u32(least..most).into())
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "the place is below the length; the lists of texts are not empty"
    )]
    fn any<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.0.usize(0..choices.len())]
    }

    /// One of several items. An item with a larger share is more likely.
    fn one_of<'a, T>(&mut self, choices: &'a [T], share: impl Fn(&T) -> u32) -> &'a T {
        let mut left = self.0.u32(0..choices.iter().map(&share).sum());
        for choice in choices {
            match left.checked_sub(share(choice)) {
                Some(rest) => left = rest,
                None => return choice,
            }
        }
        self.any(choices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn year_until(now: &str) -> Vec<Chat> {
        let now = at(now);
        let last = now.epoch_seconds() / DAY_SECONDS;
        let texts = Texts::read().unwrap();
        let days = last - 364..=last;
        days.flat_map(|day| chats_of(day, now, &texts).unwrap())
            .collect()
    }

    fn described(chats: &[Chat]) -> Vec<String> {
        chats.iter().map(|chat| format!("{chat:?}")).collect()
    }

    #[test]
    fn a_year_has_enough_of_everything() {
        let chats = year_until("2026-11-22T12:00:00Z");
        let past_requests: Vec<_> = chats.iter().flat_map(|chat| &chat.past_requests).collect();
        assert!(
            (2_000..3_000).contains(&past_requests.len()),
            "{}",
            past_requests.len()
        );
        let answered = past_requests
            .iter()
            .filter(|it| !it.answers.is_empty())
            .count();
        assert!(answered * 2 < past_requests.len() && answered * 3 > past_requests.len());
        assert!(past_requests.iter().any(|it| it.answers.len() == 2));
        assert!(chats.iter().any(|chat| chat.past_requests.len() == 2));
        let agents: std::collections::BTreeSet<_> = past_requests
            .iter()
            .map(|it| it.agent.id.as_str())
            .collect();
        assert_eq!(agents.len(), 8);
    }

    #[test]
    fn a_day_is_the_same_whenever_it_is_made_up() {
        let today = year_until("2026-11-22T23:59:59Z");
        let tomorrow = year_until("2026-11-23T23:59:59Z");
        let first = tomorrow.first().unwrap();
        let shared: Vec<_> = today
            .into_iter()
            .skip_while(|it| it.id != first.id)
            .collect();
        // The newest chats may get answers or second requests by tomorrow.
        let settled = shared.len() - 60;
        let (today, tomorrow) = (described(&shared), described(&tomorrow));
        assert_eq!(today[..settled], tomorrow[..settled]);
    }

    #[test]
    fn nothing_happens_after_now() {
        let now = "2026-11-20T12:00:00Z";
        for chat in year_until(now) {
            for past in chat.past_requests {
                assert!(past.at <= at(now));
                assert!(past.answers.iter().all(|answer| answer.at <= at(now)));
            }
        }
    }
}
