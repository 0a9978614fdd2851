use domain::{
    ASK_INTERVAL_SECONDS, Agent, AskedBy, Channel, ConversationId, OrganisationId, RatingRequestId,
    ReportTimeZone, Timestamp, VisitorAskInterval,
};
use dynamodb::Key;

use crate::conversation_details::ConversationDetails;
use crate::conversation_ref::ConversationRef;
use crate::conversation_snapshot::ConversationSnapshot;
use crate::key;
use crate::outbox::EventSubject;
use crate::rating_request::{MailLink, RatingRequestItem};
use crate::round::OngoingRound;

/// A rating request that is to be created.
#[derive(Debug)]
pub struct NewRatingRequest {
    /// The tenant of the conversation.
    pub organisation: OrganisationId,
    /// The conversation in which the agent asks.
    pub conversation: ConversationId,
    /// The agent who asks for the rating.
    pub agent: Agent,
    /// The id of the request: random, or derived from the idempotency key.
    pub rating_request_id: RatingRequestId,
    /// The fingerprint of the payload under the idempotency key; `None` without a key.
    pub payload_fingerprint: Option<String>,
    /// The credential of the links in a mail; `None` if the visitor is asked in the chat only.
    pub link: Option<MailLink>,
    /// The length of a visitor's cooldown.
    pub visitor_interval: VisitorAskInterval,
    /// The time zone of the report's days.
    pub report_time_zone: ReportTimeZone,
    /// The state of the conversation from which the mail was prepared; `None` in the chat.
    pub snapshot: Option<ConversationSnapshot>,
    /// The round in which a rule asks; `None` if an agent asks.
    pub round: Option<OngoingRound>,
    /// The details of the conversation, if they are known already.
    pub details: Option<ConversationDetails>,
    /// When the request of the agent arrived.
    pub now: Timestamp,
}

impl NewRatingRequest {
    /// The item of the rating request, as it is stored when the agent asks.
    pub fn to_item(&self) -> RatingRequestItem {
        // The interval counts whole seconds, as the cooldown's expiry does.
        let available_at = self.now.epoch_seconds() + ASK_INTERVAL_SECONDS;
        let report_day = self.report_time_zone.day_of(self.now);
        RatingRequestItem {
            rating_request_id: self.rating_request_id.clone(),
            organisation: self.organisation.clone(),
            conversation_id: Some(self.conversation.clone()),
            agent: self.agent.clone(),
            asked_by: self.asked_by(),
            channel: Channel::widget(),
            requested_at: self.now,
            report_day,
            ratings_of: RatingRequestItem::ratings_index_partition(
                &self.organisation,
                report_day,
                &self.rating_request_id,
            ),
            next_request_at: Timestamp::from_epoch_seconds(available_at).unwrap_or(self.now),
            payload_fingerprint: self.payload_fingerprint.clone(),
            link: self.link.clone(),
            unmailed: false,
            may_be_mailed_by_rule: false,
            survey_closes_at: None,
            answer: None,
            answer_reasons: None,
            first_rated_at: None,
            rated_score: None,
            counted: None,
            counted_reasons: None,
            counted_by_rule: None,
            details: self.details.clone(),
            answerable_until: None,
            expires_at: None,
        }
    }

    /// Who or what asks.
    pub(super) fn asked_by(&self) -> AskedBy {
        match self.round {
            Some(_) => AskedBy::Rule,
            None => AskedBy::Agent,
        }
    }

    /// The key of the request's item.
    pub(super) fn key(&self) -> Key {
        key::rating_request(
            &self.organisation,
            &self.conversation,
            &self.rating_request_id,
        )
    }

    /// The conversation at the time at which the agent asks.
    pub(super) fn conversation_ref(&self) -> ConversationRef<'_> {
        ConversationRef::new(&self.organisation, &self.conversation, self.now)
    }

    /// The subject of the events of the request.
    pub(super) fn event_subject(&self) -> EventSubject {
        EventSubject::rating_request(
            &self.organisation,
            &self.conversation,
            &self.agent,
            &self.rating_request_id,
        )
    }
}
