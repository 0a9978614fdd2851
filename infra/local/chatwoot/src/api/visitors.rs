//! What the visitor of a conversation does, for people who try the server by hand. Chatwoot has no such
//! operations: its visitors use the widget.

use axum::body::Bytes;
use axum::extract::Path;
use serde_json::{Value, json};

use crate::api::error::{ApiError, ApiResult};
use crate::api::handle::ApiState;
use crate::api::request::{read_body, read_id};
use crate::api::response::respond;
use crate::ids::{AccountId, ConversationId};

/// `{"text": "…"}`: the visitor writes.
pub(crate) async fn write(
    api: ApiState,
    Path((account, id)): Path<(String, String)>,
    body: Bytes,
) -> ApiResult {
    let body = read_body(&body)?;
    let text = body.get("text").and_then(Value::as_str);
    let mut state = api.state();
    let id = conversation_id(&account, &id);
    let message = state.visitor_writes(id, text.unwrap_or_default())?;
    Ok(respond(&json!({"id": message.0})))
}

/// `{"value": "5"}`: the visitor chooses in the latest prompt.
pub(crate) async fn answer(
    api: ApiState,
    Path((account, id)): Path<(String, String)>,
    body: Bytes,
) -> ApiResult {
    let body = read_body(&body)?;
    let value = body.get("value").and_then(Value::as_str);
    let mut state = api.state();
    let id = conversation_id(&account, &id);
    let conversation = state.conversation(id)?;
    let visitor = conversation.contact;
    let mut messages = conversation.messages.iter().rev();
    let prompt = messages.find(|message| message.content_type == "input_select");
    let prompt = prompt.ok_or_else(ApiError::not_found)?.id;
    state.answer_prompt(visitor, id, prompt, value.unwrap_or_default())?;
    Ok(respond(&json!({"id": prompt.0})))
}

fn conversation_id(account: &str, id: &str) -> ConversationId {
    ConversationId {
        account: AccountId(read_id(account)),
        display_id: read_id(id),
    }
}
