//! The HTTP responses of the model's responses.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::codec::bodies::{
    BRAND, conversation_body, rating, rating_request, requester, time, transcript,
};
use crate::codec::names::{MASKED_ADDRESS, channel, presentation, rating_request_id, token_id};
use crate::codec::{ComparableResponse, Naming};
use crate::commands::CommandNumber;
use crate::commands::{Caller, Chat};
use crate::model::{Limit, Model, Refusal, Response, SLOTS, end_of_hour};

impl Response {
    /// The HTTP response at `now`.
    pub fn to_http(&self, model: &Model, naming: Naming, now: Timestamp) -> ComparableResponse {
        match self {
            Self::RatingRequested {
                chat,
                request,
                replayed,
            } => {
                let body = rating_request(model, naming, *chat, *request);
                ComparableResponse::new(201, *replayed, json!({ "rating_request": body }))
            }
            Self::Rated {
                is_first,
                rating: rated,
            } => {
                let status = if *is_first { 201 } else { 200 };
                ComparableResponse::new(status, false, json!({ "rating": rating(rated) }))
            }
            Self::RatingRequestShown {
                chat,
                request,
                rating: rated,
            } => {
                let request = request.map(|number| shown_request(model, *chat, number));
                let rating = rated.as_ref().map(rating);
                let transcript = button(model, *chat);
                let is_hidden = transcript["state"] == "hidden";
                let mut body = json!({ "rating_request": request, "rating": rating, "transcript": transcript });
                if !is_hidden {
                    body["language"] = "en".into();
                }
                ComparableResponse::new(200, false, body)
            }
            Self::TranscriptSent {
                chat,
                transcript: number,
                replayed,
            } => {
                let body = sent_transcript(model, naming, *chat, *number);
                ComparableResponse::new(201, *replayed, body)
            }
            Self::ConversationRecorded { chat, is_new } => {
                let status = if *is_new { 201 } else { 200 };
                let body = conversation_body(model, naming, *chat);
                let token = token_id(model.conversations[chat].visitor_token);
                let body = json!({ "conversation": body, "visitor_token": token });
                ComparableResponse::new(status, false, body)
            }
            Self::MessagesRecorded { messages } => {
                ComparableResponse::new(200, false, json!({ "recorded": messages }))
            }
            Self::BackgroundDone => ComparableResponse::new(200, false, Json::Null),
            Self::Refused(refusal) => refusal.to_http(now),
        }
    }
}

/// The button with which the visitor requests the transcript.
fn button(model: &Model, chat: Chat) -> Json {
    if !model.settings.visitor_may_request {
        return json!({ "state": "hidden" });
    }
    match model.conversations[&chat].has_visitor_email {
        true => json!({ "state": "enabled", "to": MASKED_ADDRESS }),
        false => json!({ "state": "disabled" }),
    }
}

/// A rating request as the visitor sees it.
fn shown_request(model: &Model, chat: Chat, number: CommandNumber) -> Json {
    let request = &model.conversations[&chat].requests[&number];
    let mut body = json!({
        "id": rating_request_id(number),
        "requested_at": time(request.requested_at),
        "language": "en",
        "question": "How was your conversation?",
        "faces": null,
        "thanks": "Thank you for your rating!",
        "comment_label": "Would you like to add something?",
        "reasons": [],
        "brand": { "name": BRAND },
    });
    if let Some(name) = requester(request.requester).get("name") {
        let text = name.as_str().expect("a name is text");
        body["question"] = json!(format!("How was your conversation with {text}?"));
        body["agent_name"] = name.clone();
    }
    body
}

fn sent_transcript(model: &Model, naming: Naming, chat: Chat, number: CommandNumber) -> Json {
    let sent = &model.conversations[&chat].transcripts[&number];
    let outcome = sent.outcome.as_ref().unwrap();
    let mut body = json!({
        "transcript": transcript(naming, number, sent),
        "quota": {
            "limit": SLOTS,
            "remaining": outcome.remaining,
            "resets_at": time(end_of_hour(sent.sent_at)),
        },
    });
    if sent.send.caller == Caller::Visitor {
        body["transcript"]["to"] = MASKED_ADDRESS.into();
    }
    if let Some(result) = &outcome.rating_request {
        body["rating_request"] = match result {
            Ok(number) => rating_request(model, naming, chat, *number),
            Err(refusal) => json!({ "refused": { "code": refusal.code().1 } }),
        };
    }
    body
}

impl Refusal {
    /// The status and the code of the problem.
    fn code(&self) -> (u16, &'static str) {
        match self {
            Self::InvalidVisitorToken => (401, "invalid_visitor_token"),
            Self::ConversationNotFound => (404, "conversation_not_found"),
            Self::ChannelRequired => (422, "invalid_request"),
            Self::ChannelNotSupported(_) => (409, "channel_not_supported"),
            Self::RatingAlreadyRequested { .. } => (429, "rating_already_requested"),
            Self::RatingRequestNotFound => (404, "rating_request_not_found"),
            Self::RatingRequestSuperseded => (410, "rating_request_superseded"),
            Self::RatingRequestWithdrawn => (410, "rating_request_withdrawn"),
            Self::RatingRequestExpired => (410, "rating_request_expired"),
            Self::RatingClosed => (409, "rating_closed"),
            Self::IdempotencyKeyReused => (422, "idempotency_key_reused"),
            Self::IdempotencyKeyInUse => (409, "idempotency_key_in_use"),
            Self::RecipientRequired { .. } => (422, "recipient_required"),
            Self::TranscriptsNotOffered => (403, "transcripts_not_offered"),
            Self::NothingToSend => (422, "nothing_to_send"),
            Self::TranscriptLimitReached { .. } => (429, "transcript_limit_reached"),
            Self::EmailRefused => (502, "email_refused"),
            Self::EmailUnavailable => (503, "email_unavailable"),
            Self::EmailOutcomeUnknown { .. } => (504, "email_outcome_unknown"),
        }
    }

    fn to_http(&self, now: Timestamp) -> ComparableResponse {
        let (status, code) = self.code();
        let mut response = ComparableResponse::new(status, false, json!({ "code": code }));
        let mut add_limit = |name: &str, limit: &str, moment: Timestamp| {
            response.body[name] = time(moment).into();
            response.limit = Some(limit.to_owned());
            let milliseconds = moment.as_millisecond() - now.as_millisecond();
            response.retry_after = Some((milliseconds + 999) / 1_000);
        };
        match self {
            Self::RatingAlreadyRequested { available_at } => {
                add_limit("available_at", "rating-requests", *available_at);
            }
            Self::TranscriptLimitReached { limit, resets_at } => {
                let limit = match limit {
                    Limit::Conversation => "transcripts",
                    Limit::Visitor => "visitor-transcripts",
                    Limit::Agent => "agent-transcripts",
                    Limit::Organisation => "organisation-transcripts",
                };
                add_limit("resets_at", limit, *resets_at);
            }
            Self::ChannelNotSupported(on) => {
                response.body["channel"] = channel(*on).into();
                response.body["presentation"] = presentation(*on).into();
            }
            Self::ChannelRequired => response.body["field"] = "channel".into(),
            Self::RecipientRequired {
                is_field_named: true,
            } => response.body["field"] = "to".into(),
            Self::IdempotencyKeyReused => response.body["field"] = "Idempotency-Key".into(),
            Self::EmailOutcomeUnknown { replayed } => response.replayed = *replayed,
            _ => {}
        }
        response
    }
}
