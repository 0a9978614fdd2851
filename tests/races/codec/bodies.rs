//! The JSON objects that several responses share.

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use tests::SENDER;

use crate::codec::Naming;
use crate::codec::names::{agent_id, channel, rating_request_id, status, transcript_id};
use crate::commands::CommandNumber;
use crate::commands::{Agent, Caller, Chat};
use crate::model::{Conversation, Model, Rating, Requester, Transcript, Value};

/// The name of the brand of a stack without settings.
pub(super) const BRAND: &str = "Support";

pub(super) fn time(moment: Timestamp) -> String {
    format!("{moment:.3}")
}

pub(super) fn requester(requester: Requester) -> Json {
    match requester.caller {
        Caller::Agent | Caller::Visitor => json!({ "id": agent_id(requester.agent) }),
        Caller::Platform => agent(requester.agent),
        Caller::Rule if requester.agent == Agent::Automatic => {
            json!({ "id": agent_id(requester.agent), "name": BRAND })
        }
        Caller::Rule => agent(requester.agent),
    }
}

/// An agent as the platform names one.
pub fn agent(agent: Agent) -> Json {
    json!({ "id": agent_id(agent), "name": "An agent" })
}

pub(super) fn value(value: &Value) -> Json {
    let sentiment = match value.score {
        1 | 2 => "negative",
        3 => "neutral",
        _ => "positive",
    };
    with_comment(
        json!({ "score": value.score, "sentiment": sentiment }),
        value,
    )
}

fn with_comment(mut body: Json, value: &Value) -> Json {
    if let Some(comment) = value.comment {
        body["comment"] = comment.into();
    }
    body
}

pub(super) fn rating(rating: &Rating) -> Json {
    let body = json!({
        "score": rating.value.score,
        "rated_at": time(rating.rated_at),
        "changeable_until": time(rating.changeable_until()),
    });
    with_comment(body, &rating.value)
}

fn visitor(conversation: &Conversation, naming: Naming, chat: Chat) -> Json {
    if conversation.has_visitor_email {
        json!({ "email": naming.address(chat) })
    } else {
        json!({})
    }
}

pub(super) fn conversation_body(model: &Model, naming: Naming, chat: Chat) -> Json {
    let conversation = &model.conversations[&chat];
    let mut body = json!({
        "id": naming.conversation(chat),
        "channel": channel(conversation.channel),
        "status": status(conversation.status),
        "visitor": visitor(conversation, naming, chat),
        "recorded_at": time(conversation.recorded_at),
        "updated_at": time(conversation.updated_at),
    });
    if let Some(assignee) = conversation.assignee {
        body["assignee"] = agent(assignee);
    }
    body
}

pub(super) fn rating_request(
    model: &Model,
    naming: Naming,
    chat: Chat,
    number: CommandNumber,
) -> Json {
    let request = &model.conversations[&chat].requests[&number];
    json!({
        "id": rating_request_id(number),
        "conversation_id": naming.conversation(chat),
        "agent_id": agent_id(request.requester.agent),
        "requested_at": time(request.requested_at),
        "next_request_at": time(request.next_request_at),
    })
}

pub(super) fn transcript(naming: Naming, number: CommandNumber, transcript: &Transcript) -> Json {
    json!({
        "id": transcript_id(number),
        "to": naming.address(transcript.send.chat),
        "from": SENDER,
        "sender_name": transcript.send.sender_name,
        "language": "en",
        "message_count": transcript.message_count,
        "sent_at": time(transcript.sent_at),
    })
}
