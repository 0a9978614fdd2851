//! The messages of a conversation in the API.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};

use crate::api::access::{Caller, Endpoint};
use crate::api::error::{ApiError, ApiResult};
use crate::api::handle::ApiState;
use crate::api::request::{read_body, read_id};
use crate::api::response::respond;
use crate::ids::{BotId, ConversationId, MessageId};
use crate::payload::merge;
use crate::state::State;
use crate::state::messages::Draft;
use crate::state::model::{Message, MessageKind, Sender};

/// The attributes of a post that a server keeps which does not keep all of them.
const KNOWN_ATTRIBUTES: [&str; 2] = ["items", "in_reply_to"];

/// The class of the inboxes in which the API may post incoming messages.
const API_CHANNEL: &str = "Channel::Api";

pub(crate) async fn list(
    api: ApiState,
    headers: HeaderMap,
    Path((account, id)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
) -> ApiResult {
    let state = api.state();
    let (_, id) = state.reader(&headers, &account, &id, Endpoint::NotForBots)?;
    let conversation = state.conversation(id)?;
    let page = page(&conversation.messages, &query);
    Ok(respond(&state.api_messages(conversation, &page)))
}

/// The messages that the query selects, by the time of their creation.
fn page<'a>(messages: &'a [Message], query: &BTreeMap<String, String>) -> Vec<&'a Message> {
    let bound = |name: &str| {
        let text = query.get(name).filter(|text| !text.trim().is_empty());
        text.map(|text| MessageId(read_id(text)))
    };
    let hides_internal = query
        .get("filter_internal_messages")
        .is_some_and(|it| !it.is_empty());
    let mut page: Vec<_> = messages
        .iter()
        .filter(|it| !hides_internal || !it.is_private && it.kind != MessageKind::Activity)
        .collect();
    page.sort_by_key(|message| (message.created_at, message.id));
    match (bound("after"), bound("before")) {
        (Some(after), Some(before)) => {
            page.retain(|message| (after..before).contains(&message.id));
            page.truncate(1_000);
        }
        (Some(after), None) => {
            page.retain(|message| message.id > after);
            page.truncate(100);
        }
        (None, before) => {
            page.retain(|message| before.is_none_or(|before| message.id < before));
            page.drain(..page.len().saturating_sub(20));
        }
    }
    page
}

pub(crate) async fn create(
    api: ApiState,
    headers: HeaderMap,
    Path((account, id)): Path<(String, String)>,
    body: Bytes,
) -> ApiResult {
    let mut state = api.state();
    let (caller, id) = state.reader(&headers, &account, &id, Endpoint::ForBots)?;
    let body = read_body(&body)?;
    let draft = draft(&state, caller, id, &body)?;
    check(&state, id, &draft)?;
    let message = state.create_message(id, draft)?;
    let message = state.api_message(state.conversation(id)?, state.message(id, message)?);
    let echo_id = body.get("echo_id").filter(|it| !it.is_null());
    let message = match echo_id {
        Some(echo_id) => merge(message, json!({"echo_id": echo_id})),
        None => message,
    };
    Ok(respond(&message))
}

