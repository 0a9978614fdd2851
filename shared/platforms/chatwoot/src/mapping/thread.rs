use domain::{MessageId, Timestamp};
use platform_recordings::{NewMessages, PromptAnswer};
use serde::Serialize;

use crate::connection::Connection;
use crate::mapping::is_too_far_ahead;
use crate::mapping::message::{self, Version};
use crate::payload::{Message, MessageType};

/// The recordings of messages that were read through the API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MessagesMapping {
    /// The bodies to send, in this order. Empty if there is nothing to record.
    pub bodies: Vec<NewMessages>,
    /// The answers to prompts of this project. The caller must check that it posted the prompt.
    pub answers: Vec<PromptAnswer>,
}

/// Converts messages of one conversation that were read through the API, such as the whole thread.
/// Messages can be repeated.
///
/// `read_at` is the time at which the first request was sent. A note found here never executes a
/// command, because the note may be old.
pub fn map_messages(
    connection: &Connection,
    messages: &[Message],
    read_at: Timestamp,
) -> MessagesMapping {
    let mut recordings = Vec::new();
    let mut answers: Vec<PromptAnswer> = Vec::new();
    for message in messages {
        if message::is_own(connection, message) {
            answers.retain(|it| it.message_id.as_str() != message.id.to_string());
            answers.extend(answer(connection, message));
        } else if message.message_type != MessageType::Activity
            && !is_too_far_ahead(message.created_at, read_at)
        {
            recordings.extend(message::record(message, Version::Api { read_at }));
        }
    }
    MessagesMapping {
        bodies: NewMessages::bodies(recordings),
        answers,
    }
}

fn answer(connection: &Connection, message: &Message) -> Option<PromptAnswer> {
    let attributes = &message.attributes;
    let submitted = attributes.submitted.iter();
    let answer = PromptAnswer {
        message_id: MessageId::parse(&message.id.to_string()).ok()?,
        prompt: attributes.marker.clone()?,
        values: submitted.filter_map(|it| it.value.clone()).collect(),
        is_of_bot: message::is_of_bot(connection, message),
    };
    (!answer.values.is_empty()).then_some(answer)
}

#[cfg(test)]
mod tests {
    use crate::mapping::examples::read;
    use serde_json::json;

    #[test]
    fn an_answered_prompt_of_this_project_is_an_answer_and_not_recorded() {
        let mapping = read(json!({"content_attributes": {
            "afterchat": "rr-1",
            "submitted_values": [{"title": "Great", "value": "5"}],
        }}));
        assert!(mapping.bodies.is_empty());
        assert_eq!(mapping.answers[0].prompt, "rr-1");
        assert_eq!(mapping.answers[0].values, ["5"]);
        assert!(!mapping.answers[0].is_of_bot);
    }

    #[test]
    fn activities_are_not_recorded() {
        let mapping = read(json!({"message_type": 2, "sender": null}));
        assert!(mapping.bodies.is_empty() && mapping.answers.is_empty());
    }
}
