//! Mails the faces of a rating request that has no answer, if the settings say so.

use domain::{RatingRequestId, Timestamp, UniqueId};
use dynamodb::get_unexpired;
use errors::Fault;
use futures_util::FutureExt;
use lambda::events::{EventInvocation, EventOutcome};
use lambda::random;
use settings::Settings;
use store::{
    ConversationItem, ConversationRef, MailLink, RatingRequestItem, get_conversation, key,
};
use transcripts::{NotSent, Payload, Purpose, RatingMail, RequestedBy, TranscriptRequest};

use crate::FollowUp;
use crate::due::Due;

/// How often the decision is made again because the conversation changed before the write.
const RETRIES: u32 = 5;

impl FollowUp {
    /// Mails the faces, once. The reservation checks that the request is still the current one and not
    /// answered.
    pub(crate) async fn mail_faces(
        &self,
        due: &Due,
        rating_request_id: &RatingRequestId,
        invocation: &EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        let now = invocation.now;
        let Due {
            organisation,
            conversation_id,
            ..
        } = due;
        let request_key = key::rating_request(organisation, conversation_id, rating_request_id);
        for _ in 0..=RETRIES {
            let (conversation, request, settings) = tokio::try_join!(
                get_conversation(
                    &self.table,
                    ConversationRef::new(organisation, conversation_id, now)
                ),
                get_unexpired::<RatingRequestItem>(&self.table, request_key.clone(), now),
                self.settings.read(&self.table, organisation, now),
            )?;
            let (Some(conversation), Some(request)) = (conversation, request) else {
                return Ok(EventOutcome::unchanged("no_rating_request"));
            };
            let mail = match self.mail(due, &conversation, request, &settings, now)? {
                Ok(mail) => mail,
                Err(reason) => return Ok(EventOutcome::unchanged(reason)),
            };
            match self.sender.send(mail).boxed().await {
                Ok(sent) if sent.is_replay => return Ok(EventOutcome::unchanged("already_sent")),
                Ok(_) => return Ok(EventOutcome::applied("faces_mailed")),
                Err(NotSent::DecideAgain) => {}
                Err(NotSent::Failed(failure)) => {
                    return self.after_failure(due, failure, invocation).await;
                }
            }
        }
        Err(Fault::contended(
            "a conversation changed in every attempt to mail the faces of its rating request",
        ))
    }

    /// The mail of `request`, or the reason why there is none.
    fn mail(
        &self,
        due: &Due,
        conversation: &ConversationItem,
        request: RatingRequestItem,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<Result<TranscriptRequest, &'static str>, Fault> {
        if settings.asking.mail_if_unanswered_after_hours.is_none() {
            return Ok(Err("rule_disabled"));
        }
        if request.answer.is_some() {
            return Ok(Err("answered"));
        }
        let open = conversation.open_request(now);
        if open.is_none_or(|open| open.id != request.rating_request_id) {
            return Ok(Err("not_answerable"));
        }
        let mail_id = mail_id(due, &request.rating_request_id);
        let link = match request.link {
            // The transcript that asked contained the faces.
            Some(_) if !request.unmailed && !request.is_mailed_by_rule => {
                return Ok(Err("already_mailed"));
            }
            Some(link) if link.expires_at > now => link,
            _ => MailLink::new(random::visitor_secret(), now),
        };
        let Some(sender) = self.sender.automatic_sender(settings)? else {
            return Ok(Err("no_sender"));
        };
        Ok(Ok(TranscriptRequest {
            organisation: due.organisation.clone(),
            conversation: due.conversation_id.clone(),
            purpose: Purpose::Send,
            requested_by: RequestedBy::Rule,
            agent: request.agent,
            payload: Payload::to_visitor(sender.address, sender.name),
            id: mail_id.into(),
            attempt: random::unique_id(),
            rating_request: None,
            // It makes the request repeatable. The settings may change between two attempts.
            payload_fingerprint: Some("rule".to_owned()),
            rating_mail: Some(RatingMail {
                rating_request_id: request.rating_request_id,
                link,
                origin: self.api_url.clone(),
            }),
            round: None,
            now,
        }))
    }
}

/// The id of the mail. It is always the same for one rating request, so that it is sent once.
fn mail_id(due: &Due, request: &RatingRequestId) -> UniqueId {
    UniqueId::derived_from(&[
        "faces-by-rule",
        due.organisation.as_str(),
        due.conversation_id.as_str(),
        request.as_str(),
    ])
}
