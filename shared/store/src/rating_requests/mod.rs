//! Creating a rating request, in the chat or with a transcript. An agent can ask in a conversation
//! at most once in 7 days.

mod cooldowns;
mod create;

use domain::{
    ASK_INTERVAL_SECONDS, Agent, Channel, ConversationId, OrganisationId, RatingRequestId,
    ReportTimeZone, Timestamp, VisitorAskInterval,
};
use errors::{Failure, Fault, RateLimit, Refusal, RefusalCode};

use crate::prepared_from::PreparedFrom;
use crate::rating_request::{MailLink, RatingRequestItem};

pub use cooldowns::{
    ActiveCooldown, Cooldowns, read_cooldowns, read_visitor_cooldown, visitor_with_cooldown,
};

const LIMIT: RateLimit = RateLimit {
    policy: "rating-requests",
    quota: 1,
    window_seconds: ASK_INTERVAL_SECONDS,
};

/// A rating request that is to be created.
#[derive(Debug)]
pub struct NewRatingRequest {
    /// The tenant.
    pub organisation: OrganisationId,
    /// The conversation in which the agent asks.
    pub conversation: ConversationId,
    /// The agent who asks.
    pub agent: Agent,
    /// The id: random, or derived from the idempotency key.
    pub rating_request_id: RatingRequestId,
    /// The fingerprint of the payload under the idempotency key; `None` without a key.
    pub payload_fingerprint: Option<String>,
    /// The credential of the links in a mail; `None` if the visitor is asked in the chat only.
    pub link: Option<MailLink>,
    /// How long the cooldown of a visitor is.
    pub visitor_interval: VisitorAskInterval,
    /// The time zone of the report's days.
    pub report_time_zone: ReportTimeZone,
    /// The state of the conversation from which the mail is prepared; `None` in the chat.
    pub prepared_from: Option<PreparedFrom>,
    /// When the agent asks.
    pub now: Timestamp,
}

/// The outcome of creating a rating request.
#[derive(Debug)]
pub enum CreateOutcome {
    /// The request was created: 201.
    Created(RatingRequestItem),
    /// An earlier request with the same idempotency key created it: the same 201.
    Replayed(RatingRequestItem),
    /// The idempotency key was used with another payload: 422.
    PayloadMismatch,
    /// The conversation does not exist: 404.
    ConversationNotFound,
    /// Visitors on this channel cannot be asked: 409.
    ChannelNotSupported(Channel),
    /// A cooldown is active: 429 for the agent's, 409 for the visitor's.
    OnCooldown {
        /// The cooldown.
        active: ActiveCooldown,
        /// The agent's own request that started it.
        by: Option<RatingRequestId>,
    },
    /// The conversation no longer has the state that [`NewRatingRequest::prepared_from`] requires.
    ConversationChanged,
}

/// A rating request that exists after the call.
#[derive(Debug)]
pub struct CreatedRequest {
    /// The request.
    pub request: RatingRequestItem,
    /// Whether an earlier request with the same idempotency key created it.
    pub is_replay: bool,
}

impl CreateOutcome {
    /// The request, or the reason why there is none.
    ///
    /// # Errors
    /// The refusal that the variant names.
    pub fn into_request(self, now: Timestamp) -> Result<CreatedRequest, Failure> {
        match self {
            Self::Created(request) => Ok(CreatedRequest {
                request,
                is_replay: false,
            }),
            Self::Replayed(request) => Ok(CreatedRequest {
                request,
                is_replay: true,
            }),
            Self::PayloadMismatch => Err(Refusal::idempotency_key_reused().into()),
            Self::ConversationNotFound => Err(Refusal::conversation_not_found().into()),
            Self::ChannelNotSupported(channel) => Err(refuse_channel(&channel).into()),
            Self::OnCooldown { active, .. } => Err(match active {
                ActiveCooldown::Agent { available_at } => refuse_agent(available_at, now).into(),
                ActiveCooldown::Visitor { available_at } => refuse_visitor(available_at).into(),
            }),
            Self::ConversationChanged => {
                Err(Fault::contended("a conversation kept changing").into())
            }
        }
    }
}

fn refuse_channel(channel: &Channel) -> Refusal {
    Refusal::new(
        RefusalCode::ChannelNotSupported,
        "Visitors can be asked for a rating in the chat widget only.",
    )
    .with_member("channel", channel)
    .with_member("presentation", channel.presentation())
}

fn refuse_visitor(available_at: Timestamp) -> Refusal {
    Refusal::new(
        RefusalCode::VisitorAskedRecently,
        "The visitor was asked for a rating not long ago.",
    )
    .with_member("available_at", available_at)
}

fn refuse_agent(available_at: Timestamp, now: Timestamp) -> Refusal {
    Refusal::new(
        RefusalCode::RatingAlreadyRequested,
        "The agent asked in this conversation within the last 7 days.",
    )
    .with_member("available_at", available_at)
    .with_rate_limit(&LIMIT, now, available_at)
}