fn draft(
    state: &State,
    caller: Caller,
    id: ConversationId,
    body: &Map<String, Value>,
) -> Result<Draft, ApiError> {
    let conversation = state.conversation(id)?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let is_api_inbox = state.inbox(conversation.inbox)?.channel == API_CHANNEL;
    let kind = match text("message_type") {
        None | Some("outgoing") => MessageKind::Outgoing,
        Some("incoming") if is_api_inbox => MessageKind::Incoming,
        Some("incoming") => {
            let sentence = "Incoming messages are only allowed in Api inboxes";
            return Err(ApiError::invalid_message(sentence));
        }
        Some("activity") => MessageKind::Activity,
        Some("template") => MessageKind::Template,
        Some(other) => {
            let sentence = format!("'{other}' is not a valid message_type");
            return Err(ApiError::invalid_message(&sentence));
        }
    };
    // A bot that does not exist in the account is ignored: the caller becomes the sender.
    let bot = body.get("sender_id").and_then(read_number).map(BotId);
    let bot = bot.filter(|_| text("sender_type") == Some("AgentBot"));
    let bot = bot.filter(|bot| {
        state
            .bots
            .get(bot)
            .is_some_and(|it| it.account == id.account)
    });
    let sender = match (kind, bot, caller) {
        (MessageKind::Outgoing, Some(bot), _) | (MessageKind::Outgoing, None, Caller::Bot(bot)) => {
            Sender::Bot(bot)
        }
        (MessageKind::Outgoing, None, Caller::Agent(agent)) => Sender::Agent(agent),
        _ => Sender::Contact(conversation.contact),
    };
    let attributes = body.get("content_attributes").and_then(Value::as_object);
    let mut attributes = attributes.cloned().unwrap_or_default();
    if !state.options.version.keeps_attributes {
        attributes.retain(|name, _| KNOWN_ATTRIBUTES.contains(&name.as_str()));
    }
    Ok(Draft {
        is_private: body.get("private").is_some_and(is_true),
        content: text("content").map(ToOwned::to_owned),
        content_type: text("content_type").unwrap_or("text").to_owned(),
        attributes,
        source_id: text("source_id").map(ToOwned::to_owned),
        ..Draft::new(kind, Some(sender), "")
    })
}

/// Returns an error if the message is not valid, or there are too many in this minute.
fn check(state: &State, id: ConversationId, draft: &Draft) -> Result<(), ApiError> {
    let limits = state.options.limits;
    let since = state.now().plus_seconds(-60);
    let messages = state.conversation(id)?.messages.iter();
    let recent = messages
        .filter(|message| message.created_at >= since)
        .count();
    if recent >= limits.messages_per_minute {
        let sentence = "Validation failed: Too many messages";
        return Err(ApiError::invalid_message(sentence));
    }
    let length = draft.content.as_deref().unwrap_or_default().chars().count();
    if length > limits.content_characters {
        let limit = limits.content_characters;
        return Err(ApiError::invalid_message(&format!(
            "Validation failed: Content is too long (maximum is {limit} characters)"
        )));
    }
    if draft.content_type == "input_select" {
        check_items(draft.attributes.get("items"))?;
    }
    Ok(())
}

/// The items of a prompt must have a title and a value, and nothing else.
fn check_items(items: Option<&Value>) -> Result<(), ApiError> {
    let items = items.and_then(Value::as_array).filter(|it| !it.is_empty());
    let Some(items) = items else {
        let sentence = "Validation failed: Content attributes At least one item is required.";
        return Err(ApiError::invalid_message(sentence));
    };
    let is_valid = |item: &Value| {
        let keys = item.as_object().map(|item| item.keys().cloned());
        let keys: Vec<_> = keys.into_iter().flatten().collect();
        keys == ["title", "value"]
    };
    if items.iter().all(is_valid) {
        return Ok(());
    }
    let sentence = "Validation failed: Content attributes contains invalid keys for items";
    Err(ApiError::invalid_message(sentence))
}

/// Only inboxes of the API can change messages.
pub(crate) async fn update(
    api: ApiState,
    headers: HeaderMap,
    Path((account, id, message)): Path<(String, String, String)>,
) -> ApiResult {
    let state = api.state();
    let (_, id) = state.reader(&headers, &account, &id, Endpoint::NotForBots)?;
    let conversation = state.conversation(id)?;
    if state.inbox(conversation.inbox)?.channel != API_CHANNEL {
        let sentence = "Message status update is only allowed for API inboxes";
        return Err(ApiError::error(StatusCode::FORBIDDEN, sentence));
    }
    let message = state.message(id, MessageId(read_id(&message)))?;
    Ok(respond(&state.api_message(conversation, message)))
}

fn read_number(value: &Value) -> Option<u64> {
    match value {
        Value::String(digits) => digits.parse().ok(),
        _ => value.as_u64(),
    }
}

fn is_true(value: &Value) -> bool {
    value.as_bool() == Some(true) || value.as_str() == Some("true")
}
