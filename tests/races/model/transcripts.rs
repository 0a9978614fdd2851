//! The steps of a transcript.

use jiff::Timestamp;

use crate::commands::CommandNumber;
use crate::commands::{Chat, SendTranscript, SesFault};
use crate::model::{
    AGENT_CAP, Delivery, Draft, Event, LEASE, Limit, Model, ORGANISATION_CAP, Outcome, Refusal,
    Response, State, Transcript, end_of_hour, hour_of,
};

impl Model {
    /// The first step of a transcript: reads its public messages.
    ///
    /// # Errors
    /// The response of a retry or of a refusal.
    pub fn prepare_transcript(
        &self,
        now: Timestamp,
        send: &SendTranscript,
    ) -> Result<Draft, Response> {
        if let Some(response) = self.response_to_retry(now, send) {
            return Err(response);
        }
        let conversation = self
            .conversations
            .get(&send.chat)
            .ok_or(Response::Refused(Refusal::ConversationNotFound))?;
        if !conversation.has_visitor_email {
            return Err(Response::Refused(Refusal::RecipientRequired));
        }
        if conversation.slots_left(now) == 0 {
            return Err(limit_reached(Limit::Conversation, now));
        }
        let draft = conversation.public_messages();
        if draft.is_empty() {
            return Err(Response::Refused(Refusal::NothingToSend));
        }
        Ok(draft)
    }

    /// Whether the idempotency key already has a transcript, which decides the response.
    pub fn is_retry(&self, now: Timestamp, send: &SendTranscript) -> bool {
        self.response_to_retry(now, send).is_some()
    }

    /// The response to a retry with the same idempotency key. Refusals are not stored, so their
    /// retries are new commands.
    fn response_to_retry(&self, now: Timestamp, send: &SendTranscript) -> Option<Response> {
        let conversation = self.conversations.get(&send.chat)?;
        let (number, existing) = conversation.transcripts.iter().find(|(_, existing)| {
            send.key.is_some() && (existing.send.agent, existing.send.key) == (send.agent, send.key)
        })?;
        if existing.send != *send {
            return Some(Response::Refused(Refusal::IdempotencyKeyReused));
        }
        Some(match existing.state {
            State::Reserved if now < existing.sent_at + LEASE => {
                Response::Refused(Refusal::IdempotencyKeyInUse)
            }
            State::Reserved | State::Unknown => {
                Response::Refused(Refusal::EmailOutcomeUnknown { replayed: true })
            }
            State::Sent => Response::TranscriptSent {
                transcript: *number,
                replayed: true,
            },
        })
    }

    /// The second step: reserves a slot of each limit of the clock hour.
    ///
    /// # Errors
    /// The response of a retry or of a reached limit.
    pub fn reserve_slots(
        &mut self,
        number: CommandNumber,
        now: Timestamp,
        send: &SendTranscript,
        draft: &Draft,
    ) -> Result<(), Response> {
        if let Some(response) = self.response_to_retry(now, send) {
            return Err(response);
        }
        let used = |agent| self.sent.get(&(hour_of(now), agent)).copied().unwrap_or(0);
        if self.conversations[&send.chat].slots_left(now) == 0 {
            return Err(limit_reached(Limit::Conversation, now));
        }
        if used(Some(send.agent)) >= AGENT_CAP {
            return Err(limit_reached(Limit::Agent, now));
        }
        if used(None) >= ORGANISATION_CAP {
            return Err(limit_reached(Limit::Organisation, now));
        }
        for agent in [Some(send.agent), None] {
            *self.sent.entry((hour_of(now), agent)).or_default() += 1;
        }
        let transcript = Transcript {
            send: send.clone(),
            state: State::Reserved,
            message_count: draft.len(),
            sent_at: now,
            outcome: None,
        };
        let conversation = self.conversations.get_mut(&send.chat).unwrap();
        conversation.transcripts.insert(number, transcript);
        Ok(())
    }

    /// The third step: calls SES.
    pub fn send_mail(&mut self, send: &SendTranscript, draft: &Draft) -> Delivery {
        let fault = self.ses.pop_front();
        if matches!(fault, None | Some(SesFault::LostReply)) {
            *self.mails.entry((send.chat, draft.clone())).or_default() += 1;
        }
        match fault {
            None => Delivery::Accepted,
            Some(SesFault::Throttle) => Delivery::Throttled,
            Some(SesFault::Reject) => Delivery::Refused,
            Some(SesFault::Error | SesFault::LostReply) => Delivery::Unknown,
        }
    }

    /// The last step after SES accepted the mail.
    pub fn mark_sent(&mut self, number: CommandNumber, chat: Chat, outcome: Outcome) -> Response {
        let conversation = self.conversations.get_mut(&chat).unwrap();
        let transcript = conversation.transcripts.get_mut(&number).unwrap();
        transcript.state = State::Sent;
        transcript.outcome = Some(outcome);
        let (at, agent) = (transcript.sent_at, transcript.send.agent);
        let event = Event::TranscriptSent {
            transcript: number,
            agent,
        };
        conversation.add_event(at, event);
        Response::TranscriptSent {
            transcript: number,
            replayed: false,
        }
    }

    /// The last step if the outcome of the send is unknown. The slots stay used.
    pub fn mark_unknown(&mut self, number: CommandNumber, chat: Chat) -> Response {
        let conversation = self.conversations.get_mut(&chat).unwrap();
        conversation.transcripts.get_mut(&number).unwrap().state = State::Unknown;
        Response::Refused(Refusal::EmailOutcomeUnknown { replayed: false })
    }

    /// Whether the public messages differ from `draft`.
    pub fn has_changed(&self, chat: Chat, draft: &Draft) -> bool {
        self.conversations[&chat].public_messages() != *draft
    }

    /// A step after a mail that was not sent: the next transcript may contain its rating request.
    pub fn mark_unmailed(&mut self, chat: Chat, request: CommandNumber) {
        let conversation = self.conversations.get_mut(&chat).unwrap();
        if let Some(request) = conversation.requests.get_mut(&request) {
            request.is_unmailed = true;
        }
    }

    /// Another step after a mail that was not sent: deletes the transcript and frees its slots.
    pub fn release_slots(&mut self, number: CommandNumber, chat: Chat) {
        let conversation = self.conversations.get_mut(&chat).unwrap();
        let deleted = conversation.transcripts.remove(&number).unwrap();
        let hour = hour_of(deleted.sent_at);
        for agent in [Some(deleted.send.agent), None] {
            *self.sent.get_mut(&(hour, agent)).unwrap() -= 1;
        }
    }
}

fn limit_reached(limit: Limit, now: Timestamp) -> Response {
    let resets_at = end_of_hour(now);
    Response::Refused(Refusal::TranscriptLimitReached { limit, resets_at })
}
