//! `POST /v1/conversations/{conversation_id}/rating-requests`: an agent asks the visitor for a
//! rating, at most once in 7 days in one conversation.

mod write;

use serde_json::json;
use shared::api::{
    Answer, Call, Failure, Fields, Fingerprint, Function, RateLimit, Refusal, RefusalCode, Tenancy,
    named_agent,
};
use shared::domain::{
    ASK_INTERVAL_SECONDS, Agent, Channel, ConversationId, OrganisationId, RatingRequestId,
    Timestamp, UniqueId,
};
use shared::environment::{Environment, EnvironmentError};
use shared::table::{RatingRequestItem, Table};

use crate::write::Asked;

const LIMIT: RateLimit = RateLimit {
    policy: "rating-requests",
    quota: 1,
    window_seconds: ASK_INTERVAL_SECONDS,
};

/// The function.
#[derive(Clone, Debug)]
pub struct AskRating {
    table: Table,
    tenancy: Tenancy,
}

/// An agent's asking, decoded.
#[derive(Debug)]
struct Ask {
    organisation: OrganisationId,
    conversation: ConversationId,
    agent: Agent,
    /// Random, or derived from the idempotency key.
    request_id: RatingRequestId,
    /// What the idempotency key stands for; `None` where there is no key.
    payload_fingerprint: Option<String>,
    now: Timestamp,
}

impl AskRating {
    /// The function as the environment wires it.
    ///
    /// # Errors
    /// Where a variable is missing or breaks its rule.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenancy: Tenancy::from_environment(environment)?,
        })
    }

    fn decode(&self, call: &Call) -> Result<Ask, Failure> {
        let caller = self.tenancy.agent_caller(call)?;
        let conversation = call.path_parameter("conversation_id", ConversationId::parse)?;
        let key = call.idempotency_key()?;
        let mut body = Fields::of_optional_body(call.body())?;
        let named = named_agent(&mut body)?;
        body.finish()?;
        let payload_fingerprint = key.as_ref().map(|_| Fingerprint::of(&named)).transpose()?;
        let agent = caller.agent(named)?;
        let id = key.map_or_else(UniqueId::random, |key| {
            key.record_id(
                "rating-request",
                &caller.organisation,
                &conversation,
                &agent.id,
            )
        });
        Ok(Ask {
            organisation: caller.organisation,
            conversation,
            agent,
            request_id: id.into(),
            payload_fingerprint,
            now: call.now(),
        })
    }
}

impl Function for AskRating {
    async fn answer(&self, call: Call) -> Result<Answer, Failure> {
        let ask = self.decode(&call)?;
        match self.write(&ask).await? {
            Asked::Made(request) => Ok(describe(&ask, &request)),
            Asked::MadeBefore(request) => Ok(describe(&ask, &request).replayed()),
            Asked::OtherPayload => Err(Refusal::idempotency_key_reused().into()),
            Asked::NoConversation => Err(Refusal::conversation_not_found().into()),
            Asked::OtherChannel(channel) => Err(refuse_channel(&channel).into()),
            Asked::TooSoon { opens_at } => Err(refuse_until(opens_at, ask.now).into()),
        }
    }
}

fn describe(ask: &Ask, request: &RatingRequestItem) -> Answer {
    Answer::created(json!({
        "rating_request": {
            "id": request.request_id,
            "conversation_id": ask.conversation,
            "agent_id": request.agent.id,
            "requested_at": request.requested_at,
            "next_request_at": request.next_request_at,
        }
    }))
}

fn refuse_channel(channel: &Channel) -> Refusal {
    Refusal::new(
        RefusalCode::ChannelNotSupported,
        "Visitors can be asked for a rating in the chat widget only.",
    )
    .with_member("channel", channel)
    .with_member("presentation", channel.presentation())
}

fn refuse_until(opens_at: Timestamp, now: Timestamp) -> Refusal {
    Refusal::new(
        RefusalCode::RatingAlreadyRequested,
        "The agent asked in this conversation within the last 7 days.",
    )
    .with_member("available_at", opens_at)
    .with_rate_limit(&LIMIT, now, opens_at)
}
