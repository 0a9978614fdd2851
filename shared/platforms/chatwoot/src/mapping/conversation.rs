use domain::{Channel, EmailAddress, Language, Timestamp, Visitor};
use platform_recordings::{ConversationChange, ConversationRecording, FieldChange};

use crate::connection::Connection;
use crate::mapping::at_most_ahead;
use crate::mapping::names::{agent, group, labels, person_name};
use crate::payload::{Assignee, Conversation, Group, Member};

/// Records a conversation that was read through the API. The calls must be made in this order.
///
/// `read_at` is the time at which the request was sent.
///
/// The result is empty if the conversation belongs to another account.
pub fn map_conversation(
    connection: &Connection,
    conversation: &Conversation,
    read_at: Timestamp,
) -> Vec<ConversationRecording> {
    let mut recordings = Vec::new();
    recordings.extend(record(connection, conversation, None, read_at));
    recordings.extend(record_inbox(connection, conversation));
    recordings
}

/// Records what a payload says about a conversation. What it does not contain stays as it is.
///
/// The time zone is never recorded. Chatwoot only has the offset from UTC at the time when the chat
/// began, which is the offset of several zones, and of another one after a change to daylight-saving
/// time.
pub(super) fn record(
    connection: &Connection,
    conversation: &Conversation,
    inbox: Option<&Group>,
    now: Timestamp,
) -> Option<ConversationRecording> {
    let id = conversation_id(connection, conversation)?;
    let change = ConversationChange {
        channel: conversation.channel.as_deref().and_then(channel),
        visitor: visitor(conversation),
        assignee: match &conversation.assignee {
            Member::Absent => FieldChange::Keep,
            // The assignee counts as the agent who is rated, so a bot is not recorded as one.
            Member::None | Member::Some(Assignee::Bot) => FieldChange::Remove,
            Member::Some(Assignee::User { id, name }) => set(agent(*id, name.as_deref())),
        },
        // Only messages have the inbox's name. A recording without the name would remove it.
        inbox: inbox.filter(|inbox| inbox.name.is_some()).and_then(group),
        team: match &conversation.team {
            Member::Absent => FieldChange::Keep,
            Member::None => FieldChange::Remove,
            Member::Some(team) => set(group(team)),
        },
        labels: conversation.labels.as_deref().map(labels),
        status: conversation.status,
        as_of: Some(at_most_ahead(conversation.updated_at.unwrap_or(now), now)),
    };
    Some(ConversationRecording {
        conversation_id: id,
        change,
        began_at: conversation.created_at,
    })
}

/// Records the inbox without its name if no inbox is recorded. The `as_of` is so early that the
/// recording is outdated, and an outdated recording does not replace anything.
fn record_inbox(
    connection: &Connection,
    conversation: &Conversation,
) -> Option<ConversationRecording> {
    let id = conversation.inbox_id?;
    let inbox = group(&Group { id, name: None })?;
    Some(ConversationRecording {
        conversation_id: conversation_id(connection, conversation)?,
        change: ConversationChange {
            inbox: Some(inbox),
            as_of: Some(Timestamp::EPOCH),
            ..ConversationChange::default()
        },
        began_at: conversation.created_at,
    })
}

/// The id of a conversation here; `None` if it belongs to another account.
pub(super) fn conversation_id(
    connection: &Connection,
    conversation: &Conversation,
) -> Option<domain::ConversationId> {
    let is_of_account = conversation
        .account_id
        .is_none_or(|account_id| account_id == connection.account_id);
    let display_id = is_of_account.then_some(conversation.display_id)?;
    connection.prefix.conversation_id(display_id)
}

fn set<T>(value: Option<T>) -> FieldChange<T> {
    value.map_or(FieldChange::Keep, FieldChange::Set)
}

fn visitor(conversation: &Conversation) -> Option<Visitor> {
    let email = conversation.visitor_email.as_deref();
    let language = conversation.browser_language.as_deref();
    let visitor = Visitor {
        name: conversation.visitor_name.as_deref().and_then(person_name),
        email: email.and_then(|email| EmailAddress::parse(email.trim()).ok()),
        time_zone: None,
        language: language.and_then(Language::closest),
    };
    (visitor != Visitor::default()).then_some(visitor)
}

