use shared::api::{Failure, RefusalCode};
use shared::asking::Ask;
use shared::domain::MailLinkToken;
use shared::fault::Fault;
use shared::table::{AskRefusal, AskedInMail, MailLink, RatingRequestSummary, TranscriptItem};

use crate::SendTranscript;
use crate::prepare::Draft;
use crate::request::{Asking, TranscriptRequest};
use crate::settings::PublicUrl;
use transcript_mail::{RatingLinks, TranscriptMail};

/// A transcript that is sent next.
#[derive(Debug)]
pub(crate) struct Letter {
    /// As it is written down.
    pub(crate) item: TranscriptItem,
    /// As it is mailed.
    pub(crate) mail: TranscriptMail,
}

impl SendTranscript {
    /// Asks for a rating beneath the transcript, where that is wished for, and finishes the mail.
    pub(crate) async fn finish(
        &self,
        request: &TranscriptRequest,
        draft: Draft,
    ) -> Result<Letter, Failure> {
        let Draft {
            mut item,
            transcript,
        } = draft;
        let links = match &request.asking {
            Some(asking) => self.ask_beneath(request, asking, &mut item).await?,
            None => None,
        };
        let mail = transcript
            .into_mail(&self.settings.letterhead, links.as_ref())
            .map_err(|_| Fault::internal("the mail's template cannot be written out"))?;
        Ok(Letter { item, mail })
    }

    /// Asks for a rating: the same asking as in the chat, by the same gate. What refuses it does not
    /// stop the transcript, unless the conversation is gone by now. Returns where the faces lead.
    async fn ask_beneath(
        &self,
        request: &TranscriptRequest,
        asking: &Asking,
        item: &mut TranscriptItem,
    ) -> Result<Option<RatingLinks>, Failure> {
        let ask = Ask {
            organisation: request.organisation.clone(),
            conversation: request.conversation.clone(),
            agent: request.agent.clone(),
            request_id: asking.request_id.clone(),
            // The id says it all: a try that sent no mail is forgotten, and the next one under its
            // key may have another sender. It asks for the same rating all the same.
            payload_fingerprint: Some(request.id.as_str().to_owned()),
            link: Some(asking.link.clone()),
            visitor_interval: self.settings.visitor_interval,
            report_time_zone: self.settings.report_time_zone.clone(),
            now: request.now,
        };
        let asked = ask.make(&self.table).await?.into_request(request.now);
        let (answer, link) = match asked {
            Ok(made) => {
                let conversation = request.conversation.clone();
                let summary = RatingRequestSummary::new(conversation, &made.request);
                // Where a try before this one made the request and sent no mail, its link is the
                // one.
                let link = match made.is_replay {
                    true => made.request.link,
                    false => Some(asking.link.clone()),
                };
                (AskedInMail::Made(summary), link)
            }
            Err(refusal) if refusal.code() == RefusalCode::ConversationNotFound => {
                return Err(refusal.into());
            }
            Err(refusal) => {
                let code = refusal.code().as_str().to_owned();
                let refused = AskRefusal { code };
                (AskedInMail::Refused { refused }, None)
            }
        };
        item.rating_request = Some(answer);
        Ok(link.and_then(|link| self.links(request, asking, link)))
    }

    /// Where the faces lead: the page of the parameter's address, or where the request came to.
    fn links(
        &self,
        request: &TranscriptRequest,
        asking: &Asking,
        link: MailLink,
    ) -> Option<RatingLinks> {
        let token = MailLinkToken {
            organisation: request.organisation.clone(),
            conversation: request.conversation.clone(),
            request: asking.request_id.clone(),
            secret: link.secret,
        };
        let configured = self.settings.public_url.as_ref().map(PublicUrl::as_str);
        configured
            .or(asking.origin.as_deref())
            .map(|origin| RatingLinks::new(origin, &token))
    }
}
