//! Converts a generated chat to the items that the functions would have written, one after the
//! other.

use domain::{
    Agent, AskedBy, Author, AuthorKind, Channel, ConversationStatus, Entry, EntryContent, EntryId,
    Event, Message, MessageId, MessageText, OrganisationId, RatingRequestId, RatingValue,
    ReportTimeZone, Timestamp, UniqueId, Visibility, VisitorAskInterval,
};
use dynamodb::{Item, Key, Table, number, write_item};
use lambda::random;
use serde::Serialize;
use store::rating_request_creation::NewRatingRequest;
use store::{
    AnswerReasons, ConversationItem, ConversationRating, CooldownItem, CurrentRequest, Detail,
    EntryItem, EventSubject, NewAnswer, RatingAnswer, RatingRequestItem, WithOutbox, key,
};

use crate::demo::DemoError;
use crate::demo::year::history::{Chat, PastAnswer, PastRequest};

/// Writes a chat.
pub(super) struct Writer<'a> {
    pub(super) table: &'a Table,
    pub(super) organisation: &'a OrganisationId,
    pub(super) time_zone: &'a ReportTimeZone,
    pub(super) chat: &'a Chat,
    /// The time of the generation. Items with a TTL expire relative to this time.
    pub(super) now: Timestamp,
}

/// The items of a chat.
pub(super) struct Items {
    /// The items that the stream contains: the conversation and its rating requests.
    pub(super) streamed: Vec<Item>,
    /// The other items. They are not in the stream and cause no outbox events, because the events
    /// would be long past.
    pub(super) others: Vec<Item>,
}

impl Writer<'_> {
    /// All items of the chat. If the conversation exists, the chat was written completely.
    pub(super) fn items(&self) -> Result<Items, DemoError> {
        let mut items = Items {
            streamed: vec![self.conversation()?],
            others: Vec::new(),
        };
        for (place, (at, text)) in self.chat.messages.iter().enumerate() {
            items.others.push(self.message(place, *at, text)?);
        }
        for past in &self.chat.past_requests {
            let request = self.request(past);
            items.streamed.push(self.written_request(&request)?);
            if request.next_request_at > self.now {
                items.others.push(self.cooldown(&request)?);
            }
            for (id, at, event) in events(past, &request.rating_request_id) {
                items
                    .others
                    .push(self.entry(Entry::of_event(id, at, event))?);
            }
        }
        Ok(items)
    }

    /// Adds the TTL of the stack's retention to an item.
    fn kept(&self, key: Key, item: &impl Serialize) -> Result<Item, DemoError> {
        let mut item = write_item(key, item)?;
        let expires_at = self.table.retention().expires_at(self.now);
        item.extend(expires_at.map(|at| ("expires_at".to_owned(), number(at))));
        Ok(item)
    }

    fn conversation(&self) -> Result<Item, DemoError> {
        let [(began, _), _, (ended, _)] = &self.chat.messages;
        let last = self.chat.past_requests.last();
        let rated = self
            .chat
            .past_requests
            .iter()
            .rev()
            .find(|it| it.is_answered());
        let conversation = ConversationItem {
            channel: Channel::widget(),
            status: ConversationStatus::Resolved,
            visitor_name: Some(self.chat.visitor.clone()),
            visitor_email: None,
            visitor_time_zone: None,
            visitor_language: Some(self.chat.language.clone()),
            assignee: Detail::Unknown,
            inbox: Detail::Unknown,
            team: Detail::Unknown,
            labels: Detail::Unknown,
            resolved_by: None,
            round: None,
            resolved_at: None,
            asked_in_round: None,
            given_up: None,
            visitor_messages: None,
            agent_messages: None,
            visitor_secret: random::visitor_secret(),
            recorded_at: *began,
            recorded_by: random::unique_id().to_string(),
            updated_at: *ended,
            as_of: None,
            thread_version: None,
            current_request: last.map(|past| CurrentRequest {
                id: self.id_of(past),
                requested_at: past.at,
                agent: past.agent.clone(),
                expires_at: self.table.retention().expires_at(past.at),
                withdrawn_at: None,
                answerable_until: None,
            }),
            rating: rated.and_then(|past| self.rating(past)),
            rating_agent_id: rated.map(|past| past.agent.id.clone()),
            visitors: Default::default(),
            visitors_until: None,
            expires_at: None,
        };
        let key = key::conversation(self.organisation, &self.chat.id);
        self.kept(key, &conversation)
    }

    fn rating(&self, past: &PastRequest) -> Option<ConversationRating> {
        let answer = answer(past)?;
        Some(ConversationRating {
            rating_request_id: self.id_of(past),
            score: answer.score,
            comment: answer.comment.clone(),
            reasons: answer.chosen_reasons(),
            rated_at: answer.first_rated_at,
        })
    }

    fn message(&self, place: usize, at: Timestamp, text: &MessageText) -> Result<Item, DemoError> {
        let agent = self.chat.past_requests.first().map(|past| &past.agent);
        let author = match agent {
            Some(agent) if place == 1 => by_agent(agent),
            _ => Author {
                kind: AuthorKind::Visitor,
                id: None,
                name: Some(self.chat.visitor.clone()),
            },
        };
        let id = MessageId::parse(&format!("m{}", place + 1))?;
        self.entry(Entry {
            id: id.into(),
            at,
            visibility: Visibility::Public,
            content: EntryContent::Message(Message {
                author,
                text: text.clone(),
                attachments: Vec::new(),
                unlinked_attachments: Vec::new(),
            }),
        })
    }

    fn written_request(&self, request: &RatingRequestItem) -> Result<Item, DemoError> {
        let id = &request.rating_request_id;
        let subject =
            EventSubject::rating_request(self.organisation, &self.chat.id, &request.agent, id);
        let key = key::rating_request(self.organisation, &self.chat.id, id);
        self.kept(key, &WithOutbox::on_update(request, subject))
    }

    fn request(&self, past: &PastRequest) -> RatingRequestItem {
        let request = NewRatingRequest {
            organisation: self.organisation.clone(),
            conversation: self.chat.id.clone(),
            agent: past.agent.clone(),
            rating_request_id: self.id_of(past),
            payload_fingerprint: None,
            link: None,
            visitor_interval: VisitorAskInterval::default(),
            report_time_zone: self.time_zone.clone(),
            snapshot: None,
            round: None,
            details: None,
            now: past.at,
        }
        .to_item();
        let answer = answer(past);
        RatingRequestItem {
            first_rated_at: answer.as_ref().map(|answer| answer.first_rated_at),
            rated_score: answer.as_ref().map(|answer| answer.score),
            answer_reasons: answer.as_ref().and_then(AnswerReasons::of_answer),
            answer,
            ..request
        }
    }

    fn cooldown(&self, request: &RatingRequestItem) -> Result<Item, DemoError> {
        let key = key::agent_cooldown(self.organisation, &self.chat.id, &request.agent.id);
        let cooldown = CooldownItem {
            conversation_id: None,
            rating_request_id: request.rating_request_id.clone(),
            expires_at: request.next_request_at.epoch_seconds(),
        };
        Ok(write_item(key, &cooldown)?)
    }

    fn entry(&self, entry: Entry) -> Result<Item, DemoError> {
        let key = key::entry(self.organisation, &self.chat.id, entry.at, &entry.id);
        self.kept(key, &EntryItem::from(entry))
    }

    fn id_of(&self, past: &PastRequest) -> RatingRequestId {
        let parts = [self.chat.id.as_str(), past.agent.id.as_str()];
        UniqueId::derived_from(&parts).into()
    }
}

