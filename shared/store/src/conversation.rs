use std::collections::BTreeSet;

use domain::{
    Agent, AgentId, Channel, Comment, ConversationStatus, EmailAddress, Language, PersonName,
    RatingRequestId, Score, TimeZoneName, Timestamp, UniqueId, Visitor, VisitorHash, VisitorSecret,
};
use serde::{Deserialize, Deserializer, Serialize};

use crate::rating_request::changeable_until;

/// A conversation. The visitor's fields are top-level attributes, so that one update can merge
/// them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConversationItem {
    /// The channel on which it takes place.
    pub channel: Channel,
    /// Whether it is open or resolved.
    pub status: ConversationStatus,
    /// The visitor's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_name: Option<PersonName>,
    /// The visitor's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_email: Option<EmailAddress>,
    /// The visitor's time zone. `None` also if the time zone database no longer has the recorded one.
    #[serde(
        default,
        deserialize_with = "read_time_zone",
        skip_serializing_if = "Option::is_none"
    )]
    pub visitor_time_zone: Option<TimeZoneName>,
    /// The visitor's language. A malformed tag that a former version recorded is read as the closest
    /// well-formed one.
    #[serde(
        default,
        deserialize_with = "read_language",
        skip_serializing_if = "Option::is_none"
    )]
    pub visitor_language: Option<Language>,
    /// The agent who is assigned to it.
    #[serde(default, skip_serializing_if = "Assignee::is_unknown")]
    pub assignee: Assignee,
    /// The secret that its visitor's token must contain.
    pub visitor_secret: VisitorSecret,
    /// When it was first recorded.
    pub recorded_at: Timestamp,
    /// The id of the first recording. It is random, so that a retry can recognize its own write.
    pub recorded_by: String,
    /// When it was last recorded.
    pub updated_at: Timestamp,
    /// The latest `as_of` of its recordings: the platform's own time of the data that it sent. A
    /// recording with an earlier `as_of` is outdated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
    /// The state of the thread that belongs to this state of the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_version: Option<ThreadVersion>,
    /// The rating request that the visitor may answer. Any other request is superseded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_request: Option<CurrentRequest>,
    /// The newest rating, whichever request it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<ConversationRating>,
    /// The agent who asked for the newest rating. It is not a member of the rating, because the
    /// write of a first answer copies it from the current request without reading that request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_agent_id: Option<AgentId>,
    /// The hashes of the visitors whose partitions link to it: one for each e-mail address that it
    /// ever had.
    #[serde(
        default,
        with = "serde_dynamo::string_set",
        skip_serializing_if = "BTreeSet::is_empty"
    )]
    pub visitors: BTreeSet<VisitorHash>,
    /// When the earliest link from a visitor to it expires, in epoch seconds. `None` means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitors_until: Option<i64>,
    /// When it expires, in epoch seconds. `None` means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

impl ConversationItem {
    /// A conversation that the recording `id` recorded for the first time at `now`.
    pub fn new(
        channel: Channel,
        status: ConversationStatus,
        visitor_secret: VisitorSecret,
        id: UniqueId,
        now: Timestamp,
    ) -> Self {
        Self {
            channel,
            status,
            visitor_name: None,
            visitor_email: None,
            visitor_time_zone: None,
            visitor_language: None,
            assignee: Assignee::Unknown,
            visitor_secret,
            recorded_at: now,
            recorded_by: id.to_string(),
            updated_at: now,
            as_of: None,
            thread_version: None,
            current_request: None,
            rating: None,
            rating_agent_id: None,
            visitors: BTreeSet::new(),
            visitors_until: None,
            expires_at: None,
        }
    }

    /// Whether it has expired by `now`.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at
            .is_some_and(|expires_at| expires_at <= now.epoch_seconds())
    }

    /// The visitor as one value.
    pub fn visitor(&self) -> Visitor {
        Visitor {
            name: self.visitor_name.clone(),
            email: self.visitor_email.clone(),
            time_zone: self.visitor_time_zone.clone(),
            language: self.visitor_language.clone(),
        }
    }

    /// The request that the visitor may answer at `now`, if there is one.
    pub fn open_request(&self, now: Timestamp) -> Option<&CurrentRequest> {
        let current = self.current_request.as_ref()?;
        let is_open = match self.current_rating() {
            Some(rating) => now < changeable_until(rating.rated_at),
            None => {
                current.withdrawn_at.is_none()
                    && current
                        .expires_at
                        .is_none_or(|expires_at| expires_at > now.epoch_seconds())
            }
        };
        is_open.then_some(current)
    }

    /// The answer to the current request, if it has one.
    pub fn current_rating(&self) -> Option<&ConversationRating> {
        let current = self.current_request.as_ref()?;
        self.rating
            .as_ref()
            .filter(|rating| rating.rating_request_id == current.id)
    }
}

