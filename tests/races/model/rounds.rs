//! What the rules do in a round.

use jiff::{SignedDuration, Timestamp};

use crate::commands::{Agent, Caller, Channel, SendTranscript, Status};
use crate::model::{
    BusEvent, Decision, Due, Model, Origin, Requester, Round, SENDER_OF_SETTINGS, floor_to_second,
};

/// Schedules are created at least this long before they are due.
const LEAST_AHEAD: SignedDuration = SignedDuration::from_secs(60);

/// The outcome of the write of a rule that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskOutcome {
    /// The rule asked, or must not ask.
    Finished,
    /// The conversation changed after the decision.
    Changed,
}

impl Model {
    /// Puts `event` on the bus, if something happens after it.
    pub(super) fn publish(&mut self, event: BusEvent) {
        let settings = self.settings;
        let has_effect = match event {
            BusEvent::Resolved { .. } => {
                settings.asks_after_minutes.is_some() || settings.sends_after_minutes.is_some()
            }
            BusEvent::RatingRequested { .. } => settings.expires_after_days.is_some(),
        };
        if has_effect {
            self.waiting.push_back(event);
        }
    }

    /// Schedules `due` at this time, in whole seconds. A schedule that exists is kept.
    pub fn schedule(&mut self, due: Due, at: Timestamp, now: Timestamp) {
        let earliest = floor_to_second(now) + LEAST_AHEAD;
        let whole = floor_to_second(at + SignedDuration::from_millis(999));
        self.schedules.entry(due).or_insert(whole.max(earliest));
    }

    /// Removes and returns what is scheduled until `now`.
    pub fn take_due(&mut self, now: Timestamp) -> Vec<Due> {
        let is_due = |at: &Timestamp| *at <= now;
        let due = self.schedules.iter().filter(|(_, at)| is_due(at));
        let due = due.map(|(due, _)| *due).collect();
        self.schedules.retain(|_, at| !is_due(at));
        due
    }

    /// The first step of a rule: reads the conversation. `None` if the rule does not act in `round`.
    pub fn decide(&self, round: Round) -> Option<Decision> {
        let conversation = self.conversations.get(&round.chat)?;
        let acts = conversation.status == Status::Resolved
            && conversation.round == Some(round.number)
            && conversation.channel == Channel::Widget;
        acts.then(|| Decision {
            round,
            agent: conversation.assignee.unwrap_or(Agent::Automatic),
            recorded_at: conversation.updated_at,
        })
    }

    /// Whether the conversation is still in the round of `decision`, and was not recorded since.
    /// Two recordings at the same time have the same `updated_at`.
    pub fn still_has(&self, decision: Decision) -> bool {
        let conversation = &self.conversations[&decision.round.chat];
        conversation.round == Some(decision.round.number)
            && conversation.updated_at == decision.recorded_at
    }

    /// The second step of the rule that asks, if nobody asked in the round.
    pub fn ask_by_rule(&mut self, decision: Decision, now: Timestamp) -> AskOutcome {
        let Round { chat, number } = decision.round;
        let conversation = &self.conversations[&chat];
        if conversation.requests.contains_key(&number) || conversation.channel != Channel::Widget {
            return AskOutcome::Finished;
        }
        if !self.still_has(decision) {
            return AskOutcome::Changed;
        }
        let is_asked = conversation.asked_in_round == Some(number);
        if is_asked || conversation.cooldown_of(decision.agent, now).is_some() {
            return AskOutcome::Finished;
        }
        self.add_request(number, now, chat, decision.requester(), Origin::ByRule);
        AskOutcome::Finished
    }
}

impl Decision {
    fn requester(self) -> Requester {
        Requester {
            agent: self.agent,
            caller: Caller::Rule,
        }
    }

    /// The transcript of the rule.
    pub fn transcript(self) -> SendTranscript {
        SendTranscript {
            chat: self.round.chat,
            agent: self.agent,
            key: None,
            asks_for_rating: false,
            caller: Caller::Rule,
            sender_name: SENDER_OF_SETTINGS,
        }
    }
}
