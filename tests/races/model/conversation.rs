//! Decisions about one conversation.

use jiff::Timestamp;

use crate::commands::CommandNumber;
use crate::commands::{Agent, Visibility};
use crate::model::{
    Conversation, Draft, Event, Origin, Rating, RatingRequest, Refusal, Requester, SLOTS,
    cooldown_end, hour_of,
};

impl Conversation {
    /// The end of the agent's cooldown, if it is in the future.
    pub fn cooldown_of(&self, agent: Agent, now: Timestamp) -> Option<Timestamp> {
        let available_at = self.cooldowns.get(&agent).copied();
        available_at.filter(|available_at| now < *available_at)
    }

    /// The agent's newest request, if its mail was not sent.
    pub(super) fn unmailed_request_of(&self, agent: Agent) -> Option<CommandNumber> {
        let requests = self.requests.iter();
        let (number, newest) = requests
            .filter(|(_, request)| request.requester.agent == agent)
            .max_by_key(|(_, request)| request.requested_at)?;
        newest.is_unmailed.then_some(*number)
    }

    /// Starts the agent's cooldown, and supersedes the current request with a new one.
    pub(super) fn add_request(
        &mut self,
        number: CommandNumber,
        now: Timestamp,
        requester: Requester,
        origin: Origin,
    ) {
        self.cooldowns.insert(requester.agent, cooldown_end(now));
        let request = RatingRequest {
            requester,
            origin,
            requested_at: now,
            next_request_at: cooldown_end(now),
            rating: None,
            answerable_until: None,
            is_unmailed: false,
        };
        self.requests.insert(number, request);
        self.current = Some(number);
        self.is_withdrawn = false;
        self.asked_in_round = self.round;
        let request = number;
        self.add_event(now, Event::RatingRequested { request, requester });
    }

    /// Makes `rating` the answer to a request and the conversation's rating.
    pub(super) fn add_first_rating(&mut self, request: CommandNumber, rating: Rating) {
        let (value, rated_at) = (rating.value.clone(), rating.rated_at);
        self.requests.get_mut(&request).unwrap().rating = Some(rating);
        self.rated = Some(request);
        self.add_event(rated_at, Event::RatingSubmitted { request, value });
    }

    /// Puts an existing request into a transcript, if it can still be answered. The mail asks the visitor in
    /// the current round, so no rule asks again in it.
    ///
    /// # Errors
    /// If it is superseded, withdrawn, answered or expired.
    pub(super) fn reuse_request(
        &mut self,
        number: CommandNumber,
        now: Timestamp,
    ) -> Result<CommandNumber, Refusal> {
        if self.current != Some(number) || self.is_withdrawn {
            return Err(Refusal::RatingRequestSuperseded);
        }
        let available_at = now;
        let request = self.requests.get_mut(&number).unwrap();
        if request.rating.is_some() || request.is_expired(now) {
            return Err(Refusal::RatingAlreadyRequested { available_at });
        }
        request.is_unmailed = false;
        self.asked_in_round = self.round;
        Ok(number)
    }

    /// The answer to the current request, if there is one.
    pub(super) fn current_rating(&self) -> Option<&Rating> {
        self.requests.get(&self.current?)?.rating.as_ref()
    }

    /// The conversation's rating, and the agent of its request.
    pub fn newest_rating(&self) -> Option<(Agent, &Rating)> {
        let request = self.requests.get(&self.rated?)?;
        Some((request.requester.agent, request.rating.as_ref()?))
    }

    /// The number of transcripts that may still be sent in the clock hour of `now`.
    pub fn slots_left(&self, now: Timestamp) -> usize {
        let hour = hour_of(now);
        let transcripts = self.transcripts.values();
        SLOTS
            - transcripts
                .filter(|sent| hour_of(sent.sent_at) == hour)
                .count()
    }

    pub(super) fn public_messages(&self) -> Draft {
        let messages = self.messages.iter();
        messages
            .filter(|(_, message)| message.visibility == Visibility::Public)
            .map(|(name, message)| (*name, *message))
            .collect()
    }

    /// The agent's request with this origin, if a retry can have it.
    pub(super) fn request_of(
        &self,
        agent: Agent,
        origin: Origin,
    ) -> Option<(CommandNumber, &RatingRequest)> {
        if matches!(
            origin,
            Origin::Chat | Origin::InTranscript(None) | Origin::ByRule
        ) {
            return None;
        }
        let mut requests = self.requests.iter();
        requests
            .find(|(_, request)| (request.requester.agent, request.origin) == (agent, origin))
            .map(|(number, request)| (*number, request))
    }

    pub(super) fn add_event(&mut self, at: Timestamp, event: Event) {
        *self.events.entry((at, event)).or_default() += 1;
    }
}
