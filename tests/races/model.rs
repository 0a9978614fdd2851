//! The rules of asking, rating and mailing, in a program small enough to be read: what must be
//! answered to each command, and what must then stand. Nothing here comes from the product's code.
//!
//! A function of the model is one step: it takes place whole and at one moment. What asks, rates or
//! records is one step; a transcript is several, and others' steps may come between them
//! (`steps.rs`). Whoever reads the model from here on knows the limits.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::commands::{
    Agent, Ask, Caller, Channel, Key, MessageName, Place, Rate, Record, SendTranscript, SesFault,
    Show, Status, Visibility, Wording,
};

/// An agent asks once in a conversation in 7 days of 24 hours.
const ASK_INTERVAL: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A visitor may change a rating for 24 hours after the first answer.
const CHANGE_WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// A conversation's transcripts in one clock hour.
pub const SLOTS: usize = 5;
/// An agent's transcripts in one clock hour, as the tests' stacks are told.
pub const AGENT_CAP: u32 = 4;
/// The organisation's transcripts in one clock hour, as the tests' stacks are told.
pub const ORGANISATION_CAP: u32 = 7;
/// A mail that is neither known to be sent nor given up after this long has an unknown outcome.
const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// Names a record by the number of the command that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(pub usize);

/// One organisation, as it must stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Model {
    pub conversations: BTreeMap<Place, Conversation>,
    /// Transcripts of an agent in an hour, and of all agents: `None`.
    pub sent: BTreeMap<(Timestamp, Option<Agent>), u32>,
    /// What the next mails meet at SES.
    pub ses: VecDeque<SesFault>,
    /// What SES took, in no order.
    pub mails: BTreeMap<Mail, usize>,
}

/// One conversation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Conversation {
    pub channel: Channel,
    pub status: Status,
    pub knows_visitor: bool,
    pub recorded_at: Timestamp,
    pub updated_at: Timestamp,
    /// The visitor's token, by the command that made it. No other is good.
    pub visitor_token: Number,
    /// From when on each agent may ask again.
    pub gates: BTreeMap<Agent, Timestamp>,
    /// Every rating request that was ever made.
    pub requests: BTreeMap<Number, RatingRequest>,
    /// The one that may be answered. All others are superseded.
    pub current: Option<Number>,
    /// Whether that one was taken back before it was answered.
    pub is_withdrawn: bool,
    /// Whose answer is the conversation's rating.
    pub rated: Option<Number>,
    pub messages: BTreeMap<MessageName, Message>,
    /// What happened, in no order but that of time.
    pub events: BTreeMap<(Timestamp, Event), usize>,
    pub transcripts: BTreeMap<Number, Transcript>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RatingRequest {
    pub asker: Asker,
    pub origin: Origin,
    pub requested_at: Timestamp,
    pub next_request_at: Timestamp,
    pub rating: Option<Rating>,
    /// Whether it was made beneath a transcript whose mail was not sent.
    pub is_unmailed: bool,
}

/// For whom is asked, and by whose token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asker {
    pub agent: Agent,
    pub caller: Caller,
}

