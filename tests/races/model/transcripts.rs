//! The steps of a transcript.

use jiff::Timestamp;

use crate::commands::CommandNumber;
use crate::commands::{Agent, Caller, Chat, SendOwnTranscript, SendTranscript, SesFault};
use crate::model::{
    AGENT_CAP, Conversation, Delivery, Draft, Event, LEASE, Limit, Model, ORGANISATION_CAP,
    Outcome, Refusal, Requester, Response, State, Transcript, VISITOR_LIMIT, VISITOR_WINDOW,
    end_of_hour, hour_of,
};

impl Model {
    /// The step before a transcript that the visitor requests: checks the token and the settings.
    ///
    /// # Errors
    /// The response of a refusal.
    pub fn authorize_own_transcript(
        &mut self,
        command: &SendOwnTranscript<CommandNumber>,
    ) -> Result<(), Response> {
        self.authorize_visitor(command.chat, command.token)
            .map_err(Response::Refused)?;
        if !self.settings.visitor_may_request {
            return Err(Response::Refused(Refusal::TranscriptsNotOffered));
        }
        Ok(())
    }

    /// The first step of a transcript: reads its public messages.
    ///
    /// # Errors
    /// The response of a retry or of a refusal.
    pub fn prepare_transcript(
        &self,
        number: CommandNumber,
        now: Timestamp,
        send: &SendTranscript,
    ) -> Result<Draft, Response> {
        if let Some(response) = self.response_to_retry(number, now, send) {
            return Err(response);
        }
        let conversation = self
            .conversations
            .get(&send.chat)
            .ok_or(Response::Refused(Refusal::ConversationNotFound))?;
        if !conversation.has_visitor_email {
            let is_field_named = send.caller == Caller::Agent;
            return Err(Response::Refused(Refusal::RecipientRequired {
                is_field_named,
            }));
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
    pub fn is_retry(&self, number: CommandNumber, now: Timestamp, send: &SendTranscript) -> bool {
        self.response_to_retry(number, now, send).is_some()
    }

    /// The response to a retry with the same idempotency key, or by a rule in the same round. Refusals
    /// are not stored, so their retries are new commands.
    fn response_to_retry(
        &self,
        number: CommandNumber,
        now: Timestamp,
        send: &SendTranscript,
    ) -> Option<Response> {
        let conversation = self.conversations.get(&send.chat)?;
        let is_by_rule = send.caller == Caller::Rule;
        let has_same_id = |other: CommandNumber, existing: &SendTranscript| match is_by_rule {
            true => other == number,
            false => send.key.is_some() && (existing.agent, existing.key) == (send.agent, send.key),
        };
        let mut transcripts = conversation.transcripts.iter();
        let (number, existing) =
            transcripts.find(|(other, existing)| has_same_id(**other, &existing.send))?;
        // The assignee may change between two attempts of a rule.
        if existing.send != *send && !is_by_rule {
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
                chat: send.chat,
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
        if let Some(response) = self.response_to_retry(number, now, send) {
            return Err(response);
        }
        let used = |agent| self.sent.get(&(hour_of(now), agent)).copied().unwrap_or(0);
        let conversation = &self.conversations[&send.chat];
        if conversation.slots_left(now) == 0 {
            return Err(limit_reached(Limit::Conversation, now));
        }
        match send.caller {
            Caller::Visitor => {
                if let Some(resets_at) = conversation.visitor_limit_ends_at(now) {
                    let limit = Limit::Visitor;
                    let reached = Refusal::TranscriptLimitReached { limit, resets_at };
                    return Err(Response::Refused(reached));
                }
            }
            Caller::Rule => {}
            Caller::Agent | Caller::Platform => {
                if used(Some(send.agent)) >= AGENT_CAP {
                    return Err(limit_reached(Limit::Agent, now));
                }
            }
        }
        if used(None) >= ORGANISATION_CAP {
            return Err(limit_reached(Limit::Organisation, now));
        }
        for agent in send.counted_for() {
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
        if send.caller == Caller::Visitor {
            conversation.add_visitor_transcript(number, now);
        }
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
        let at = transcript.sent_at;
        let requester = Requester {
            agent: transcript.send.agent,
            caller: transcript.send.caller,
        };
        let event = Event::TranscriptSent {
            transcript: number,
            requester,
        };
        conversation.add_event(at, event);
        Response::TranscriptSent {
            chat,
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
        conversation
            .visitor_transcripts
            .retain(|(requested, _)| *requested != number);
        let hour = hour_of(deleted.sent_at);
        for agent in deleted.send.counted_for() {
            *self.sent.get_mut(&(hour, agent)).unwrap() -= 1;
        }
    }
}

impl SendTranscript {
    /// The keys of [`Model::sent`] for which it counts. Visitors and rules use up no agent's limit.
    fn counted_for(&self) -> impl Iterator<Item = Option<Agent>> + use<> {
        let is_by_agent = self.caller == Caller::Agent;
        let agent = is_by_agent.then_some(Some(self.agent));
        agent.into_iter().chain([None])
    }
}

impl Conversation {
    /// Adds the newest transcript. Those of the same time have the order of their numbers, because another
    /// order makes no difference.
    fn add_visitor_transcript(&mut self, number: CommandNumber, now: Timestamp) {
        let transcripts = &mut self.visitor_transcripts;
        let is_after = |(other, at): &&(CommandNumber, Timestamp)| *at == now && *other > number;
        let position = transcripts.iter().take_while(is_after).count();
        transcripts.insert(position, (number, now));
    }

    /// When the visitor may request another transcript, if that is not now.
    fn visitor_limit_ends_at(&self, now: Timestamp) -> Option<Timestamp> {
        let (_, at) = self.visitor_transcripts.get(VISITOR_LIMIT - 1)?;
        let ends_at = *at + VISITOR_WINDOW;
        (now < ends_at).then_some(ends_at)
    }
}

fn limit_reached(limit: Limit, now: Timestamp) -> Response {
    let resets_at = end_of_hour(now);
    Response::Refused(Refusal::TranscriptLimitReached { limit, resets_at })
}
