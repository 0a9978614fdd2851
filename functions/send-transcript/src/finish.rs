use domain::{EmailAddress, MailLinkToken, RatingRequestId};
use dynamodb::Table;
use errors::{Failure, Fault};
use store::{
    ConversationSnapshot, MailLink, RatingRequestInMail, RatingRequestRefusal,
    RatingRequestSummary, TranscriptItem,
};
use transcript_mail::{RatingLinks, TranscriptMail};

use crate::draft::Draft;
use crate::rating_request::{RatingRequestOutcome, create_or_reuse};
use crate::request::{RatingRequestParameters, TranscriptRequest};
use crate::stack_parameters::{PublicUrl, StackParameters};

/// A mail that is ready to be sent.
#[derive(Debug)]
pub(crate) struct FinishedMail {
    /// The transcript as it is stored.
    pub(crate) item: TranscriptItem,
    /// The contents of the mail.
    pub(crate) mail: TranscriptMail,
    /// The address for replies in the organisation's settings.
    pub(crate) reply_to: Option<EmailAddress>,
    /// The parts of the conversation that must be unchanged when the mail is sent.
    pub(crate) snapshot: ConversationSnapshot,
}

/// The outcome of finishing a transcript.
#[derive(Debug)]
pub(crate) enum Finished {
    /// The mail is complete and is sent next.
    Mail(Box<FinishedMail>),
    /// The conversation changed after the transcript was prepared.
    ConversationChanged,
}

/// Step 3: creates the rating request of the transcript, if the caller asked for one, and finishes
/// the mail.
pub(crate) async fn finish(
    table: &Table,
    stack: &StackParameters,
    request: &TranscriptRequest,
    draft: Draft,
) -> Result<Finished, Failure> {
    let Draft {
        mut item,
        snapshot,
        transcript,
        own_settings,
    } = draft;
    let mut links = None;
    if let Some(parameters) = &request.rating_request {
        match create_or_reuse(table, stack, request, parameters, &snapshot).await? {
            RatingRequestOutcome::Ready(ready) => {
                let conversation = request.conversation.clone();
                let summary = RatingRequestSummary::new(conversation, &ready);
                item.rating_request = Some(RatingRequestInMail::Created(summary));
                links = ready.link.clone().and_then(|link| {
                    rating_links(stack, request, parameters, ready.rating_request_id, link)
                });
            }
            RatingRequestOutcome::Refused(code) => {
                let refused = RatingRequestRefusal { code };
                item.rating_request = Some(RatingRequestInMail::Refused { refused });
            }
            RatingRequestOutcome::ConversationChanged => return Ok(Finished::ConversationChanged),
        }
    }
    let branding = stack.branding.with(&own_settings, transcript.language());
    let mail = transcript
        .into_mail(&branding, &request.conversation, links.as_ref())
        .map_err(|_| Fault::internal("the mail's template cannot be rendered"))?;
    Ok(Finished::Mail(Box::new(FinishedMail {
        item,
        mail,
        reply_to: own_settings.brand.reply_to.clone(),
        snapshot,
    })))
}

/// Returns the links of the faces. They open the page at [`StackParameters::public_url`], or else at
/// the origin to which the API request was sent.
fn rating_links(
    stack: &StackParameters,
    request: &TranscriptRequest,
    parameters: &RatingRequestParameters,
    id: RatingRequestId,
    link: MailLink,
) -> Option<RatingLinks> {
    let token = MailLinkToken {
        organisation: request.organisation.clone(),
        conversation: request.conversation.clone(),
        request: id,
        secret: link.secret,
    };
    let configured = stack.public_url.as_ref().map(PublicUrl::as_str);
    configured
        .or(parameters.origin.as_deref())
        .map(|origin| RatingLinks::new(origin, &token))
}
