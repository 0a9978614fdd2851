//! A mail that a rule sends to the visitor.

use domain::{Agent, Timestamp, UniqueId};
use errors::Fault;
use futures_util::FutureExt;
use lambda::events::{EventInvocation, EventOutcome};
use lambda::random;
use store::ConversationRef;
use transcripts::{AutomaticSender, NotSent, Payload, Purpose, RequestedBy, TranscriptRequest};

use crate::FollowUp;
use crate::due::Due;

impl FollowUp {
    /// Sends `mail`. The outcome of a mail that was sent is `sent`. Returns `None` if the rule must decide
    /// again: the conversation changed before the reservation, or it was read on its chat platform, which is
    /// done once, if `is_platform_read` is `false`.
    pub(crate) async fn send_by_rule(
        &self,
        due: &Due,
        mail: TranscriptRequest,
        sent: &'static str,
        is_platform_read: &mut bool,
        invocation: &EventInvocation,
    ) -> Result<Option<EventOutcome>, Fault> {
        if !std::mem::replace(is_platform_read, true) {
            let now = invocation.now;
            let conversation = ConversationRef::new(&due.organisation, &due.conversation_id, now);
            match self.sender.read_platform(conversation).await {
                Ok(true) => return Ok(None),
                Ok(false) => {}
                Err(fault) => {
                    let outcome = self.after_failure(due, fault.into(), invocation).await?;
                    return Ok(Some(outcome));
                }
            }
        }
        let outcome = match self.sender.send(mail).boxed().await {
            Ok(earlier) if earlier.is_replay => EventOutcome::unchanged("already_sent"),
            Ok(_) => EventOutcome::applied(sent),
            Err(NotSent::DecideAgain) => return Ok(None),
            Err(NotSent::Failed(failure)) => self.after_failure(due, failure, invocation).await?,
        };
        Ok(Some(outcome))
    }
}

/// The transcript of the conversation of `due`, on behalf of `agent`.
pub(crate) fn transcript_by_rule(
    due: &Due,
    agent: Agent,
    sender: AutomaticSender,
    id: UniqueId,
    now: Timestamp,
) -> TranscriptRequest {
    TranscriptRequest {
        organisation: due.organisation.clone(),
        conversation: due.conversation_id.clone(),
        purpose: Purpose::Send,
        requested_by: RequestedBy::Rule,
        agent,
        payload: Payload::to_visitor(sender.address, sender.name),
        id: id.into(),
        attempt: random::unique_id(),
        rating_request: None,
        // A retry is then a retry of the same request. The settings may change between two attempts.
        payload_fingerprint: Some("rule".to_owned()),
        rating_mail: None,
        round: None,
        now,
    }
}
