//! What the model says, in the form in which HTTP says it. Ids that only the product knows stand as
//! `Number`s in angle brackets: `<request 3>`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};
use tests::{Reply, SENDER};

use crate::commands::{Agent, Caller, Channel, MessageName, Place, Status, Visibility, Wording};
use crate::model::{
    Answer, Asker, Conversation, Event, Limit, Message, Model, Number, Rating, Refusal, SLOTS,
    State, Transcript, Value, end_of_hour,
};

/// An answer as far as the rules decide it.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    pub status: u16,
    pub replayed: bool,
    pub retry_after: Option<i64>,
    /// The name of the limit that refused it.
    pub limit: Option<String>,
    /// Without what is written for people, and without the request's id.
    pub body: Json,
}

/// The real ids of what the model numbers.
pub type Ids = BTreeMap<String, String>;

impl fmt::Display for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.body)?;
        if self.replayed {
            write!(f, ", replayed")?;
        }
        if let (Some(seconds), Some(limit)) = (self.retry_after, &self.limit) {
            write!(f, ", {limit} in {seconds} s")?;
        }
        Ok(())
    }
}

impl Observed {
    pub fn of(reply: &Reply) -> Self {
        let mut body = reply.body.clone();
        if let (true, Some(body)) = (reply.status >= 400, body.as_object_mut()) {
            for name in ["type", "title", "detail", "request_id", "status"] {
                body.remove(name);
            }
        }
        if let Some(faces) = body.pointer_mut("/rating_request/faces") {
            faces.take();
        }
        let limit = reply.header("ratelimit-policy").split('"').nth(1);
        Self {
            status: reply.status,
            replayed: reply.header("idempotent-replayed") == "true",
            retry_after: reply.header("retry-after").parse().ok(),
            limit: limit.map(str::to_owned),
            body,
        }
    }

    fn success(status: u16, replayed: bool, body: Json) -> Self {
        Self {
            status,
            replayed,
            retry_after: None,
            limit: None,
            body,
        }
    }

    /// Whether this, which the model says, is what was `observed`; ids that are met for the first
    /// time become known.
    pub fn fits(&self, observed: &Self, ids: &mut Ids) -> bool {
        (self.status, self.replayed, self.retry_after, &self.limit)
            == (
                observed.status,
                observed.replayed,
                observed.retry_after,
                &observed.limit,
            )
            && fits(&self.body, &observed.body, ids)
    }
}

/// Whether `observed` is what `expected` says, with the real ids in place of the numbers.
pub fn fits(expected: &Json, observed: &Json, ids: &mut Ids) -> bool {
    match (expected, observed) {
        (Json::String(expected), Json::String(observed)) if expected.starts_with('<') => {
            match ids.get(expected) {
                Some(id) => id == observed,
                None => {
                    let is_new = ids.values().all(|id| id != observed);
                    ids.insert(expected.clone(), observed.clone());
                    is_new
                }
            }
        }
        (Json::Object(expected), Json::Object(observed)) => {
            expected.len() == observed.len()
                && expected.iter().all(|(name, expected)| {
                    let observed = observed.get(name);
                    observed.is_some_and(|observed| fits(expected, observed, ids))
                })
        }
        (Json::Array(expected), Json::Array(observed)) => {
            expected.len() == observed.len() && fits_in_any_order(expected, observed, ids)
        }
        _ => expected == observed,
    }
}

/// Lists hold the same in any order: that of a thread's entries is looked at by itself.
fn fits_in_any_order(expected: &[Json], observed: &[Json], ids: &mut Ids) -> bool {
    let mut left: Vec<&Json> = observed.iter().collect();
    expected.iter().all(|expected| {
        let found = left.iter().position(|observed| {
            let mut tried = ids.clone();
            let is_it = fits(expected, observed, &mut tried);
            if is_it {
                *ids = tried;
            }
            is_it
        });
        found.map(|place| left.remove(place)).is_some()
    })
}

/// Where `observed` differs from what is `expected`, a line for each place.
pub fn differences(expected: &Json, observed: &Json, ids: &Ids) -> String {
    match (expected, observed) {
        _ if fits(expected, observed, &mut ids.clone()) => String::new(),
        (Json::Object(expected), Json::Object(observed)) => {
            let names: BTreeSet<_> = expected.keys().chain(observed.keys()).collect();
            let parts = names.into_iter().map(|name| {
                let of = |body: &Map<String, Json>| body.get(name).cloned().unwrap_or_default();
                differences(&of(expected), &of(observed), ids)
            });
            parts.collect()
        }
        (Json::Array(expected), Json::Array(observed)) => {
            let only = |these: &[Json], those: &[Json], fits: &dyn Fn(&Json, &Json) -> bool| {
                let these = these.iter();
                these
                    .filter(|this| !those.iter().any(|that| fits(this, that)))
                    .map(|this| format!("\n      {this}"))
                    .collect::<String>()
            };
            let fit = |expected: &Json, observed: &Json| fits(expected, observed, &mut ids.clone());
            let missing = only(expected, observed, &fit);
            let more = only(observed, expected, &|observed, expected| {
                fit(expected, observed)
            });
            format!("\n    the model alone has:{missing}\n    the product alone has:{more}")
        }
        _ => format!("\n    the model has {expected}\n    the product has {observed}"),
    }
}

