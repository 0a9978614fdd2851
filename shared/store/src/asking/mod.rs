//! An agent's asking for a rating: at most once in 7 days in one conversation, whether it is asked
//! in the chat or beneath a transcript.

mod gates;
mod write;

use domain::{
    ASK_INTERVAL_SECONDS, Agent, Channel, ConversationId, OrganisationId, RatingRequestId,
    ReportTimeZone, Timestamp, VisitorAskInterval,
};
use errors::{Failure, Fault, RateLimit, Refusal, RefusalCode};

use crate::prepared_from::PreparedFrom;
use crate::rating_request::{MailLink, RatingRequestItem};

pub use gates::{ClosedGate, Gates, gated_visitor, read_gates, read_visitor_gate};

const LIMIT: RateLimit = RateLimit {
    policy: "rating-requests",
    quota: 1,
    window_seconds: ASK_INTERVAL_SECONDS,
};

/// An asking, decoded.
#[derive(Debug)]
pub struct Ask {
    /// The tenant.
    pub organisation: OrganisationId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// Who asks.
    pub agent: Agent,
    /// Random, or derived from the idempotency key.
    pub request_id: RatingRequestId,
    /// What the idempotency key stands for; `None` where there is no key.
    pub payload_fingerprint: Option<String>,
    /// What a link in a mail answers with; `None` where the visitor is asked in the chat alone.
    pub link: Option<MailLink>,
    /// How long a visitor who was asked is left in peace.
    pub visitor_interval: VisitorAskInterval,
    /// What days the report has.
    pub report_time_zone: ReportTimeZone,
    /// What the mail beneath which it is asked is prepared from; `None` in the chat.
    pub prepared_from: Option<PreparedFrom>,
    /// When it is asked.
    pub now: Timestamp,
}

/// What became of an asking.
#[derive(Debug)]
pub enum Asked {
    /// The request was made: 201.
    Made(RatingRequestItem),
    /// The same idempotency key made it before: the same 201.
    MadeBefore(RatingRequestItem),
    /// The idempotency key came before with another payload: 422.
    OtherPayload,
    /// There is no such conversation: 404.
    NoConversation,
    /// A visitor on this channel can't be asked: 409.
    OtherChannel(Channel),
    /// The agent asked within the interval, 429, or someone asked the visitor: 409.
    TooSoon {
        /// The gate that refuses it.
        closed: ClosedGate,
        /// The agent's own request, if that is what refuses it.
        by: Option<RatingRequestId>,
    },
    /// The conversation is not what [`Ask::prepared_from`] says any more.
    ConversationChanged,
}

/// A rating request that stands.
#[derive(Debug)]
pub struct StandingRequest {
    /// The request.
    pub request: RatingRequestItem,
    /// Whether an earlier repeat of this asking made it.
    pub is_replay: bool,
}

impl Asked {
    /// The request that stands now, or why there is none.
    ///
    /// # Errors
    /// Each of the refusals that the variants name.
    pub fn into_request(self, now: Timestamp) -> Result<StandingRequest, Failure> {
        match self {
            Self::Made(request) => Ok(StandingRequest {
                request,
                is_replay: false,
            }),
            Self::MadeBefore(request) => Ok(StandingRequest {
                request,
                is_replay: true,
            }),
            Self::OtherPayload => Err(Refusal::idempotency_key_reused().into()),
            Self::NoConversation => Err(Refusal::conversation_not_found().into()),
            Self::OtherChannel(channel) => Err(refuse_channel(&channel).into()),
            Self::TooSoon { closed, .. } => Err(match closed {
                ClosedGate::Agent { opens_at } => refuse_agent(opens_at, now).into(),
                ClosedGate::Visitor { opens_at } => refuse_visitor(opens_at).into(),
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

fn refuse_visitor(opens_at: Timestamp) -> Refusal {
    Refusal::new(
        RefusalCode::VisitorAskedRecently,
        "The visitor was asked for a rating not long ago.",
    )
    .with_member("available_at", opens_at)
}

fn refuse_agent(opens_at: Timestamp, now: Timestamp) -> Refusal {
    Refusal::new(
        RefusalCode::RatingAlreadyRequested,
        "The agent asked in this conversation within the last 7 days.",
    )
    .with_member("available_at", opens_at)
    .with_rate_limit(&LIMIT, now, opens_at)
}
