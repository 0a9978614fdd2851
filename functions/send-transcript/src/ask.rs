use shared::api::{Failure, RefusalCode};
use shared::asking::Ask;
use shared::table::{AskRefusal, AskedInMail, RatingRequestSummary};

use crate::SendTranscript;
use crate::prepare::Draft;
use crate::request::TranscriptRequest;

impl SendTranscript {
    /// Asks for a rating beneath the transcript, where that is wished for: the same asking as in
    /// the chat, by the same gate. What refuses it does not stop the transcript, unless the
    /// conversation is gone by now.
    pub(crate) async fn ask_beneath(
        &self,
        request: &TranscriptRequest,
        draft: &mut Draft,
    ) -> Result<(), Failure> {
        let Some(asking) = &request.asking else {
            return Ok(());
        };
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
        draft.transcript.rating_request = Some(match asked {
            Ok(made) => {
                // A try before this one made the request and sent no mail: its link is the one.
                if made.is_replay {
                    self.redraft(request, draft, made.request.link.as_ref())?;
                }
                let conversation = request.conversation.clone();
                AskedInMail::Made(RatingRequestSummary::new(conversation, &made.request))
            }
            Err(refusal) if refusal.code() == RefusalCode::ConversationNotFound => {
                return Err(refusal.into());
            }
            Err(refusal) => {
                self.redraft(request, draft, None)?;
                let code = refusal.code().as_str().to_owned();
                AskedInMail::Refused {
                    refused: AskRefusal { code },
                }
            }
        });
        Ok(())
    }
}
