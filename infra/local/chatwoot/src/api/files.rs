//! The files of messages, which everyone who knows the URL can read.

use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;

use crate::api::error::{ApiError, ApiResult};
use crate::api::handle::ApiState;

pub(crate) async fn download(api: ApiState, Path((token, _)): Path<(String, String)>) -> ApiResult {
    let state = api.state();
    let conversations = state.conversations.values();
    let messages = conversations.flat_map(|conversation| &conversation.messages);
    let mut files = messages.flat_map(|message| &message.attachments);
    let file = files.find(|file| file.token == token);
    let file = file.ok_or_else(ApiError::not_found)?;
    let content_type = [(header::CONTENT_TYPE, "application/octet-stream")];
    Ok((content_type, file.file.content.clone()).into_response())
}