pub fn rating_request_id(number: Number) -> String {
    format!("<request {}>", number.0)
}

pub fn transcript_id(number: Number) -> String {
    format!("<transcript {}>", number.0)
}

pub fn token_id(number: Number) -> String {
    format!("<token {}>", number.0)
}

pub fn agent_id(agent: Agent) -> &'static str {
    match agent {
        Agent::Kim => "kim",
        Agent::Lee => "lee",
        Agent::Max => "max",
    }
}

pub fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Widget => "widget",
        Channel::Voice => "voice",
        Channel::Messenger => "messenger",
    }
}

/// How asking looks where it is impossible.
fn presentation(channel: Channel) -> &'static str {
    match channel {
        Channel::Widget => "enabled",
        Channel::Voice => "hidden",
        Channel::Messenger => "disabled",
    }
}

pub fn status(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Resolved => "resolved",
    }
}

pub fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Private => "private",
    }
}

pub fn message_id(name: MessageName) -> &'static str {
    match name {
        MessageName::M1 => "m1",
        MessageName::M2 => "m2",
    }
}

pub fn message_time(name: MessageName) -> &'static str {
    match name {
        MessageName::M1 => "2026-01-05T09:00:01.000Z",
        MessageName::M2 => "2026-01-05T09:00:02.000Z",
    }
}

/// No two messages have the same text, so that a mail shows what it holds.
pub fn message_text(name: MessageName, message: Message) -> String {
    let wording = match message.wording {
        Wording::First => "first",
        Wording::Second => "second",
    };
    let visibility = visibility(message.visibility);
    format!("{}-{visibility}-{wording}", message_id(name))
}

/// How names of places are made the names of conversations that no other case has.
#[derive(Clone, Copy, Debug)]
pub struct Naming {
    pub case: usize,
}

impl Naming {
    pub fn conversation(self, place: Place) -> String {
        match place {
            Place::C1 => format!("c1.{}", self.case),
            Place::C2 => format!("c2.{}", self.case),
        }
    }

    pub fn address(self, place: Place) -> String {
        format!("{}@example.org", self.conversation(place))
    }
}

fn time(moment: Timestamp) -> String {
    format!("{moment:.3}")
}

fn asker(asker: Asker) -> Json {
    match asker.caller {
        Caller::Agent => json!({ "id": agent_id(asker.agent) }),
        Caller::Platform => json!({ "id": agent_id(asker.agent), "name": "An agent" }),
    }
}

fn value(value: &Value) -> Json {
    let sentiment = match value.score {
        1 | 2 => "negative",
        3 => "neutral",
        _ => "positive",
    };
    with_comment(
        json!({ "score": value.score, "sentiment": sentiment }),
        value,
    )
}

fn with_comment(mut body: Json, value: &Value) -> Json {
    if let Some(comment) = value.comment {
        body["comment"] = comment.into();
    }
    body
}

fn rating(rating: &Rating) -> Json {
    let body = json!({
        "score": rating.value.score,
        "rated_at": time(rating.rated_at),
        "changeable_until": time(rating.changeable_until()),
    });
    with_comment(body, &rating.value)
}

fn visitor(conversation: &Conversation, naming: Naming, place: Place) -> Json {
    if conversation.knows_visitor {
        json!({ "email": naming.address(place) })
    } else {
        json!({})
    }
}

fn conversation_body(model: &Model, naming: Naming, place: Place) -> Json {
    let conversation = &model.conversations[&place];
    json!({
        "id": naming.conversation(place),
        "channel": channel(conversation.channel),
        "status": status(conversation.status),
        "visitor": visitor(conversation, naming, place),
        "recorded_at": time(conversation.recorded_at),
        "updated_at": time(conversation.updated_at),
    })
}

fn rating_request(model: &Model, naming: Naming, place: Place, number: Number) -> Json {
    let request = &model.conversations[&place].requests[&number];
    json!({
        "id": rating_request_id(number),
        "conversation_id": naming.conversation(place),
        "agent_id": agent_id(request.asker.agent),
        "requested_at": time(request.requested_at),
        "next_request_at": time(request.next_request_at),
    })
}

