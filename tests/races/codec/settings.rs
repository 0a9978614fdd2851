//! The body of `PUT /v1/settings`.

use serde_json::{Value as Json, json};
use tests::SENDER;

use crate::commands::Settings;
use crate::model::SENDER_OF_SETTINGS;

pub fn settings(settings: Settings) -> Json {
    let mut body = json!({});
    let rule = |minutes: u16| json!({ "enabled": true, "after_minutes": minutes });
    if let Some(minutes) = settings.asks_after_minutes {
        body["asking"]["on_resolve"] = rule(minutes);
    }
    if let Some(days) = settings.expires_after_days {
        body["asking"]["expires_after_days"] = days.into();
    }
    if let Some(minutes) = settings.sends_after_minutes {
        body["transcripts"]["on_resolve"] = rule(minutes);
    }
    if settings.visitor_may_request {
        body["transcripts"]["visitor_may_request"] = true.into();
    }
    if body["transcripts"].is_object() {
        body["transcripts"]["from"] = SENDER.into();
        body["transcripts"]["sender_name"] = SENDER_OF_SETTINGS.into();
    }
    body
}
