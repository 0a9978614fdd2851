use domain::{ASK_INTERVAL_SECONDS, Channel, RatingRequestId, Timestamp};
use errors::{Failure, Fault, RateLimit, Refusal, RefusalCode};

use crate::rating_request::RatingRequestItem;
use crate::rating_request_creation::cooldowns::ActiveCooldown;

const LIMIT: RateLimit = RateLimit {
    policy: "rating-requests",
    quota: 1,
    window_seconds: ASK_INTERVAL_SECONDS,
};

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
        /// The active cooldown that ends last.
        active: ActiveCooldown,
        /// The agent's own request that started the cooldown; `None` if another request started it.
        by: Option<RatingRequestId>,
    },
    /// The conversation no longer has the state that [`NewRatingRequest::snapshot`] and
    /// [`NewRatingRequest::round`] require, or a rating was requested in that round.
    ///
    /// [`NewRatingRequest::snapshot`]: crate::rating_request_creation::NewRatingRequest::snapshot
    /// [`NewRatingRequest::round`]: crate::rating_request_creation::NewRatingRequest::round
    ConversationChanged,
}

/// A rating request that exists after the call.
#[derive(Debug)]
pub struct CreatedRequest {
    /// The request as it is stored.
    pub request: RatingRequestItem,
    /// Whether an earlier request with the same idempotency key created it.
    pub is_replay: bool,
}

impl CreateOutcome {
    /// The request, or the reason why there is none. `now` is the time of the caller's request.
    ///
    /// # Errors
    /// The refusal that the variant names. A changed conversation is a fault, because a retry may
    /// succeed.
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
            Self::ConversationChanged => Err(Fault::contended(
                "a conversation changed after the mail with its rating request was prepared",
            )
            .into()),
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
        "The visitor was asked for a rating recently.",
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

#[cfg(test)]
mod tests {
    use errors::FaultCode;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_epoch_seconds(seconds).unwrap()
    }

    fn refusal(outcome: CreateOutcome) -> Refusal {
        match outcome.into_request(at(0)) {
            Err(Failure::Refused(refusal)) => refusal,
            other => panic!("not a refusal: {other:?}"),
        }
    }

    #[test]
    fn each_outcome_without_a_request_has_its_own_refusal() {
        let agent = ActiveCooldown::Agent {
            available_at: at(60),
        };
        let visitor = ActiveCooldown::Visitor {
            available_at: at(60),
        };
        let on_cooldown = |active| CreateOutcome::OnCooldown { active, by: None };
        let voice = Channel::parse("voice").unwrap();
        for (outcome, code) in [
            (CreateOutcome::PayloadMismatch, "idempotency_key_reused"),
            (
                CreateOutcome::ConversationNotFound,
                "conversation_not_found",
            ),
            (
                CreateOutcome::ChannelNotSupported(voice),
                "channel_not_supported",
            ),
            (on_cooldown(agent), "rating_already_requested"),
            (on_cooldown(visitor), "visitor_asked_recently"),
        ] {
            assert_eq!(refusal(outcome).code().as_str(), code);
        }
    }

    #[test]
    fn an_agent_on_cooldown_gets_the_time_at_which_asking_is_possible() {
        let refusal = refusal(CreateOutcome::OnCooldown {
            active: ActiveCooldown::Agent {
                available_at: at(60),
            },
            by: None,
        });
        let retry_after = ("retry-after", "60".to_owned());
        assert!(refusal.headers().contains(&retry_after));
        let (name, value) = &refusal.members()[0];
        assert_eq!(
            (*name, value.as_str()),
            ("available_at", Some("1970-01-01T00:01:00.000Z"))
        );
    }

    #[test]
    fn a_visitor_on_cooldown_gets_no_retry_after() {
        let active = ActiveCooldown::Visitor {
            available_at: at(60),
        };
        let refusal = refusal(CreateOutcome::OnCooldown { active, by: None });
        assert!(refusal.headers().is_empty());
    }

    #[test]
    fn a_conversation_that_kept_changing_is_a_fault_that_can_be_retried() {
        match CreateOutcome::ConversationChanged.into_request(at(0)) {
            Err(Failure::Faulted(fault)) => {
                assert_eq!(fault.code(), FaultCode::StorageUnavailable);
            }
            other => panic!("not a fault: {other:?}"),
        }
    }
}
