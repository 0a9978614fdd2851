use domain::{MailLinkToken, RatingRequestId};
use dynamodb::Table;
use errors::{Failure, Fault};
use store::{
    ConversationSnapshot, MailLink, RatingRequestInMail, RatingRequestRefusal,
    RatingRequestSummary, TranscriptItem,
};
use transcript_mail::{RatingLinks, TranscriptMail};

use crate::draft::Draft;
use crate::rating_request::{BeneathOutcome, create_or_reuse};
use crate::request::{RequestBeneath, TranscriptRequest};
use crate::settings::{PublicUrl, Settings};

/// An email that is ready to be sent.
#[derive(Debug)]
pub(crate) struct PreparedEmail {
    /// The transcript as it is stored.
    pub(crate) item: TranscriptItem,
    /// The contents of the mail.
    pub(crate) mail: TranscriptMail,
    /// The parts of the conversation that must be unchanged when the mail is sent.
    pub(crate) snapshot: ConversationSnapshot,
}

/// The outcome of finishing a transcript.
#[derive(Debug)]
pub(crate) enum Finished {
    /// The mail is complete and is sent next.
    PreparedEmail(Box<PreparedEmail>),
    /// The conversation changed after the transcript was prepared.
    ConversationChanged,
}

/// Creates the rating request beneath the transcript, if the caller asked for one, and finishes
/// the mail.
pub(crate) async fn finish(
    table: &Table,
    settings: &Settings,
    request: &TranscriptRequest,
    draft: Draft,
) -> Result<Finished, Failure> {
    let Draft {
        mut item,
        snapshot,
        transcript,
    } = draft;
    let mut links = None;
    if let Some(beneath) = &request.beneath {
        match create_or_reuse(table, settings, request, beneath, &snapshot).await? {
            BeneathOutcome::Made(made) => {
                let conversation = request.conversation.clone();
                let summary = RatingRequestSummary::new(conversation, &made);
                item.rating_request = Some(RatingRequestInMail::Created(summary));
                links = made.link.clone().and_then(|link| {
                    rating_links(settings, request, beneath, made.rating_request_id, link)
                });
            }
            BeneathOutcome::Refused(code) => {
                let refused = RatingRequestRefusal { code };
                item.rating_request = Some(RatingRequestInMail::Refused { refused });
            }
            BeneathOutcome::ConversationChanged => return Ok(Finished::ConversationChanged),
        }
    }
    let mail = transcript
        .into_mail(&settings.branding, &request.conversation, links.as_ref())
        .map_err(|_| Fault::internal("the mail's template cannot be rendered"))?;
    Ok(Finished::PreparedEmail(Box::new(PreparedEmail {
        item,
        mail,
        snapshot,
    })))
}

/// Returns the links of the faces. They open the page at [`Settings::public_url`], or else at
/// the origin to which the API request was sent.
fn rating_links(
    settings: &Settings,
    request: &TranscriptRequest,
    beneath: &RequestBeneath,
    id: RatingRequestId,
    link: MailLink,
) -> Option<RatingLinks> {
    let token = MailLinkToken {
        organisation: request.organisation.clone(),
        conversation: request.conversation.clone(),
        request: id,
        secret: link.secret,
    };
    let configured = settings.public_url.as_ref().map(PublicUrl::as_str);
    configured
        .or(beneath.origin.as_deref())
        .map(|origin| RatingLinks::new(origin, &token))
}