/// What would make the same rating request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Nothing: it was asked in the chat without an idempotency key.
    Chat,
    /// This key of the agent, in the chat.
    Key(Key),
    /// The transcript with this key of the agent.
    Beneath(Option<Key>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rating {
    pub value: Value,
    /// When it was first given.
    pub rated_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value {
    pub score: u8,
    pub comment: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Message {
    pub visibility: Visibility,
    pub wording: Wording,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    RatingRequested {
        request: Number,
        asker: Asker,
    },
    RatingSubmitted {
        request: Number,
        value: Value,
    },
    RatingChanged {
        request: Number,
        old: Value,
        new: Value,
    },
    TranscriptSent {
        transcript: Number,
        agent: Agent,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transcript {
    pub send: SendTranscript,
    pub state: State,
    pub message_count: usize,
    pub sent_at: Timestamp,
    /// How many slots were left, and what became of the asking, once it is sent.
    pub outcome: Option<Outcome>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Reserved,
    Sent,
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outcome {
    pub remaining: usize,
    pub asked: Option<Result<Number, Refusal>>,
}

/// What a mail says. A private message is in none.
pub type Mail = (Place, BTreeSet<(MessageName, Message)>);

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    Asked {
        place: Place,
        request: Number,
        replayed: bool,
    },
    Rated {
        is_first: bool,
        rating: Rating,
    },
    Shown {
        request: Option<Number>,
        rating: Option<Rating>,
    },
    Sent {
        transcript: Number,
        replayed: bool,
    },
    Recorded {
        is_new: bool,
    },
    Written {
        messages: usize,
    },
    Refused(Refusal),
}

/// What is answered in place of success.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    InvalidVisitorToken,
    ConversationNotFound,
    ChannelNeeded,
    ChannelNotSupported(Channel),
    RatingAlreadyRequested { available_at: Timestamp },
    RatingRequestNotFound,
    RatingRequestSuperseded,
    RatingRequestWithdrawn,
    RatingClosed,
    IdempotencyKeyReused,
    IdempotencyKeyInUse,
    RecipientRequired,
    NothingToSend,
    TranscriptLimitReached { limit: Limit, resets_at: Timestamp },
    EmailRefused,
    EmailUnavailable,
    EmailOutcomeUnknown { replayed: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    Conversation,
    Agent,
    Organisation,
}

/// The clock hour in which `moment` lies.
pub fn hour_of(moment: Timestamp) -> Timestamp {
    let seconds = moment.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(3_600)).unwrap()
}

pub fn end_of_hour(moment: Timestamp) -> Timestamp {
    hour_of(moment) + SignedDuration::from_hours(1)
}

/// When a gate that is closed at `moment` opens again: gates go by whole seconds.
fn gate_opens_at(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap() + ASK_INTERVAL
}

impl Rating {
    pub fn changeable_until(&self) -> Timestamp {
        self.rated_at + CHANGE_WINDOW
    }
}

impl Model {
    /// An agent asks in the chat.
    pub fn ask(&mut self, number: Number, now: Timestamp, ask: &Ask) -> Answer {
        let asker = Asker {
            agent: ask.agent,
            caller: ask.caller,
        };
        let origin = ask.key.map_or(Origin::Chat, Origin::Key);
        match self.make_request(number, now, ask.place, asker, origin) {
            Ok(request) => Answer::Asked {
                place: ask.place,
                request,
                replayed: request != number,
            },
            Err(refusal) => Answer::Refused(refusal),
        }
    }

    /// What asks, in the chat or beneath a transcript. What was asked before under the same key is
    /// not asked again, whatever has changed since.
    pub fn make_request(
        &mut self,
        number: Number,
        now: Timestamp,
        place: Place,
        asker: Asker,
        origin: Origin,
    ) -> Result<Number, Refusal> {
        let Some(conversation) = self.conversations.get_mut(&place) else {
            return Err(Refusal::ConversationNotFound);
        };
        let is_beneath = matches!(origin, Origin::Beneath(_));
        if let Some((made, request)) = conversation.request_of(asker.agent, origin) {
            return if request.asker != asker {
                Err(Refusal::IdempotencyKeyReused)
            } else if is_beneath {
                conversation.use_again(made, now)
            } else {
                Ok(made)
            };
        }
        if conversation.requests.contains_key(&number) {
            return conversation.use_again(number, now);
        }
        if conversation.channel != Channel::Widget {
            return Err(Refusal::ChannelNotSupported(conversation.channel));
        }
        if let Some(available_at) = conversation.closed_gate(asker.agent, now) {
            return match conversation.unmailed_request_of(asker.agent) {
                Some(unmailed) if is_beneath => conversation.use_again(unmailed, now),
                _ => Err(Refusal::RatingAlreadyRequested { available_at }),
            };
        }
        conversation.gates.insert(asker.agent, gate_opens_at(now));
        let request = RatingRequest {
            asker,
            origin,
            requested_at: now,
            next_request_at: gate_opens_at(now),
            rating: None,
            is_unmailed: false,
        };
        conversation.requests.insert(number, request);
        conversation.current = Some(number);
        conversation.is_withdrawn = false;
        conversation.put_event(
            now,
            Event::RatingRequested {
                request: number,
                asker,
            },
        );
        Ok(number)
    }

    /// The visitor answers a request, or changes the answer.
    pub fn rate(&mut self, now: Timestamp, rate: &Rate<Number, Number>) -> Answer {
        match self.try_to_rate(now, rate) {
            Ok((is_first, rating)) => Answer::Rated { is_first, rating },
            Err(refusal) => Answer::Refused(refusal),
        }
    }

    fn try_to_rate(
        &mut self,
        now: Timestamp,
        rate: &Rate<Number, Number>,
    ) -> Result<(bool, Rating), Refusal> {
        let conversation = self.visited(rate.place, rate.token)?;
        let number = rate.request.ok_or(Refusal::RatingRequestNotFound)?;
        let is_current = conversation.current == Some(number);
        let is_withdrawn = conversation.is_withdrawn;
        let request = conversation
            .requests
            .get_mut(&number)
            .ok_or(Refusal::RatingRequestNotFound)?;
        if !is_current {
            return Err(Refusal::RatingRequestSuperseded);
        }
        if is_withdrawn {
            return Err(Refusal::RatingRequestWithdrawn);
        }
        let Some(old) = request.rating.clone() else {
            let value = Value {
                score: rate.score,
                comment: rate.comment.filter(|comment| !comment.is_empty()),
            };
            let rating = Rating {
                value: value.clone(),
                rated_at: now,
            };
            request.rating = Some(rating.clone());
            conversation.rated = Some(number);
            let request = number;
            conversation.put_event(now, Event::RatingSubmitted { request, value });
            return Ok((true, rating));
        };
        let value = Value {
            score: rate.score,
            comment: match rate.comment {
                None => old.value.comment,
                Some("") => None,
                Some(comment) => Some(comment),
            },
        };
        if value == old.value {
            return Ok((false, old));
        }
        if now >= old.changeable_until() {
            return Err(Refusal::RatingClosed);
        }
        let rating = Rating {
            value: value.clone(),
            rated_at: old.rated_at,
        };
        request.rating = Some(rating.clone());
        conversation.put_event(
            now,
            Event::RatingChanged {
                request: number,
                old: old.value,
                new: value,
            },
        );
        Ok((false, rating))
    }

    /// The visitor's widget looks what is asked: the current request, until its answer can no
    /// longer be changed, and that answer.
    pub fn show(&mut self, now: Timestamp, show: &Show<Number>) -> Answer {
        match self.visited(show.place, show.token) {
            Ok(conversation) => {
                let rating = conversation.current_rating().cloned();
                let is_over = rating
                    .as_ref()
                    .is_some_and(|rating| now >= rating.changeable_until());
                let is_closed = is_over || conversation.is_withdrawn;
                Answer::Shown {
                    request: conversation.current.filter(|_| !is_closed),
                    rating,
                }
            }
            Err(refusal) => Answer::Refused(refusal),
        }
    }

    fn visited(
        &mut self,
        place: Place,
        token: Option<Number>,
    ) -> Result<&mut Conversation, Refusal> {
        self.conversations
            .get_mut(&place)
            .filter(|conversation| Some(conversation.visitor_token) == token)
            .ok_or(Refusal::InvalidVisitorToken)
    }

    /// The platform records a conversation: what it does not tell stays, and neither rating nor
    /// request is touched. But what is opened again takes back a request that is not answered.
    pub fn record(&mut self, number: Number, now: Timestamp, record: &Record) -> Answer {
        if let Some(conversation) = self.conversations.get_mut(&record.place) {
            conversation.channel = record.channel.unwrap_or(conversation.channel);
            let is_reopened =
                conversation.status == Status::Resolved && record.status == Some(Status::Open);
            conversation.is_withdrawn |= is_reopened
                && conversation.current.is_some()
                && conversation.current_rating().is_none();
            conversation.status = record.status.unwrap_or(conversation.status);
            conversation.knows_visitor |= record.tells_visitor;
            conversation.updated_at = now;
            if record.renews_token {
                conversation.visitor_token = number;
            }
            return Answer::Recorded { is_new: false };
        }
        let Some(channel) = record.channel else {
            return Answer::Refused(Refusal::ChannelNeeded);
        };
        let conversation = Conversation {
            channel,
            status: record.status.unwrap_or(Status::Open),
            knows_visitor: record.tells_visitor,
            recorded_at: now,
            updated_at: now,
            visitor_token: number,
            gates: BTreeMap::new(),
            requests: BTreeMap::new(),
            current: None,
            is_withdrawn: false,
            rated: None,
            messages: BTreeMap::new(),
            events: BTreeMap::new(),
            transcripts: BTreeMap::new(),
        };
        self.conversations.insert(record.place, conversation);
        Answer::Recorded { is_new: true }
    }

    /// The platform tells one message. Private wins for good.
    pub fn write(&mut self, place: Place, name: MessageName, message: Message) {
        let Some(conversation) = self.conversations.get_mut(&place) else {
            return;
        };
        let stands = conversation.messages.get(&name);
        let is_private = stands.is_some_and(|stands| stands.visibility == Visibility::Private);
        if message.visibility == Visibility::Private || !is_private {
            conversation.messages.insert(name, message);
        }
    }

    /// The first step of a transcript: what refuses it before anything is written, or the public
    /// messages that it will hold.
    pub fn check(&self, now: Timestamp, send: &SendTranscript) -> Result<Draft, Answer> {
        if let Some(answer) = self.sent_before(now, send) {
            return Err(answer);
        }
        let conversation = self
            .conversations
            .get(&send.place)
            .ok_or(Answer::Refused(Refusal::ConversationNotFound))?;
        if !conversation.knows_visitor {
            return Err(Answer::Refused(Refusal::RecipientRequired));
        }
        if conversation.slots_left(now) == 0 {
            return Err(limit_reached(Limit::Conversation, now));
        }
        let draft = conversation.public_messages();
        if draft.is_empty() {
            return Err(Answer::Refused(Refusal::NothingToSend));
        }
        Ok(draft)
    }

    /// Whether a repeat under its idempotency key is answered without a further look.
    pub fn is_known(&self, now: Timestamp, send: &SendTranscript) -> bool {
        self.sent_before(now, send).is_some()
    }

    /// What is answered to a repeat under an idempotency key. Refusals are not remembered.
    fn sent_before(&self, now: Timestamp, send: &SendTranscript) -> Option<Answer> {
        let conversation = self.conversations.get(&send.place)?;
        let (transcript, stands) = conversation.transcripts.iter().find(|(_, stands)| {
            send.key.is_some() && (stands.send.agent, stands.send.key) == (send.agent, send.key)
        })?;
        if stands.send != *send {
            return Some(Answer::Refused(Refusal::IdempotencyKeyReused));
        }
        Some(match stands.state {
            State::Reserved if now < stands.sent_at + LEASE => {
                Answer::Refused(Refusal::IdempotencyKeyInUse)
            }
            State::Reserved | State::Unknown => {
                Answer::Refused(Refusal::EmailOutcomeUnknown { replayed: true })
            }
            State::Sent => Answer::Sent {
                transcript: *transcript,
                replayed: true,
            },
        })
    }

    /// The second step: a slot of each limit of the hour, or what refuses it.
    pub fn reserve(
        &mut self,
        number: Number,
        now: Timestamp,
        send: &SendTranscript,
        draft: &Draft,
    ) -> Result<(), Answer> {
        if let Some(answer) = self.sent_before(now, send) {
            return Err(answer);
        }
        let used = |whose| self.sent.get(&(hour_of(now), whose)).copied().unwrap_or(0);
        if self.conversations[&send.place].slots_left(now) == 0 {
            return Err(limit_reached(Limit::Conversation, now));
        }
        if used(Some(send.agent)) >= AGENT_CAP {
            return Err(limit_reached(Limit::Agent, now));
        }
        if used(None) >= ORGANISATION_CAP {
            return Err(limit_reached(Limit::Organisation, now));
        }
        for whose in [Some(send.agent), None] {
            *self.sent.entry((hour_of(now), whose)).or_default() += 1;
        }
        let transcript = Transcript {
            send: send.clone(),
            state: State::Reserved,
            message_count: draft.len(),
            sent_at: now,
            outcome: None,
        };
        let conversation = self.conversations.get_mut(&send.place).unwrap();
        conversation.transcripts.insert(number, transcript);
        Ok(())
    }

    /// The third step: what SES makes of the mail.
    pub fn deliver(&mut self, send: &SendTranscript, draft: &Draft) -> Delivery {
        let fault = self.ses.pop_front();
        if matches!(fault, None | Some(SesFault::LostReply)) {
            *self.mails.entry((send.place, draft.clone())).or_default() += 1;
        }
        match fault {
            None => Delivery::Accepted,
            Some(SesFault::Throttle) => Delivery::Throttled,
            Some(SesFault::Reject) => Delivery::Refused,
            Some(SesFault::Error | SesFault::LostReply) => Delivery::Unknown,
        }
    }

    /// The last step: the transcript is sent.
    pub fn mark_sent(&mut self, number: Number, place: Place, outcome: Outcome) -> Answer {
        let conversation = self.conversations.get_mut(&place).unwrap();
        let transcript = conversation.transcripts.get_mut(&number).unwrap();
        transcript.state = State::Sent;
        transcript.outcome = Some(outcome);
        let (at, agent) = (transcript.sent_at, transcript.send.agent);
        let event = Event::TranscriptSent {
            transcript: number,
            agent,
        };
        conversation.put_event(at, event);
        Answer::Sent {
            transcript: number,
            replayed: false,
        }
    }

    /// The last step where nobody knows what became of the mail: its slot stays used.
    pub fn mark_unknown(&mut self, number: Number, place: Place) -> Answer {
        let conversation = self.conversations.get_mut(&place).unwrap();
        conversation.transcripts.get_mut(&number).unwrap().state = State::Unknown;
        Answer::Refused(Refusal::EmailOutcomeUnknown { replayed: false })
    }

    /// Whether a transcript would hold something else by now than `draft`.
    pub fn has_changed(&self, place: Place, draft: &Draft) -> bool {
        self.conversations[&place].public_messages() != *draft
    }

    /// A step after a mail that was not sent: the next transcript may have its faces.
    pub fn note_unmailed(&mut self, place: Place, request: Number) {
        let conversation = self.conversations.get_mut(&place).unwrap();
        if let Some(request) = conversation.requests.get_mut(&request) {
            request.is_unmailed = true;
        }
    }

    /// The other step after it: the slot is given back, all is forgotten.
    pub fn release(&mut self, number: Number, place: Place) {
        let conversation = self.conversations.get_mut(&place).unwrap();
        let forgotten = conversation.transcripts.remove(&number).unwrap();
        let hour = hour_of(forgotten.sent_at);
        for whose in [Some(forgotten.send.agent), None] {
            *self.sent.get_mut(&(hour, whose)).unwrap() -= 1;
        }
    }
}

/// The public messages of a transcript.
pub type Draft = BTreeSet<(MessageName, Message)>;

/// What SES made of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    Accepted,
    Throttled,
    Refused,
    Unknown,
}

fn limit_reached(limit: Limit, now: Timestamp) -> Answer {
    let resets_at = end_of_hour(now);
    Answer::Refused(Refusal::TranscriptLimitReached { limit, resets_at })
}

impl Conversation {
    /// When `agent` may ask again, where that is not yet.
    pub fn closed_gate(&self, agent: Agent, now: Timestamp) -> Option<Timestamp> {
        let opens_at = self.gates.get(&agent).copied();
        opens_at.filter(|opens_at| now < *opens_at)
    }

    /// The request that closed the gate of `agent`, if its mail was not sent.
    fn unmailed_request_of(&self, agent: Agent) -> Option<Number> {
        let requests = self.requests.iter();
        let (number, newest) = requests
            .filter(|(_, request)| request.asker.agent == agent)
            .max_by_key(|(_, request)| request.requested_at)?;
        newest.is_unmailed.then_some(*number)
    }

    /// Has the faces of a request that exists beneath a transcript, if they can be answered.
    fn use_again(&mut self, number: Number, now: Timestamp) -> Result<Number, Refusal> {
        if self.current != Some(number) || self.is_withdrawn {
            return Err(Refusal::RatingRequestSuperseded);
        }
        let available_at = now;
        let request = self.requests.get_mut(&number).unwrap();
        if request.rating.is_some() {
            return Err(Refusal::RatingAlreadyRequested { available_at });
        }
        request.is_unmailed = false;
        Ok(number)
    }

    /// The answer to the current request.
    fn current_rating(&self) -> Option<&Rating> {
        self.requests.get(&self.current?)?.rating.as_ref()
    }

    /// The newest answer, whichever request it is to.
    pub fn newest_rating(&self) -> Option<(Agent, &Rating)> {
        let request = self.requests.get(&self.rated?)?;
        Some((request.asker.agent, request.rating.as_ref()?))
    }

    /// How many transcripts may still be sent in the hour of `now`.
    pub fn slots_left(&self, now: Timestamp) -> usize {
        let hour = hour_of(now);
        let transcripts = self.transcripts.values();
        SLOTS
            - transcripts
                .filter(|sent| hour_of(sent.sent_at) == hour)
                .count()
    }

    fn public_messages(&self) -> Draft {
        let messages = self.messages.iter();
        messages
            .filter(|(_, message)| message.visibility == Visibility::Public)
            .map(|(name, message)| (*name, *message))
            .collect()
    }

    fn request_of(&self, agent: Agent, origin: Origin) -> Option<(Number, &RatingRequest)> {
        if matches!(origin, Origin::Chat | Origin::Beneath(None)) {
            return None;
        }
        let mut requests = self.requests.iter();
        requests
            .find(|(_, request)| (request.asker.agent, request.origin) == (agent, origin))
            .map(|(number, request)| (*number, request))
    }

    fn put_event(&mut self, at: Timestamp, event: Event) {
        *self.events.entry((at, event)).or_default() += 1;
    }
}
