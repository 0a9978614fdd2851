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
use crate::request::{RatingMail, RatingRequestParameters, TranscriptRequest};
use crate::stack_parameters::StackParameters;

/// A mail that is ready to be sent.
#[derive(Debug)]
pub struct FinishedMail {
    /// The transcript as it is stored.
    pub item: TranscriptItem,
    /// The contents of the mail.
    pub mail: TranscriptMail,
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

/// Step 4: creates the rating request of the transcript, if the caller asked for one, and finishes
/// the mail.
pub(crate) async fn finish(
    table: &Table,
    stack: &StackParameters,
    request: &TranscriptRequest,
    mut draft: Draft,
) -> Result<Finished, Failure> {
    let mut links = None;
    if let Some(parameters) = &request.rating_request {
        match create_or_reuse(table, stack, request, parameters, &draft.snapshot).await? {
            RatingRequestOutcome::Ready(ready) => {
                let conversation = request.conversation.clone();
                let summary = RatingRequestSummary::new(conversation, &ready);
                draft.item.rating_request = Some(RatingRequestInMail::Created(summary));
                links = ready.link.clone().and_then(|link| {
                    rating_links(stack, request, parameters, ready.rating_request_id, link)
                });
            }
            RatingRequestOutcome::Refused(code) => {
                let refused = RatingRequestRefusal { code };
                draft.item.rating_request = Some(RatingRequestInMail::Refused { refused });
            }
            RatingRequestOutcome::ConversationChanged => return Ok(Finished::ConversationChanged),
        }
    }
    let mail = match &request.rating_mail {
        Some(mail) => render_faces(stack, request, draft, mail)?,
        None => render(stack, request, draft, links.as_ref())?,
    };
    Ok(Finished::Mail(Box::new(mail)))
}

/// The mail with the faces of a rating request, without the conversation.
fn render_faces(
    stack: &StackParameters,
    request: &TranscriptRequest,
    draft: Draft,
    mail: &RatingMail,
) -> Result<FinishedMail, Fault> {
    let Draft {
        item,
        snapshot,
        transcript,
        own_settings,
    } = draft;
    let origin = stack.link_origin(mail.origin.as_deref());
    let origin = origin.ok_or_else(|| Fault::internal("the origin of rating links is missing"))?;
    let token = MailLinkToken {
        organisation: request.organisation.clone(),
        conversation: request.conversation.clone(),
        request: mail.rating_request_id.clone(),
        secret: mail.link.secret.clone(),
    };
    let branding = stack.branding.with(&own_settings, transcript.language());
    let links = RatingLinks::new(origin, &token);
    let mail = transcript
        .into_rating_mail(&branding, &links)
        .map_err(|_| Fault::internal("the mail's template cannot be rendered"))?;
    Ok(FinishedMail {
        item,
        mail,
        reply_to: own_settings.brand.reply_to.clone(),
        snapshot,
    })
}

/// Finishes a mail that is only shown. Its faces lead to the page `/rate`, but answer nothing.
pub(crate) fn finish_preview(
    stack: &StackParameters,
    request: &TranscriptRequest,
    draft: Draft,
) -> Result<FinishedMail, Fault> {
    let parameters = request.rating_request.as_ref();
    let origin = parameters.and_then(|parameters| stack.link_origin(parameters.origin.as_deref()));
    let links = origin.map(RatingLinks::without_token);
    render(stack, request, draft, links.as_ref())
}

fn render(
    stack: &StackParameters,
    request: &TranscriptRequest,
    draft: Draft,
    links: Option<&RatingLinks>,
) -> Result<FinishedMail, Fault> {
    let Draft {
        item,
        snapshot,
        transcript,
        own_settings,
    } = draft;
    let branding = stack.branding.with(&own_settings, transcript.language());
    let mail = transcript
        .into_mail(&branding, &request.conversation, links)
        .map_err(|_| Fault::internal("the mail's template cannot be rendered"))?;
    Ok(FinishedMail {
        item,
        mail,
        reply_to: own_settings.brand.reply_to.clone(),
        snapshot,
    })
}

/// Returns the links of the faces.
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
    let origin = stack.link_origin(parameters.origin.as_deref());
    origin.map(|origin| RatingLinks::new(origin, &token))
}
