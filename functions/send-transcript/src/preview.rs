use errors::{Failure, Refusal, RefusalCode};
use lambda::http::{HttpResponse, ResponseBudget};
use serde::Serialize;
use transcript_mail::TranscriptMail;
use transcripts::FinishedMail;

/// The response body: a mail as it would be sent.
#[derive(Serialize)]
struct PreviewBody<'a> {
    subject: &'a str,
    text: &'a str,
    html: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment: Option<AttachmentBody>,
    to: &'a str,
    language: &'a str,
    message_count: u64,
}

/// The file that contains a conversation that is too long for the HTML part.
#[derive(Serialize)]
struct AttachmentBody {
    name: &'static str,
    bytes: usize,
}

/// Returns a mail without sending it.
///
/// # Errors
/// 422 if a response cannot contain the mail.
pub(crate) fn describe_preview(finished: &FinishedMail) -> Result<HttpResponse, Failure> {
    let FinishedMail { item, mail, .. } = finished;
    let TranscriptMail {
        subject,
        text,
        html,
        attachment,
    } = mail;
    let mut budget = ResponseBudget::of_body();
    if ![subject, text, html]
        .into_iter()
        .all(|part| budget.take(part))
    {
        return Err(Refusal::new(
            RefusalCode::TranscriptTooLarge,
            "The mail can be sent, but it is too large for a preview.",
        )
        .into());
    }
    Ok(HttpResponse::ok(PreviewBody {
        subject,
        text,
        html,
        attachment: attachment.as_ref().map(|file| AttachmentBody {
            name: file.file_name,
            bytes: file.content.len(),
        }),
        to: item.to.as_str(),
        language: item.language_code(),
        message_count: item.message_count,
    }))
}
