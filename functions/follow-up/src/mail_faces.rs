//! Mails the faces of a rating request that has no answer, if the settings say so.

use domain::{RatingRequestId, Timestamp, UniqueId};
use dynamodb::get_unexpired;
use errors::Fault;
use lambda::events::{EventInvocation, EventOutcome};
use lambda::random;
use settings::Settings;
use store::{
    ConversationItem, ConversationRef, MailLink, RatingRequestItem, get_conversation, key,
};
use transcripts::{RatingMail, TranscriptRequest};

use crate::due::Due;
use crate::mail_by_rule::transcript_by_rule;
use crate::{FollowUp, RETRIES};

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
        let conversation_ref = ConversationRef::new(organisation, conversation_id, now);
        let mut is_platform_read = false;
        for _ in 0..=RETRIES {
            let (conversation, request, settings) = tokio::try_join!(
                get_conversation(&self.table, conversation_ref),
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
            let sent =
                self.send_by_rule(due, mail, "faces_mailed", &mut is_platform_read, invocation);
            if let Some(outcome) = sent.await? {
                return Ok(outcome);
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
        if request.survey_closes_at.is_some_and(|closes| closes > now) {
            return Ok(Err("platform_survey_open"));
        }
        let open = conversation.open_request(now);
        if open.is_none_or(|open| open.id != request.rating_request_id) {
            return Ok(Err("not_answerable"));
        }
        if request.is_in_transcript() {
            return Ok(Err("already_mailed"));
        }
        let link = match request.link {
            Some(link) if link.expires_at > now => link,
            _ => MailLink::new(random::visitor_secret(), now),
        };
        let Some(sender) = self.sender.automatic_sender(settings)? else {
            return Ok(Err("no_sender"));
        };
        let id = mail_id(due, &request.rating_request_id);
        Ok(Ok(TranscriptRequest {
            rating_mail: Some(RatingMail {
                rating_request_id: request.rating_request_id,
                link,
                origin: self.api_url.clone(),
            }),
            ..transcript_by_rule(due, request.agent, sender, id, now)
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
