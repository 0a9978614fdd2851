mod body;

use domain::{InvalidValue, VisitorToken};
use dynamodb::Table;
use errors::{Failure, Refusal};
use lambda::http::{HttpRequest, HttpResponse, TenantResolver, Warnings};
use recordings::{ConversationOutcome, ConversationRecording};
use serde_json::{Value, json};
use store::{ConversationItem, ConversationSummary};

use crate::conversation::body::decode_conversation;

/// Records a conversation. The request can be repeated.
pub(crate) async fn record_conversation(
    table: &Table,
    tenants: &TenantResolver,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let mut warnings = Warnings::default();
    let recording = decode_conversation(request, tenants, &mut warnings)?;
    match recordings::record_conversation(table, &recording).await? {
        ConversationOutcome::New(item) => {
            let body = describe(recording, item, false, &warnings);
            Ok(HttpResponse::created(body))
        }
        ConversationOutcome::Known { item, is_outdated } => {
            let body = describe(recording, item, is_outdated, &warnings);
            Ok(HttpResponse::ok(body))
        }
        ConversationOutcome::NeedsChannel => Err(Refusal::invalid_field(
            "channel",
            &InvalidValue::new("is required the first time a conversation is recorded"),
        )
        .into()),
        ConversationOutcome::Erased => Err(Refusal::conversation_erased().into()),
    }
}

fn describe(
    recording: ConversationRecording,
    item: ConversationItem,
    is_outdated: bool,
    warnings: &Warnings,
) -> Value {
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
        if !warnings.is_empty() {
            body.insert("warnings".to_owned(), json!(warnings));
        }
    }
    body
}
