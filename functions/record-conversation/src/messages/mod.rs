mod body;
mod message_counts;
mod pending;
mod write;

use dynamodb::Table;
use errors::{Failure, Refusal};
use lambda::http::{HttpRequest, HttpResponse, TenantResolver, Warnings};
use serde::Serialize;

use self::body::Recording;
use self::write::Recorded;
use crate::messages::write::write_all_messages;

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
    let recording = Recording::decode(request, tenants)?;
    match write_all_messages(table, &recording).await? {
        Recorded::All { is_outdated } => Ok(HttpResponse::ok(RecordedBody {
            recorded: recording.messages.len(),
            outdated: is_outdated.then_some(true),
            warnings: &recording.warnings,
        })),
        Recorded::NoConversation => Err(Refusal::conversation_not_found().into()),
        Recorded::Erased => Err(Refusal::conversation_erased().into()),
    }
}