/// The agent who is assigned to a conversation.
///
/// In the table the attribute is absent, `NULL` or the agent. A removed assignee is written as
/// `NULL`. An outdated recording only sets attributes that were never recorded, so it does not
/// restore the assignee.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Option<Agent>", into = "Option<Agent>")]
pub enum Assignee {
    /// Never recorded.
    #[default]
    Unknown,
    /// Nobody is assigned: recorded as `null`.
    Nobody,
    /// An agent.
    Agent(Agent),
}

impl Assignee {
    /// The agent, if there is one.
    pub fn agent(&self) -> Option<&Agent> {
        match self {
            Self::Agent(agent) => Some(agent),
            Self::Unknown | Self::Nobody => None,
        }
    }

    /// Whether it was never recorded.
    pub fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }
}

impl From<Option<Agent>> for Assignee {
    fn from(recorded: Option<Agent>) -> Self {
        recorded.map_or(Self::Nobody, Self::Agent)
    }
}

impl From<Assignee> for Option<Agent> {
    fn from(assignee: Assignee) -> Self {
        match assignee {
            Assignee::Agent(agent) => Some(agent),
            Assignee::Unknown | Assignee::Nobody => None,
        }
    }
}

fn read_time_zone<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<TimeZoneName>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    Ok(name.and_then(|name| TimeZoneName::parse(&name).ok()))
}

fn read_language<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Language>, D::Error> {
    let tag = Option::<String>::deserialize(deserializer)?;
    Ok(tag.and_then(|tag| Language::closest(&tag)))
}

/// The last write that changed the public part of a conversation's thread, and one message of that
/// write.
///
/// It is part of that write's transaction. So it changes whenever a public message is recorded,
/// edited or made private. If a thread was read at the same time as its conversation, this shows
/// whether the thread is as new: it must contain that message as this write left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadVersion {
    /// The random id of the write.
    pub write: String,
    /// The message of the write that comes first in the thread, by [`key::place_in_thread`].
    ///
    /// [`key::place_in_thread`]: crate::key::place_in_thread
    pub message: String,
    /// Whether the write left everything that it changed public. If it made a message private, no
    /// message shows whether a thread includes the write.
    pub is_public: bool,
}

/// The conversation's copy of its current rating request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentRequest {
    /// Which request it is.
    pub id: RatingRequestId,
    /// When it was made.
    pub requested_at: Timestamp,
    /// Who asked.
    pub agent: Agent,
    /// When it was withdrawn, because the conversation was reopened before the visitor answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
    /// When an unanswered request expires, in epoch seconds. `None` means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

/// The conversation's copy of its newest rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationRating {
    /// The request that it answers.
    #[serde(rename = "request_id")]
    pub rating_request_id: RatingRequestId,
    /// The score.
    pub score: Score,
    /// The visitor's comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// When it was first answered.
    pub rated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use dynamodb::{Item, string};
    use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

    use super::*;

    fn conversation() -> ConversationItem {
        ConversationItem::new(
            Channel::widget(),
            ConversationStatus::Open,
            VisitorSecret::from_bytes([7; 32]),
            UniqueId::from_bytes([7; 16]),
            Timestamp::EPOCH,
        )
    }

    fn read(item: &Item) -> ConversationItem {
        from_item(item.clone()).unwrap()
    }

    #[test]
    fn an_assignee_reads_back_as_it_was_written() {
        let agent = Agent {
            id: AgentId::parse("kim").unwrap(),
            name: None,
        };
        for (assignee, is_written) in [
            (Assignee::Unknown, false),
            (Assignee::Nobody, true),
            (Assignee::Agent(agent), true),
        ] {
            let written = ConversationItem {
                assignee: assignee.clone(),
                ..conversation()
            };
            let item: Item = to_item(&written).unwrap();
            assert_eq!(item.contains_key("assignee"), is_written, "{assignee:?}");
            assert_eq!(read(&item).assignee, assignee);
        }
    }

    #[test]
    fn a_time_zone_or_language_that_is_no_longer_accepted_does_not_make_an_item_unreadable() {
        let mut item: Item = to_item(conversation()).unwrap();
        item.insert("visitor_time_zone".to_owned(), string("Mars/Olympus"));
        for (recorded, tag) in [("pt-BR-BR", Some("pt-BR")), ("english", None)] {
            item.insert("visitor_language".to_owned(), string(recorded));
            let read = read(&item);
            assert_eq!(read.visitor_time_zone, None);
            let language = read.visitor_language.as_ref();
            assert_eq!(language.map(Language::as_str), tag, "{recorded}");
        }
    }
}
