//! The response to an agent who reads a conversation.

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use tests::SENDER;

use crate::codec::Naming;
use crate::codec::bodies::{conversation_body, requester, time, transcript, value};
use crate::codec::names::{
    MASKED_ADDRESS, agent_id, message_id, message_text, message_time, presentation,
    rating_request_id, transcript_id, visibility,
};
use crate::commands::{Agent, Caller, Channel, Chat};
use crate::model::{Conversation, Event, Model, State, end_of_hour};

impl Model {
    /// The response to `agent` who reads a conversation at `now`.
    pub fn read_conversation(
        &self,
        naming: Naming,
        chat: Chat,
        agent: Agent,
        now: Timestamp,
    ) -> Json {
        let conversation = &self.conversations[&chat];
        let rating = conversation.newest_rating().map(|(requested_by, rating)| {
            let mut body = value(&rating.value);
            body["rated_at"] = time(rating.rated_at).into();
            body["agent_id"] = agent_id(requested_by).into();
            body
        });
        let transcripts = conversation.transcripts.iter().map(|(number, sent)| {
            let mut body = transcript(naming, *number, sent);
            body["state"] = match sent.state {
                State::Reserved => "reserved",
                State::Sent => "sent",
                State::Unknown => "unknown",
            }
            .into();
            body
        });
        json!({
            "conversation": conversation_body(self, naming, chat),
            "rating": rating,
            "thread": { "entries": entries(conversation) },
            "transcripts": transcripts.collect::<Vec<_>>(),
            "actions": {
                "ask_rating": rating_request_action(conversation, agent, now),
                "send_transcript": transcript_action(conversation, naming, chat, now),
            },
        })
    }
}

fn entries(conversation: &Conversation) -> Vec<Json> {
    let messages = conversation.messages.iter().map(|(name, message)| {
        json!({
            "id": message_id(*name),
            "at": message_time(*name),
            "kind": "message",
            "visibility": visibility(message.visibility),
            "author": { "kind": "visitor" },
            "text": message_text(*name, *message),
        })
    });
    let events = conversation
        .events
        .iter()
        .flat_map(|((at, details), count)| {
            let (is_public, body) = event(details);
            let entry = json!({
                "at": time(*at),
                "kind": "event",
                "visibility": if is_public { "public" } else { "private" },
                "event": body,
            });
            std::iter::repeat_n(entry, *count)
        });
    messages.chain(events).collect()
}

/// Whether an event is public, and its body.
fn event(event: &Event) -> (bool, Json) {
    match event {
        Event::RatingRequested {
            request,
            requester: requested_by,
        } => (
            false,
            json!({
                "type": "rating_requested",
                "by": match requested_by.caller {
                    Caller::Rule => "rule",
                    _ => "agent",
                },
                "rating_request_id": rating_request_id(*request),
                "agent": requester(*requested_by),
            }),
        ),
        Event::RatingSubmitted {
            request,
            value: given,
        } => {
            let mut body = value(given);
            body["type"] = "rating_submitted".into();
            body["rating_request_id"] = rating_request_id(*request).into();
            (false, body)
        }
        Event::RatingChanged { request, old, new } => (
            false,
            json!({
                "type": "rating_changed",
                "rating_request_id": rating_request_id(*request),
                "old": value(old),
                "new": value(new),
            }),
        ),
        Event::RatingExpired { request } => (
            false,
            json!({ "type": "rating_expired", "rating_request_id": rating_request_id(*request) }),
        ),
        Event::TranscriptSent {
            transcript,
            requester: requested_by,
        } => (
            true,
            json!({
                "type": "transcript_sent",
                "transcript_id": transcript_id(*transcript),
                "to": MASKED_ADDRESS,
                "agent": requester(*requested_by),
            }),
        ),
        Event::MailGivenUp { .. } => (
            false,
            json!({ "type": "mail_given_up", "mail": "transcript" }),
        ),
    }
}

fn rating_request_action(conversation: &Conversation, agent: Agent, now: Timestamp) -> Json {
    if conversation.channel != Channel::Widget {
        let state = presentation(conversation.channel);
        return json!({ "state": state, "reason": "channel_not_supported" });
    }
    match conversation.cooldown_of(agent, now) {
        Some(available_at) => json!({
            "state": "disabled",
            "reason": "rating_already_requested",
            "available_at": time(available_at),
        }),
        None => json!({ "state": "enabled" }),
    }
}

fn transcript_action(
    conversation: &Conversation,
    naming: Naming,
    chat: Chat,
    now: Timestamp,
) -> Json {
    let remaining = conversation.slots_left(now);
    let mut body = json!({
        "state": "enabled",
        "senders": [{ "address": SENDER, "name": "Acme" }],
        "remaining": remaining,
        "resets_at": time(end_of_hour(now)),
    });
    if conversation.has_visitor_email {
        body["default_to"] = naming.address(chat).into();
    }
    if remaining == 0 {
        body["state"] = "disabled".into();
        body["reason"] = "transcript_limit_reached".into();
    }
    body
}
