//! The webhooks of an account in the API. Only administrators have access.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};

use crate::api::error::{ApiError, ApiResult};
use crate::api::handle::ApiState;
use crate::api::request::{read_body, read_id};
use crate::api::response::respond;
use crate::ids::{AccountId, WebhookId};
use crate::state::State;
use crate::state::events::EVENTS;
use crate::state::model::Webhook;

pub(crate) async fn list(
    api: ApiState,
    headers: HeaderMap,
    Path(account): Path<String>,
) -> ApiResult {
    let state = api.state();
    let account = state.administrator(&headers, &account)?;
    let webhooks = state.webhooks.iter().filter(|it| it.account == account);
    let webhooks: Vec<_> = webhooks.map(|it| state.api_webhook(it)).collect();
    Ok(respond(&json!({"payload": {"webhooks": webhooks}})))
}

pub(crate) async fn create(
    api: ApiState,
    headers: HeaderMap,
    Path(account): Path<String>,
    body: Bytes,
) -> ApiResult {
    let mut state = api.state();
    let account = state.administrator(&headers, &account)?;
    let body = wrapped(read_body(&body)?);
    let url = text(&body, "url").unwrap_or_default();
    check_url(&state, account, None, url)?;
    let subscriptions = match body.get("subscriptions") {
        Some(events) => Some(read_subscriptions(events)?),
        None => None,
    };
    let id = state.insert_webhook(account, url, subscriptions);
    let webhook = state.webhooks.iter_mut().find(|it| it.id == id);
    let webhook = webhook.ok_or_else(ApiError::not_found)?;
    webhook.name = text(&body, "name").map(ToOwned::to_owned);
    let webhook = webhook.clone();
    Ok(respond_webhook(&state, &webhook))
}

/// Changes the URL, the name or the subscriptions. The secret stays the same.
pub(crate) async fn update(
    api: ApiState,
    headers: HeaderMap,
    Path((account, id)): Path<(String, String)>,
    body: Bytes,
) -> ApiResult {
    let mut state = api.state();
    let account = state.administrator(&headers, &account)?;
    let id = WebhookId(read_id(&id));
    let body = wrapped(read_body(&body)?);
    let mut webhook = find(&state, account, id)?;
    let new_url = text(&body, "url").filter(|_| !state.options.webhook_urls_are_fixed);
    if let Some(url) = new_url {
        check_url(&state, account, Some(id), url)?;
        url.clone_into(&mut webhook.url);
    }
    if let Some(name) = text(&body, "name") {
        webhook.name = Some(name.to_owned());
    }
    if let Some(events) = body.get("subscriptions") {
        webhook.subscriptions = read_subscriptions(events)?;
    }
    let changed = webhook.clone();
    let records = state.webhooks.iter_mut().filter(|it| it.id == id);
    records.for_each(|record| *record = changed.clone());
    Ok(respond_webhook(&state, &webhook))
}

pub(crate) async fn delete(
    api: ApiState,
    headers: HeaderMap,
    Path((account, id)): Path<(String, String)>,
) -> ApiResult {
    let mut state = api.state();
    let account = state.administrator(&headers, &account)?;
    let id = WebhookId(read_id(&id));
    find(&state, account, id)?;
    state.webhooks.retain(|webhook| webhook.id != id);
    Ok(StatusCode::OK.into_response())
}

fn respond_webhook(state: &State, webhook: &Webhook) -> axum::response::Response {
    respond(&json!({"payload": {"webhook": state.api_webhook(webhook)}}))
}

fn find(state: &State, account: AccountId, id: WebhookId) -> Result<Webhook, ApiError> {
    let mut webhooks = state.webhooks.iter();
    let webhook = webhooks.find(|it| it.id == id && it.account == account);
    webhook.cloned().ok_or_else(ApiError::not_found)
}

/// The members of `webhook` in the body, or those of the body itself.
fn wrapped(mut body: Map<String, Value>) -> Map<String, Value> {
    match body.remove("webhook") {
        Some(Value::Object(webhook)) => webhook,
        _ => body,
    }
}

fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

fn check_url(
    state: &State,
    account: AccountId,
    own: Option<WebhookId>,
    url: &str,
) -> Result<(), ApiError> {
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(ApiError::invalid_record("url", "Url is invalid"));
    }
    let mut others = state.webhooks.iter().filter(|it| Some(it.id) != own);
    if others.any(|it| it.account == account && it.url == url) {
        let sentence = "Url has already been taken";
        return Err(ApiError::invalid_record("url", sentence));
    }
    Ok(())
}

fn read_subscriptions(events: &Value) -> Result<Vec<String>, ApiError> {
    let events: Vec<String> = serde_json::from_value(events.clone()).unwrap_or_default();
    let are_known = events.iter().all(|it| EVENTS.contains(&it.as_str()));
    if events.is_empty() || !are_known {
        let sentence = "Subscriptions Invalid events";
        return Err(ApiError::invalid_record("subscriptions", sentence));
    }
    Ok(events)
}
