use std::error::Error;
use std::time::Duration;

use aws::{AwsConnection, CallPolicy, Environment, EnvironmentError, Service};
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::http::HttpResponse;
use aws_sdk_sesv2::error::{BuildError, ConnectorError, ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::operation::send_email::builders::SendEmailFluentBuilder;
use aws_sdk_sesv2::types::{
    Attachment, AttachmentContentDisposition, AttachmentContentTransferEncoding, Body, Content,
    Destination, EmailContent, Message, MessageHeader, MessageTag,
};
use aws_smithy_types::Blob;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{EmailAddress, SenderAddress, UniqueId};
use errors::{AwsFailure, Fault, FaultCode};
use hyper_util::client::legacy::Error as HttpClientError;
use store::TranscriptItem;
use transcript_mail::{HtmlAttachment, Mailbox, TranscriptMail};

use crate::request::TranscriptRequest;

const SEND_EMAIL: &str = "ses:SendEmail";

/// The SDK never retries a send, because SES has no idempotency. A send never uses an idle
/// connection, because that may be dead. If a connection is lost after bytes were sent, the outcome
/// is unknown.
const ONCE: CallPolicy = CallPolicy {
    attempts: 1,
    attempt_timeout: Duration::from_secs(8),
    operation_timeout: Duration::from_secs(8),
    keeps_connections: false,
};

/// The outcome of one call to SES.
#[derive(Debug)]
pub(crate) enum CallOutcome {
    /// SES accepted the mail.
    Accepted,
    /// SES throttled it. Nothing was sent, and the next call may succeed.
    Throttled(Fault),
    /// SES refused it because the From address is not verified.
    SenderNotVerified,
    /// Nothing was sent: SES refused the mail or was not reached.
    NothingSent(Fault),
    /// It is unknown whether SES accepted it.
    Unknown(Fault),
}

/// The meaning of an SES error, before it is converted to a fault.
#[derive(Debug, PartialEq, Eq)]
enum SesErrorMeaning {
    Throttled,
    SenderNotVerified,
    NothingSent(FaultCode),
    Unknown,
}

/// The request to SES for one mail.
#[derive(Clone, Debug)]
pub(crate) struct SesRequest {
    builder: SendEmailFluentBuilder,
    from: SenderAddress,
}

/// Sends mail through SES.
#[derive(Clone, Debug)]
pub(crate) struct Mailer {
    client: Client,
    /// `REPLY_TO`: the address for replies to the mail. If it is empty, replies go to the sender.
    reply_to: Option<EmailAddress>,
    /// `CONFIGURATION_SET`: the SES configuration set that publishes the delivery events.
    configuration_set: Option<String>,
}

impl Mailer {
    pub(crate) fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let config = AwsConnection::from_environment(environment)?.config(Service::Ses, ONCE);
        Ok(Self {
            client: Client::new(&config),
            reply_to: environment.parsed("REPLY_TO", EmailAddress::parse)?,
            configuration_set: environment.optional("CONFIGURATION_SET"),
        })
    }

    /// Sends a mail by one call.
    pub(crate) async fn send(&self, ses_request: &SesRequest) -> CallOutcome {
        let Err(error) = ses_request.builder.clone().send().await else {
            return CallOutcome::Accepted;
        };
        let failure = AwsFailure::new(SEND_EMAIL, &error);
        match meaning_of(&error, &ses_request.from) {
            SesErrorMeaning::Throttled => {
                CallOutcome::Throttled(Fault::of_aws(FaultCode::EmailUnavailable, failure))
            }
            SesErrorMeaning::SenderNotVerified => CallOutcome::SenderNotVerified,
            SesErrorMeaning::NothingSent(code) => {
                CallOutcome::NothingSent(Fault::of_aws(code, failure))
            }
            SesErrorMeaning::Unknown => {
                CallOutcome::Unknown(Fault::of_aws(FaultCode::EmailOutcomeUnknown, failure))
            }
        }
    }

    /// Builds the SES request for a mail. Replies go to `reply_to`, or else to `REPLY_TO`.
    ///
    /// # Errors
    /// If a part is incomplete, which is a bug in this code.
    pub(crate) fn ses_request(
        &self,
        request: &TranscriptRequest,
        item: &TranscriptItem,
        mail: TranscriptMail,
        reply_to: Option<&EmailAddress>,
    ) -> Result<SesRequest, Fault> {
        let composed = self.compose(request, item, mail, reply_to);
        Ok(SesRequest {
            builder: composed.map_err(|_| Fault::internal("a part of the mail is incomplete"))?,
            from: item.from.clone(),
        })
    }

    fn compose(
        &self,
        request: &TranscriptRequest,
        item: &TranscriptItem,
        mail: TranscriptMail,
        reply_to: Option<&EmailAddress>,
    ) -> Result<SendEmailFluentBuilder, BuildError> {
        let from = Mailbox {
            name: &item.sender_name,
            address: &item.from,
        };
        let body = Body::builder()
            .text(utf8(mail.text)?)
            .html(utf8(mail.html)?)
            .build();
        let message = Message::builder()
            .subject(utf8(mail.subject)?)
            .body(body)
            .headers(header("Auto-Submitted", "auto-generated")?)
            .headers(header("References", &thread_reference(request, item))?)
            .set_attachments(attachments(mail.attachment)?)
            .build();
        let reply_to = reply_to.or(self.reply_to.as_ref());
        Ok(self
            .client
            .send_email()
            .from_email_address(from.to_string())
            .destination(
                Destination::builder()
                    .to_addresses(item.to.to_header())
                    .build(),
            )
            .set_reply_to_addresses(reply_to.map(|address| vec![address.to_header().into_owned()]))
            .content(EmailContent::builder().simple(message).build())
            .set_configuration_set_name(self.configuration_set.clone())
            .email_tags(tag("organisation", request.organisation.as_str())?)
            .email_tags(tag("conversation", request.conversation.as_str())?)
            .email_tags(tag("transcript", request.id.as_str())?))
    }
}