/// The channel of a class such as `Channel::WebWidget`. A class without a name of its own here
/// becomes `twilio-sms` for `Channel::TwilioSms`.
fn channel(class: &str) -> Option<Channel> {
    let name = class.rsplit("::").next()?;
    match name {
        "WebWidget" => return Some(Channel::widget()),
        "FacebookPage" => return Channel::parse("messenger").ok(),
        _ => {}
    }
    let mut words = String::new();
    for character in name.chars().take(32) {
        if character.is_ascii_uppercase() && !words.is_empty() {
            words.push('-');
        }
        words.push(character.to_ascii_lowercase());
    }
    Channel::parse(&words).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::examples::{connection, created};
    use crate::payload::decode_conversation;
    use serde_json::{Value, json};

    #[test]
    fn each_channel_has_a_short_name() {
        for (class, name) in [
            ("Channel::WebWidget", Some("widget")),
            ("Channel::FacebookPage", Some("messenger")),
            ("Channel::Instagram", Some("instagram")),
            ("Channel::Voice", Some("voice")),
            ("Channel::Email", Some("email")),
            ("Channel::Api", Some("api")),
            ("Channel::TwilioSms", Some("twilio-sms")),
            ("Telegram", Some("telegram")),
            ("Channel::", None),
            ("", None),
            ("Channel::Ünknown Channel", None),
        ] {
            assert_eq!(
                channel(class).as_ref().map(Channel::as_str),
                name,
                "{class}"
            );
        }
        let long = format!("Channel::{}", "X".repeat(99));
        assert!(channel(&long).is_some());
    }

    fn change(conversation: Value) -> Value {
        let event = json!({"conversation": conversation});
        json!(created(event).conversation.unwrap().change)
    }

    #[test]
    fn what_the_payload_does_not_contain_is_not_recorded() {
        let change = change(json!({"id": 118, "updated_at": 1_772_442_904.25}));
        assert_eq!(change, json!({"as_of": "2026-03-02T09:15:04.250Z"}));
    }

    #[test]
    fn without_a_person_as_assignee_the_assignee_is_removed() {
        let bot = json!({"id": 3, "name": "Helper", "type": "agent_bot"});
        for meta in [json!({"assignee": null}), json!({"assignee": bot})] {
            let change = change(json!({"id": 118, "meta": meta, "updated_at": 1}));
            assert_eq!(change.get("assignee"), Some(&Value::Null), "{meta}");
        }
    }

    #[test]
    fn invalid_values_of_the_visitor_are_left_out() {
        let change = change(json!({
            "id": 118,
            "updated_at": 1,
            "meta": {"sender": {"name": " ", "email": "not an address"}},
            "additional_attributes": {
                "browser_language": "?",
                "initiated_at": {"timestamp": "Mon Mar 02 2026 10:15:01 GMT+0100 (CET)"},
            },
        }));
        assert_eq!(change.get("visitor"), None);
    }

    #[test]
    fn a_time_of_change_far_in_the_future_is_limited() {
        let change = change(json!({"id": 118, "updated_at": 4_000_000_000_i64}));
        assert_eq!(change["as_of"], "2026-03-02T09:34:00.000Z");
    }

    #[test]
    fn the_api_has_no_assignee_and_no_team_if_there_is_none() {
        let conversation =
            json!({"id": 118, "meta": {"channel": "Channel::WebWidget"}, "inbox_id": 4});
        let conversation = decode_conversation(conversation.to_string().as_bytes()).unwrap();
        let recordings = map_conversation(&connection(), &conversation, Timestamp::EPOCH);
        let first = json!(recordings[0].change);
        assert!(first["assignee"].is_null() && first.get("assignee").is_some());
        assert!(first["team"].is_null() && first.get("team").is_some());
        let inbox = json!({"inbox": {"id": "4"}, "as_of": Timestamp::EPOCH});
        assert_eq!(json!(recordings[1].change), inbox);
    }
}
