//! Profile, agents, bots, inboxes and conversations in the API.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::api::access::{Caller, Endpoint};
use crate::api::error::{ApiError, ApiResult};
use crate::api::handle::ApiState;
use crate::api::request::{read_body, read_id};
use crate::api::response::respond;
use crate::ids::InboxId;

pub(crate) async fn show_version(api: ApiState) -> ApiResult {
    let version = api.state().options.version.number;
    Ok(respond(&json!({ "version": version })))
}

pub(crate) async fn show_profile(api: ApiState, headers: HeaderMap) -> ApiResult {
    let state = api.state();
    match state.caller(&headers)? {
        Caller::Agent(id) => {
            let profile = state.api_profile(id).ok_or_else(ApiError::not_found)?;
            Ok(respond(&profile))
        }
        Caller::Bot(_) => Err(ApiError::not_for_bots()),
    }
}

pub(crate) async fn list_agents(
    api: ApiState,
    headers: HeaderMap,
    Path(account): Path<String>,
) -> ApiResult {
    let state = api.state();
    let (_, account) = state.member(&headers, &account, Endpoint::NotForBots)?;
    Ok(respond(&state.api_agents(account)))
}

pub(crate) async fn list_bots(
    api: ApiState,
    headers: HeaderMap,
    Path(account): Path<String>,
) -> ApiResult {
    let state = api.state();
    let (_, account) = state.member(&headers, &account, Endpoint::NotForBots)?;
    let bots = state.bots.iter().filter(|(_, bot)| bot.account == account);
    let bots: Vec<_> = bots.map(|(id, _)| state.api_bot(*id)).collect();
    Ok(respond(&json!(bots)))
}

pub(crate) async fn create_bot(
    api: ApiState,
    headers: HeaderMap,
    Path(account): Path<String>,
    body: Bytes,
) -> ApiResult {
    let mut state = api.state();
    let account = state.administrator(&headers, &account)?;
    let body = read_body(&body)?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let name = text("name").unwrap_or_default().to_owned();
    let id = state.insert_bot(account, &name);
    if let Some(bot) = state.bots.get_mut(&id) {
        bot.description = text("description").map(ToOwned::to_owned);
        bot.outgoing_url = text("outgoing_url").map(ToOwned::to_owned);
    }
    Ok(respond(&state.api_bot(id)))
}

/// Administrators see all inboxes, agents those of which they are members.
pub(crate) async fn list_inboxes(
    api: ApiState,
    headers: HeaderMap,
    Path(account): Path<String>,
) -> ApiResult {
    let state = api.state();
    let (caller, account) = state.member(&headers, &account, Endpoint::NotForBots)?;
    let inboxes = state.inboxes.iter();
    let inboxes = inboxes.filter(|(id, inbox)| {
        let Caller::Agent(agent) = caller else {
            return false;
        };
        inbox.account == account && state.has_inbox(agent, **id)
    });
    let inboxes: Vec<_> = inboxes.map(|(id, _)| state.api_inbox(*id)).collect();
    Ok(respond(&json!({"payload": inboxes})))
}

pub(crate) async fn update_inbox(
    api: ApiState,
    headers: HeaderMap,
    Path((account, id)): Path<(String, String)>,
    body: Bytes,
) -> ApiResult {
    let mut state = api.state();
    let account = state.administrator(&headers, &account)?;
    let body = read_body(&body)?;
    let id = InboxId(read_id(&id));
    let inbox = state.inboxes.get_mut(&id);
    let inbox = inbox.filter(|inbox| inbox.account == account);
    let inbox = inbox.ok_or_else(ApiError::not_found)?;
    if let Some(has_csat) = body.get("csat_survey_enabled").and_then(Value::as_bool) {
        inbox.has_csat = has_csat;
    }
    if let Some(name) = body.get("name").and_then(Value::as_str) {
        name.clone_into(&mut inbox.name);
    }
    Ok(respond(&state.api_inbox(id)))
}

pub(crate) async fn show_conversation(
    api: ApiState,
    headers: HeaderMap,
    Path((account, id)): Path<(String, String)>,
) -> ApiResult {
    let state = api.state();
    let (_, id) = state.reader(&headers, &account, &id, Endpoint::NotForBots)?;
    Ok(respond(&state.api_conversation(state.conversation(id)?)))
}
