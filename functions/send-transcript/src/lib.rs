//! Mails the public messages of a conversation: `POST /v1/conversations/{conversation_id}/transcripts` on
//! behalf of an agent, `POST /v1/visitor/transcripts` to the visitor who asks for it.
//! `POST /v1/conversations/{conversation_id}/transcripts/preview` returns the mail instead.

mod agent;
mod preview;
mod visitor;

use aws::{Environment, EnvironmentError};
use domain::TRANSCRIPTS_PER_CONVERSATION;
use dynamodb::Table;
use errors::{Failure, Fault};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use platform_reader::PlatformReader;
use serde::Serialize;
use serde_json::{Value, json};
use settings_cache::SettingsCache;
use store::RatingRequestInMail;
use transcripts::{
    NotSent, Purpose, RequestedBy, SentTranscript, TranscriptRequest, TranscriptSender,
};

use crate::agent::decode_agent_request;
use crate::preview::describe_preview;

/// Sends transcripts.
#[derive(Clone, Debug)]
pub struct SendTranscript {
    table: Table,
    tenants: TenantResolver,
    settings: SettingsCache,
    sender: TranscriptSender,
}

/// The response body for a sent transcript.
#[derive(Serialize)]
struct TranscriptBody<'a> {
    transcript: Value,
    quota: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating_request: Option<&'a RatingRequestInMail>,
}

/// The routes of this function.
#[derive(Clone, Copy, Debug)]
pub enum Route {
    /// Sends a transcript on behalf of an agent.
    Send,
    /// Shows the mail of a transcript.
    Preview,
    /// Sends a transcript to the visitor who asks for it.
    SendToVisitor,
}

impl HttpHandler for SendTranscript {
    type Route = Route;

    const ROUTES: &'static [(&'static str, Route)] = &[
        (
            "POST /v1/conversations/{conversation_id}/transcripts",
            Route::Send,
        ),
        (
            "POST /v1/conversations/{conversation_id}/transcripts/preview",
            Route::Preview,
        ),
        ("POST /v1/visitor/transcripts", Route::SendToVisitor),
    ];

    async fn handle(
        &self,
        route: Route,
        http_request: HttpRequest,
    ) -> Result<HttpResponse, Failure> {
        let tenants = &self.tenants;
        match route {
            Route::Send => {
                let request = decode_agent_request(&http_request, tenants, Purpose::Send)?;
                self.send(request).await
            }
            Route::Preview => {
                let request = decode_agent_request(&http_request, tenants, Purpose::Preview)?;
                describe_preview(&self.sender.preview(&request).await?)
            }
            Route::SendToVisitor => {
                let request = self.decode_visitor_request(&http_request).await?;
                self.send(request).await
            }
        }
    }
}

impl SendTranscript {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let table = Table::from_environment(environment)?;
        let settings = SettingsCache::default();
        Ok(Self {
            tenants: TenantResolver::from_environment(environment)?,
            sender: TranscriptSender::from_environment(
                environment,
                table.clone(),
                settings.clone(),
                PlatformReader::from_environment(environment)?,
            )?,
            table,
            settings,
        })
    }

    async fn send(&self, request: TranscriptRequest) -> Result<HttpResponse, Failure> {
        let requested_by = request.requested_by;
        match self.sender.send(request).await {
            Ok(sent) => Ok(describe(requested_by, &sent)),
            Err(NotSent::Failed(failure)) => Err(failure),
            Err(NotSent::DecideAgain) => {
                Err(Fault::internal("a transcript of a request has a round").into())
            }
        }
    }
}

/// The response to a transcript that was sent. The widget of a visitor may be used by somebody else on
/// the same computer, so it gets the address masked.
fn describe(requested_by: RequestedBy, sent: &SentTranscript) -> HttpResponse {
    let transcript = &sent.item;
    let to = match requested_by {
        RequestedBy::Agent => transcript.to.to_string(),
        RequestedBy::Visitor | RequestedBy::Rule => transcript.to.mask(),
    };
    let response = HttpResponse::created(TranscriptBody {
        transcript: json!({
            "id": transcript.transcript_id,
            "to": to,
            "from": transcript.from,
            "sender_name": transcript.sender_name,
            "language": transcript.language_code(),
            "message_count": transcript.message_count,
            "sent_at": transcript.sent_at,
        }),
        quota: json!({
            "limit": TRANSCRIPTS_PER_CONVERSATION,
            "remaining": sent.remaining,
            "resets_at": transcript.hour().resets_at(),
        }),
        rating_request: transcript.rating_request.as_ref(),
    });
    if sent.is_replay {
        response.replayed()
    } else {
        response
    }
}
