mod body;

use dynamodb::Table;
use errors::{Failure, Refusal};
use lambda::http::{HttpRequest, HttpResponse, TenantResolver, Warnings};
use recordings::MessagesOutcome;
use serde::Serialize;

use crate::messages::body::decode_messages;

/// The response body.
#[derive(Serialize)]
struct RecordedBody<'a> {
    recorded: usize,
    /// Present if at least one message is older than its recorded version.
    #[serde(skip_serializing_if = "Option::is_none")]
    outdated: Option<bool>,
    #[serde(skip_serializing_if = "Warnings::is_empty")]
    warnings: &'a Warnings,
}

/// Records messages, in one transaction if there are fewer than 100. If anything fails, the
/// caller must retry all of them. Each write can be repeated.
pub(crate) async fn record_messages(
    table: &Table,
    tenants: &TenantResolver,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let mut warnings = Warnings::default();
    let recording = decode_messages(request, tenants, &mut warnings)?;
    match recordings::record_messages(table, &recording).await? {
        MessagesOutcome::All { is_outdated } => Ok(HttpResponse::ok(RecordedBody {
            recorded: recording.message_count(),
            outdated: is_outdated.then_some(true),
            warnings: &warnings,
        })),
        MessagesOutcome::NoConversation => Err(Refusal::conversation_not_found().into()),
        MessagesOutcome::Erased => Err(Refusal::conversation_erased().into()),
    }
}