fn transcript(naming: Naming, number: Number, transcript: &Transcript) -> Json {
    json!({
        "id": transcript_id(number),
        "to": naming.address(transcript.send.place),
        "from": SENDER,
        "sender_name": transcript.send.sender_name,
        "message_count": transcript.message_count,
        "sent_at": time(transcript.sent_at),
    })
}

impl Answer {
    /// What HTTP says to a command for `place` at `now`.
    pub fn on_the_wire(
        &self,
        model: &Model,
        naming: Naming,
        place: Place,
        now: Timestamp,
    ) -> Observed {
        match self {
            Self::Asked {
                place,
                request,
                replayed,
            } => {
                let body = rating_request(model, naming, *place, *request);
                Observed::success(201, *replayed, json!({ "rating_request": body }))
            }
            Self::Rated {
                is_first,
                rating: rated,
            } => {
                let status = if *is_first { 201 } else { 200 };
                Observed::success(status, false, json!({ "rating": rating(rated) }))
            }
            Self::Shown {
                request,
                rating: rated,
            } => {
                let request = request.map(|number| {
                    let request = &model.conversations[&place].requests[&number];
                    let mut body = json!({
                        "id": rating_request_id(number),
                        "requested_at": time(request.requested_at),
                        "faces": null,
                    });
                    if let Some(name) = asker(request.asker).get("name") {
                        body["agent_name"] = name.clone();
                    }
                    body
                });
                let rating = rated.as_ref().map(rating);
                let body = json!({ "rating_request": request, "rating": rating });
                Observed::success(200, false, body)
            }
            Self::Sent {
                transcript: number,
                replayed,
            } => {
                let sent = &model.conversations[&place].transcripts[number];
                let outcome = sent.outcome.as_ref().unwrap();
                let mut body = json!({
                    "transcript": transcript(naming, *number, sent),
                    "quota": {
                        "limit": SLOTS,
                        "remaining": outcome.remaining,
                        "resets_at": time(end_of_hour(sent.sent_at)),
                    },
                });
                if let Some(asked) = &outcome.asked {
                    body["rating_request"] = match asked {
                        Ok(number) => rating_request(model, naming, place, *number),
                        Err(refusal) => json!({ "refused": { "code": refusal.code().1 } }),
                    };
                }
                Observed::success(201, *replayed, body)
            }
            Self::Recorded { is_new } => {
                let status = if *is_new { 201 } else { 200 };
                let body = conversation_body(model, naming, place);
                let token = token_id(model.conversations[&place].visitor_token);
                let body = json!({ "conversation": body, "visitor_token": token });
                Observed::success(status, false, body)
            }
            Self::Written { messages } => {
                Observed::success(200, false, json!({ "recorded": messages }))
            }
            Self::Refused(refusal) => refusal.on_the_wire(now),
        }
    }
}

impl Refusal {
    fn code(&self) -> (u16, &'static str) {
        match self {
            Self::InvalidVisitorToken => (401, "invalid_visitor_token"),
            Self::ConversationNotFound => (404, "conversation_not_found"),
            Self::ChannelNeeded => (422, "invalid_request"),
            Self::ChannelNotSupported(_) => (409, "channel_not_supported"),
            Self::RatingAlreadyRequested { .. } => (429, "rating_already_requested"),
            Self::RatingRequestNotFound => (404, "rating_request_not_found"),
            Self::RatingRequestSuperseded => (410, "rating_request_superseded"),
            Self::RatingRequestWithdrawn => (410, "rating_request_withdrawn"),
            Self::RatingClosed => (409, "rating_closed"),
            Self::IdempotencyKeyReused => (422, "idempotency_key_reused"),
            Self::IdempotencyKeyInUse => (409, "idempotency_key_in_use"),
            Self::RecipientRequired => (422, "recipient_required"),
            Self::NothingToSend => (422, "nothing_to_send"),
            Self::TranscriptLimitReached { .. } => (429, "transcript_limit_reached"),
            Self::EmailRefused => (502, "email_refused"),
            Self::EmailUnavailable => (503, "email_unavailable"),
            Self::EmailOutcomeUnknown { .. } => (504, "email_outcome_unknown"),
        }
    }

    fn on_the_wire(&self, now: Timestamp) -> Observed {
        let (status, code) = self.code();
        let mut answer = Observed::success(status, false, json!({ "code": code }));
        let mut until = |name: &str, limit: &str, moment: Timestamp| {
            answer.body[name] = time(moment).into();
            answer.limit = Some(limit.to_owned());
            let milliseconds = moment.as_millisecond() - now.as_millisecond();
            answer.retry_after = Some((milliseconds + 999) / 1_000);
        };
        match self {
            Self::RatingAlreadyRequested { available_at } => {
                until("available_at", "rating-requests", *available_at);
            }
            Self::TranscriptLimitReached { limit, resets_at } => {
                let limit = match limit {
                    Limit::Conversation => "transcripts",
                    Limit::Agent => "agent-transcripts",
                    Limit::Organisation => "organisation-transcripts",
                };
                until("resets_at", limit, *resets_at);
            }
            Self::ChannelNotSupported(on) => {
                answer.body["channel"] = channel(*on).into();
                answer.body["presentation"] = presentation(*on).into();
            }
            Self::ChannelNeeded => answer.body["field"] = "channel".into(),
            Self::RecipientRequired => answer.body["field"] = "to".into(),
            Self::IdempotencyKeyReused => answer.body["field"] = "Idempotency-Key".into(),
            Self::EmailOutcomeUnknown { replayed } => answer.replayed = *replayed,
            _ => {}
        }
        answer
    }
}

