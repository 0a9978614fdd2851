use std::collections::BTreeSet;

use domain::{
    Agent, AgentId, Channel, ConversationStatus, EmailAddress, EntryId, Group, Labels, Language,
    PersonName, ResolvedBy, Retention, RoundId, TimeZoneName, Timestamp, UniqueId, Visitor,
    VisitorHash, VisitorSecret,
};
use serde::{Deserialize, Deserializer, Serialize};

use crate::conversation_rating::ConversationRating;
use crate::current_request::CurrentRequest;
use crate::detail::Detail;
use crate::rating_answer::changeable_until;
use crate::thread_version::ThreadVersion;

/// What [`ConversationItem::asked_in_round`] contains if the conversation was in no round. A round's id
/// is random, so that it never equals this.
pub const NO_ROUND: &str = "none";

/// A conversation. The visitor's fields are top-level attributes, so that one update can merge
/// them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConversationItem {
    /// The channel of the chat, such as `widget`.
    pub channel: Channel,
    /// Whether it is open or resolved.
    pub status: ConversationStatus,
    /// The visitor's name, as the platform last sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_name: Option<PersonName>,
    /// The visitor's e-mail address, as the platform last sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_email: Option<EmailAddress>,
    /// The visitor's time zone. `None` also if the time zone database no longer has the recorded
    /// one.
    #[serde(
        default,
        deserialize_with = "read_time_zone",
        skip_serializing_if = "Option::is_none"
    )]
    pub visitor_time_zone: Option<TimeZoneName>,
    /// The visitor's language. A malformed tag that a former version recorded is read as the
    /// closest well-formed one.
    #[serde(
        default,
        deserialize_with = "read_language",
        skip_serializing_if = "Option::is_none"
    )]
    pub visitor_language: Option<Language>,
    /// The agent who is assigned to it.
    #[serde(default, skip_serializing_if = "Detail::is_unknown")]
    pub assignee: Detail<Agent>,
    /// The inbox on the chat platform in which it is.
    #[serde(default, skip_serializing_if = "Detail::is_unknown")]
    pub inbox: Detail<Group>,
    /// The team on the chat platform to which it belongs.
    #[serde(default, skip_serializing_if = "Detail::is_unknown")]
    pub team: Detail<Group>,
    /// The labels that the chat platform put on it.
    #[serde(default, skip_serializing_if = "Detail::is_unknown")]
    pub labels: Detail<Labels>,
    /// Who or what ended the chat, if it is resolved and the platform said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_by: Option<ResolvedBy>,
    /// The current round, if it is resolved. A former version resolves conversations without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<RoundId>,
    /// When the current round began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// The round in which a rating was last requested, or [`NO_ROUND`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_in_round: Option<RoundId>,
    /// The event of the mail that was given up last; `None` if none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_up: Option<EntryId>,
    /// The number of public messages of the visitor. `None` if a former version created the
    /// conversation and no message was recorded since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_messages: Option<i64>,
    /// The number of public messages of agents, as for the visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_messages: Option<i64>,
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
    /// The newest rating. It may answer a superseded request.
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
    /// The condition that a conversation exists at `:now`, in epoch seconds: it was neither erased
    /// (an erased conversation has no channel) nor has it expired.
    pub const EXISTS: &str = "attribute_exists(channel) \
        AND (attribute_not_exists(expires_at) OR expires_at > :now)";

    /// A conversation that is first recorded at `now`, by the recording with this `id`. It has no
    /// visitor, assignee or rating request yet.
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
            assignee: Detail::Unknown,
            inbox: Detail::Unknown,
            team: Detail::Unknown,
            labels: Detail::Unknown,
            resolved_by: None,
            round: None,
            resolved_at: None,
            asked_in_round: None,
            given_up: None,
            visitor_messages: Some(0),
            agent_messages: Some(0),
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

    /// When the conversation expires after a write at `now`, in epoch seconds: the later of its own
    /// expiry and the write's. `None` means never.
    pub fn expiry_after_write(&self, retention: Retention, now: Timestamp) -> Option<i64> {
        let new = retention.expires_at(now)?;
        self.expires_at.map(|old| old.max(new))
    }

    /// Whether a write at `now` gives the conversation a later expiry than a visitor's link to it
    /// has.
    pub fn outlives_visitor_links(&self, retention: Retention, now: Timestamp) -> bool {
        let expiry = self.expiry_after_write(retention, now);
        self.visitors_until
            .is_some_and(|until| expiry.is_none_or(|expiry| until < expiry))
    }

    /// The visitor's fields as one value.
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
                let is_ahead = |time: Option<i64>| time.is_none_or(|it| it > now.epoch_seconds());
                current.withdrawn_at.is_none()
                    && is_ahead(current.answerable_until)
                    && is_ahead(current.expires_at)
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

#[cfg(test)]
mod tests {
    use domain::Agent;
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
            (Detail::Unknown, false),
            (Detail::Removed, true),
            (Detail::Known(agent), true),
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

    #[test]
    fn visitor_links_that_expire_before_the_conversation_are_detected() {
        let day = 24 * 60 * 60;
        let one_day = Retention::parse("1").unwrap();
        for (expires_at, visitors_until, outlives) in [
            (None, None, false),
            (None, Some(i64::MAX), true),
            (Some(1), Some(day - 1), true),
            (Some(1), Some(day), false),
            (Some(day * 2), Some(day), true),
            (Some(day * 2), None, false),
        ] {
            let existing = ConversationItem {
                expires_at,
                visitors_until,
                ..conversation()
            };
            let found = existing.outlives_visitor_links(one_day, Timestamp::EPOCH);
            assert_eq!(found, outlives, "{expires_at:?} {visitors_until:?}");
        }
    }
}