impl PastRequest {
    fn is_answered(&self) -> bool {
        !self.answers.is_empty()
    }
}

fn by_agent(agent: &Agent) -> Author {
    Author {
        kind: AuthorKind::Agent,
        id: Some(agent.id.clone()),
        name: agent.name.clone(),
    }
}

/// The answer after all changes.
fn answer(past: &PastRequest) -> Option<RatingAnswer> {
    let mut answers = past.answers.iter();
    let first = answers.next()?;
    let first = RatingAnswer::first(new_answer(first), first.at);
    Some(answers.fold(first, |before, change| {
        before.changed(new_answer(change), change.at)
    }))
}

/// The events of a rating request in the thread.
fn events(past: &PastRequest, request: &RatingRequestId) -> Vec<(EntryId, Timestamp, Event)> {
    let mut events = vec![(
        EntryId::of_event("rating_requested", request.as_str()),
        past.at,
        Event::RatingRequested {
            rating_request_id: request.clone(),
            agent: past.agent.clone(),
            by: AskedBy::Agent,
        },
    )];
    events.extend(past.answers.first().map(|answer| {
        (
            EntryId::of_event("rating_submitted", request.as_str()),
            answer.at,
            Event::RatingSubmitted {
                rating_request_id: request.clone(),
                rating: value(answer),
            },
        )
    }));
    let changes = past.answers.iter().zip(past.answers.iter().skip(1));
    events.extend(changes.map(|(old, new)| {
        (
            EntryId::of_event("rating_changed", &random::unique_id().to_string()),
            new.at,
            Event::RatingChanged {
                rating_request_id: request.clone(),
                old: value(old),
                new: value(new),
            },
        )
    }));
    events
}

fn value(answer: &PastAnswer) -> RatingValue {
    RatingValue::new(
        answer.score,
        answer.comment.clone(),
        answer
            .reasons
            .iter()
            .map(|reason| reason.id.clone())
            .collect(),
    )
}

fn new_answer(answer: &PastAnswer) -> NewAnswer {
    NewAnswer {
        score: answer.score,
        comment: answer.comment.clone(),
        reasons: answer.reasons.clone(),
    }
}
