mod leftovers;
mod merge;
mod recording;
mod write;

use domain::{InvalidValue, VisitorToken};
use dynamodb::Table;
use errors::{Failure, Refusal};
use lambda::http::{HttpRequest, HttpResponse, TenantResolver};
use serde_json::{Value, json};
use store::{ConversationItem, ConversationSummary};

use self::recording::Recording;
use self::write::Recorded;
use crate::conversation::write::write_conversation;

/// Records a conversation. The request can be repeated.
pub(crate) async fn record_conversation(
    table: &Table,
    tenants: &TenantResolver,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let recording = Recording::decode(request, tenants)?;
    match write_conversation(table, &recording).await? {
        Recorded::New(item) => Ok(HttpResponse::created(describe(recording, item, false))),
        Recorded::Known { item, is_outdated } => {
            Ok(HttpResponse::ok(describe(recording, item, is_outdated)))
        }
        Recorded::NeedsChannel => Err(Refusal::invalid_field(
            "channel",
            &InvalidValue::new("is required the first time a conversation is recorded"),
        )
        .into()),
        Recorded::Erased => Err(Refusal::conversation_erased().into()),
    }
}

fn describe(recording: Recording, item: ConversationItem, is_outdated: bool) -> Value {
    let conversation = ConversationSummary::new(recording.conversation.clone(), &item);
    let token = VisitorToken {
        organisation: recording.organisation,
        conversation: recording.conversation,
        secret: item.visitor_secret,
    };
    let mut body = json!({ "conversation": conversation, "visitor_token": token.reveal() });
    if let Some(body) = body.as_object_mut() {
        if is_outdated {
            body.insert("outdated".to_owned(), true.into());
        }
        if !recording.warnings.is_empty() {
            body.insert("warnings".to_owned(), json!(recording.warnings));
        }
    }
    body
}
