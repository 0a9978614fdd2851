//! What the visitor of a conversation does.

use axum::body::Bytes;
use serde_json::{Value, json};

use crate::api::error::{ApiError, ApiResult};
use crate::api::handle::ApiState;
use crate::api::request::read_body;
use crate::api::response::respond;
use crate::by_hand::{ConversationPath, conversation_id};

/// `{"text": "…"}`: the visitor writes.
pub(crate) async fn write(api: ApiState, path: ConversationPath, body: Bytes) -> ApiResult {
    let body = read_body(&body)?;
    let text = body.get("text").and_then(Value::as_str);
    let mut state = api.state();
    let message = state.visitor_writes(conversation_id(&path), text.unwrap_or_default())?;
    Ok(respond(&json!({"id": message.0})))
}

/// `{"value": "5"}`: the visitor chooses in the prompt with this `id`, or else in the latest one.
pub(crate) async fn answer(api: ApiState, path: ConversationPath, body: Bytes) -> ApiResult {
    let body = read_body(&body)?;
    let value = body.get("value").and_then(Value::as_str);
    let message = body.get("id").and_then(Value::as_u64);
    let mut state = api.state();
    let id = conversation_id(&path);
    let conversation = state.conversation(id)?;
    let visitor = conversation.contact;
    let mut messages = conversation.messages.iter().rev();
    let prompt = messages.find(|it| {
        it.content_type == "input_select" && message.is_none_or(|message| it.id.0 == message)
    });
    let prompt = prompt.ok_or_else(ApiError::not_found)?.id;
    state.answer_prompt(visitor, id, prompt, value.unwrap_or_default())?;
    Ok(respond(&json!({"id": prompt.0})))
}