impl Model {
    /// What `agent` reads of a conversation at `now`.
    pub fn read(&self, naming: Naming, place: Place, agent: Agent, now: Timestamp) -> Json {
        let conversation = &self.conversations[&place];
        let rating = conversation.newest_rating().map(|(asked_by, rating)| {
            let mut body = value(&rating.value);
            body["rated_at"] = time(rating.rated_at).into();
            body["agent_id"] = agent_id(asked_by).into();
            body
        });
        let transcripts = conversation.transcripts.iter().map(|(number, sent)| {
            let mut body = transcript(naming, *number, sent);
            body["state"] = match sent.state {
                State::Reserved => "reserved",
                State::Sent => "sent",
                State::Unknown => "unknown",
            }
            .into();
            body
        });
        json!({
            "conversation": conversation_body(self, naming, place),
            "rating": rating,
            "thread": { "entries": entries(conversation) },
            "transcripts": transcripts.collect::<Vec<_>>(),
            "actions": {
                "ask_rating": offered_ask(conversation, agent, now),
                "send_transcript": offered_transcript(conversation, naming, place, now),
            },
        })
    }
}

fn entries(conversation: &Conversation) -> Vec<Json> {
    let messages = conversation.messages.iter().map(|(name, message)| {
        json!({
            "id": message_id(*name),
            "at": message_time(*name),
            "kind": "message",
            "visibility": visibility(message.visibility),
            "author": { "kind": "visitor" },
            "text": message_text(*name, *message),
        })
    });
    let events = conversation.events.iter().flat_map(|((at, what), count)| {
        let (is_public, body) = event(what);
        let entry = json!({
            "at": time(*at),
            "kind": "event",
            "visibility": if is_public { "public" } else { "private" },
            "event": body,
        });
        std::iter::repeat_n(entry, *count)
    });
    messages.chain(events).collect()
}

/// Whether the visitor may see an event, and what it says.
fn event(event: &Event) -> (bool, Json) {
    match event {
        Event::RatingRequested {
            request,
            asker: asked_by,
        } => (
            false,
            json!({
                "type": "rating_requested",
                "rating_request_id": rating_request_id(*request),
                "agent": asker(*asked_by),
            }),
        ),
        Event::RatingSubmitted {
            request,
            value: given,
        } => {
            let mut body = value(given);
            body["type"] = "rating_submitted".into();
            body["rating_request_id"] = rating_request_id(*request).into();
            (false, body)
        }
        Event::RatingChanged { request, old, new } => (
            false,
            json!({
                "type": "rating_changed",
                "rating_request_id": rating_request_id(*request),
                "old": value(old),
                "new": value(new),
            }),
        ),
        Event::TranscriptSent { transcript, agent } => (
            true,
            json!({
                "type": "transcript_sent",
                "transcript_id": transcript_id(*transcript),
                "to": "c•••@example.org",
                "agent": { "id": agent_id(*agent) },
            }),
        ),
    }
}

fn offered_ask(conversation: &Conversation, agent: Agent, now: Timestamp) -> Json {
    if conversation.channel != Channel::Widget {
        let state = presentation(conversation.channel);
        return json!({ "state": state, "reason": "channel_not_supported" });
    }
    match conversation.closed_gate(agent, now) {
        Some(opens_at) => json!({
            "state": "disabled",
            "reason": "rating_already_requested",
            "available_at": time(opens_at),
        }),
        None => json!({ "state": "enabled" }),
    }
}

fn offered_transcript(
    conversation: &Conversation,
    naming: Naming,
    place: Place,
    now: Timestamp,
) -> Json {
    let remaining = conversation.slots_left(now);
    let mut body = json!({
        "state": "enabled",
        "senders": [{ "address": SENDER, "name": "Acme" }],
        "remaining": remaining,
        "resets_at": time(end_of_hour(now)),
    });
    if conversation.knows_visitor {
        body["default_to"] = naming.address(place).into();
    }
    if remaining == 0 {
        body["state"] = "disabled".into();
        body["reason"] = "transcript_limit_reached".into();
    }
    body
}
