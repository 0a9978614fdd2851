//! What the first teammate of the account does.

use axum::body::Bytes;
use serde_json::{Value, json};

use crate::api::error::{ApiError, ApiResult};
use crate::api::handle::ApiState;
use crate::api::request::read_body;
use crate::api::response::respond;
use crate::by_hand::{ConversationPath, conversation_id};
use crate::ids::{AccountId, AgentId};
use crate::state::State;
use crate::state::model::Status;

/// `{"text": "…"}`: the teammate writes to the visitor.
pub(crate) async fn reply(api: ApiState, path: ConversationPath, body: Bytes) -> ApiResult {
    write(&api, &path, &body, false)
}

/// `{"text": "…"}`: the teammate writes a private note.
pub(crate) async fn note(api: ApiState, path: ConversationPath, body: Bytes) -> ApiResult {
    write(&api, &path, &body, true)
}

fn write(api: &ApiState, path: &ConversationPath, body: &Bytes, is_private: bool) -> ApiResult {
    let body = read_body(body)?;
    let text = body.get("text").and_then(Value::as_str);
    let text = text.unwrap_or_default();
    let id = conversation_id(path);
    let mut state = api.state();
    let teammate = first_teammate(&state, id.account)?;
    let message = state.agent_message(id, teammate, text, is_private)?;
    Ok(respond(&json!({"id": message.0})))
}

/// `{"status": "resolved"}` or `{"status": "open"}`.
pub(crate) async fn set_status(api: ApiState, path: ConversationPath, body: Bytes) -> ApiResult {
    let body = read_body(&body)?;
    let status = match body.get("status").and_then(Value::as_str) {
        Some("resolved") => Status::Resolved,
        Some("open") => Status::Open,
        _ => return Err(ApiError::bad_request()),
    };
    let id = conversation_id(&path);
    let mut state = api.state();
    let teammate = first_teammate(&state, id.account)?;
    state.set_status(id, status, Some(teammate))?;
    Ok(respond(&json!({"status": status.as_str()})))
}

/// The teammate of the account with the lowest id.
fn first_teammate(state: &State, account: AccountId) -> Result<AgentId, ApiError> {
    let mut agents = state.agents.iter();
    let first = agents.find(|(_, agent)| agent.roles.contains_key(&account));
    first.map(|(id, _)| *id).ok_or_else(ApiError::not_found)
}