fn header(name: &str, value: &str) -> Result<MessageHeader, BuildError> {
    MessageHeader::builder().name(name).value(value).build()
}

/// A message id to which all transcripts of one conversation refer, and no other mail. Mail
/// programs show these transcripts as one thread. They show conversations with the same subject as
/// separate threads. No mail has this id, because SES gives each mail its own. The id of the
/// conversation cannot be derived from it.
fn thread_reference(request: &TranscriptRequest, item: &TranscriptItem) -> String {
    let id = UniqueId::derived_from(&[
        "mail-thread",
        request.organisation.as_str(),
        request.conversation.as_str(),
    ]);
    format!("<{id}@{}>", item.from.domain())
}

fn utf8(text: String) -> Result<Content, BuildError> {
    Content::builder().data(text).charset("UTF-8").build()
}

fn attachments(file: Option<HtmlAttachment>) -> Result<Option<Vec<Attachment>>, BuildError> {
    file.map(|file| {
        let attachment = Attachment::builder()
            .file_name(file.file_name)
            .content_type(file.content_type)
            .content_disposition(AttachmentContentDisposition::Attachment)
            // The default of SES is 7bit, which breaks UTF-8 and long lines.
            .content_transfer_encoding(AttachmentContentTransferEncoding::Base64)
            .raw_content(Blob::new(file.content))
            .build()?;
        Ok(vec![attachment])
    })
    .transpose()
}

/// Builds a message tag. SES includes the tags in every event of the mail. A tag value allows only
/// the characters of base64url.
fn tag(name: &str, id: &str) -> Result<MessageTag, BuildError> {
    MessageTag::builder()
        .name(name)
        .value(URL_SAFE_NO_PAD.encode(id))
        .build()
}

fn meaning_of(
    error: &SdkError<SendEmailError, HttpResponse>,
    from: &SenderAddress,
) -> SesErrorMeaning {
    match error {
        SdkError::ConstructionFailure(_) => SesErrorMeaning::NothingSent(FaultCode::InternalError),
        SdkError::DispatchFailure(dispatch)
            if dispatch.as_connector_error().is_some_and(failed_to_connect) =>
        {
            SesErrorMeaning::NothingSent(FaultCode::EmailUnavailable)
        }
        SdkError::ServiceError(service) if service.raw().status().is_client_error() => {
            meaning_of_refusal(service.err(), from)
        }
        _ => SesErrorMeaning::Unknown,
    }
}

/// Whether the connection failed before a byte of the request was sent.
fn failed_to_connect(error: &ConnectorError) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error
            .downcast_ref::<HttpClientError>()
            .is_some_and(HttpClientError::is_connect)
        {
            return true;
        }
        cause = error.source();
    }
    false
}

fn meaning_of_refusal(error: &SendEmailError, from: &SenderAddress) -> SesErrorMeaning {
    let message = error.message().unwrap_or_default().to_ascii_lowercase();
    match error.code().unwrap_or_default() {
        // Retry only if the send rate is exceeded. The daily quota does not reset within moments.
        "TooManyRequestsException" | "Throttling" | "ThrottlingException"
            if !message.contains("daily") =>
        {
            SesErrorMeaning::Throttled
        }
        "TooManyRequestsException"
        | "AccountSuspendedException"
        | "SendingPausedException"
        | "LimitExceededException" => SesErrorMeaning::NothingSent(FaultCode::EmailUnavailable),
        "MessageRejected" if message.contains("not verified") && mentions(&message, from) => {
            SesErrorMeaning::SenderNotVerified
        }
        _ => SesErrorMeaning::NothingSent(FaultCode::EmailRefused),
    }
}

/// Whether `message` contains `address` itself, and not only a longer address that includes it.
fn mentions(message: &str, address: &SenderAddress) -> bool {
    message
        .split(|character: char| character.is_whitespace() || ",:;<>\"'()".contains(character))
        .any(|word| word.trim_end_matches('.') == address.as_str())
}
