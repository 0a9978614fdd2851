//! The conditions of a rule.

use domain::{Channel, GroupId, InvalidValue, Label, Labels, ResolvedBy};
use serde::{Deserialize, Serialize};

/// The maximum number of channels, inboxes or teams in a condition.
pub const MAXIMUM_GROUPS: usize = 50;

/// The maximum of a minimum number of messages.
pub const MAXIMUM_MINIMUM_MESSAGES: u16 = 1_000;

/// The conversations in which a rule acts. What is absent is not a condition, except that an absent
/// `channels` means the widget.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conditions {
    /// The channel is one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<Channel>>,
    /// The inbox is one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inboxes: Option<Vec<GroupId>>,
    /// The team is one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teams: Option<Vec<GroupId>>,
    /// At least one of these labels is on the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels_any: Option<Labels>,
    /// None of these labels is on the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels_none: Option<Labels>,
    /// The minimum numbers of public messages.
    #[serde(skip_serializing_if = "MinimumMessages::is_empty")]
    pub minimum_messages: MinimumMessages,
    /// None of these ended the chat.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skip_resolved_by: Vec<ResolvedBy>,
    /// The share of the rounds in which the rule acts. `None` means all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_percent: Option<SamplePercent>,
}

/// The minimum numbers of public messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MinimumMessages {
    /// Of the visitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visitor: Option<u16>,
    /// Of agents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<u16>,
}

/// A percentage from 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8")]
pub struct SamplePercent(u8);

/// What the conditions of a rule are compared with: a conversation that was resolved.
#[derive(Clone, Copy, Debug)]
pub struct ResolvedConversation<'a> {
    /// The channel.
    pub channel: &'a Channel,
    /// The id of the inbox.
    pub inbox: Option<&'a GroupId>,
    /// The id of the team.
    pub team: Option<&'a GroupId>,
    /// The labels.
    pub labels: Option<&'a Labels>,
    /// The number of public messages of the visitor. `None` if it is not known.
    pub visitor_messages: Option<i64>,
    /// The number of public messages of agents. `None` if it is not known.
    pub agent_messages: Option<i64>,
    /// Who or what ended the chat, if the platform said so.
    pub resolved_by: Option<ResolvedBy>,
    /// A number from 0 to 99 that is always the same for one round of one conversation.
    pub sample: u8,
}

impl Conditions {
    /// Whether there is no condition.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether `conversation` meets all conditions.
    pub fn are_met_by(&self, conversation: &ResolvedConversation<'_>) -> bool {
        let is_in = |groups: &Option<Vec<GroupId>>, group: Option<&GroupId>| {
            let groups = groups.as_ref();
            groups.is_none_or(|groups| group.is_some_and(|group| groups.contains(group)))
        };
        let has_one_of =
            |labels: &Labels| conversation.labels.is_some_and(|it| it.has_one_of(labels));
        let has_written = |minimum: Option<u16>, written: Option<i64>| {
            minimum.is_none_or(|minimum| written.is_some_and(|it| it >= i64::from(minimum)))
        };
        let is_in_channel = match &self.channels {
            Some(channels) => channels.contains(conversation.channel),
            None => conversation.channel.as_str() == Channel::WIDGET,
        };
        is_in_channel
            && is_in(&self.inboxes, conversation.inbox)
            && is_in(&self.teams, conversation.team)
            && self.labels_any.as_ref().is_none_or(has_one_of)
            && !self.labels_none.as_ref().is_some_and(has_one_of)
            && has_written(self.minimum_messages.visitor, conversation.visitor_messages)
            && has_written(self.minimum_messages.agent, conversation.agent_messages)
            && !conversation
                .resolved_by
                .is_some_and(|by| self.skip_resolved_by.contains(&by))
            && self
                .sample_percent
                .is_none_or(|percent| conversation.sample < percent.0)
    }

    /// Checks a list of channels, inboxes or teams.
    ///
    /// # Errors
    /// If it is empty or too long.
    pub fn check_groups<T: PartialEq>(groups: Vec<T>) -> Result<Vec<T>, InvalidValue> {
        if !(1..=MAXIMUM_GROUPS).contains(&groups.len()) {
            return Err(InvalidValue::new(format!(
                "must have 1 to {MAXIMUM_GROUPS} items, or be left out"
            )));
        }
        Ok(without_repeats(groups))
    }

    /// Checks a list of labels.
    ///
    /// # Errors
    /// If it is empty or too long.
    pub fn check_labels(labels: Vec<Label>) -> Result<Labels, InvalidValue> {
        if labels.is_empty() {
            return Err(InvalidValue::new(
                "must have at least one label, or be left out",
            ));
        }
        Labels::new(labels)
    }

    /// Removes repeats from the ways in which a chat can end.
    pub fn distinct_resolved_by(ways: Vec<ResolvedBy>) -> Vec<ResolvedBy> {
        without_repeats(ways)
    }
}

impl MinimumMessages {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Checks a minimum number of messages. Zero is the same as none.
    ///
    /// # Errors
    /// If it is too large.
    pub fn parse(number: u64) -> Result<Option<u16>, InvalidValue> {
        let number = u16::try_from(number).ok();
        let number = number.filter(|number| *number <= MAXIMUM_MINIMUM_MESSAGES);
        let number = number.ok_or_else(|| {
            InvalidValue::new(format!(
                "must be a number from 0 to {MAXIMUM_MINIMUM_MESSAGES}"
            ))
        })?;
        Ok(Some(number).filter(|number| *number > 0))
    }
}

impl SamplePercent {
    /// Checks a percentage.
    ///
    /// # Errors
    /// If it is not from 1 to 100.
    pub fn parse(percent: u64) -> Result<Self, InvalidValue> {
        match u8::try_from(percent) {
            Ok(percent @ 1..=100) => Ok(Self(percent)),
            _ => Err(InvalidValue::new("must be a number from 1 to 100")),
        }
    }
}

impl TryFrom<u8> for SamplePercent {
    type Error = InvalidValue;

    fn try_from(percent: u8) -> Result<Self, InvalidValue> {
        Self::parse(percent.into())
    }
}

fn without_repeats<T: PartialEq>(items: Vec<T>) -> Vec<T> {
    let mut unique = Vec::with_capacity(items.len());
    for item in items {
        if !unique.contains(&item) {
            unique.push(item);
        }
    }
    unique
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn is_met(conditions: Value, change: impl FnOnce(&mut ResolvedConversation<'_>)) -> bool {
        let conditions: Conditions = serde_json::from_value(conditions).unwrap();
        let widget = Channel::widget();
        let mut conversation = ResolvedConversation {
            channel: &widget,
            inbox: None,
            team: None,
            labels: None,
            visitor_messages: Some(2),
            agent_messages: Some(1),
            resolved_by: None,
            sample: 40,
        };
        change(&mut conversation);
        conditions.are_met_by(&conversation)
    }

    fn same(_: &mut ResolvedConversation<'_>) {}

    #[test]
    fn without_conditions_a_rule_acts_in_each_conversation_of_the_widget() {
        assert!(is_met(json!({}), same));
        let voice = Channel::parse("voice").unwrap();
        let conditions = json!({ "channels": ["voice"] });
        assert!(!is_met(conditions.clone(), same));
        let conditions: Conditions = serde_json::from_value(conditions).unwrap();
        let in_voice = ResolvedConversation {
            channel: &voice,
            inbox: None,
            team: None,
            labels: None,
            visitor_messages: None,
            agent_messages: None,
            resolved_by: None,
            sample: 99,
        };
        assert!(conditions.are_met_by(&in_voice));
        assert!(!Conditions::default().are_met_by(&in_voice));
    }

    #[test]
    fn a_conversation_without_an_inbox_or_a_team_is_in_none_of_a_list() {
        let id = GroupId::parse("3").unwrap();
        let inboxes = || json!({ "inboxes": ["3", "4"] });
        assert!(!is_met(inboxes(), same));
        let teams = || json!({ "teams": ["3"] });
        assert!(!is_met(teams(), same));
        let conditions: Conditions = serde_json::from_value(inboxes()).unwrap();
        let widget = Channel::widget();
        let conversation = ResolvedConversation {
            channel: &widget,
            inbox: Some(&id),
            team: None,
            labels: None,
            visitor_messages: None,
            agent_messages: None,
            resolved_by: None,
            sample: 0,
        };
        assert!(conditions.are_met_by(&conversation));
    }

    #[test]
    fn labels_are_required_or_excluded() {
        let labels = |texts: &[&str]| {
            let labels = texts.iter().map(|text| Label::parse(text).unwrap());
            Labels::new(labels.collect()).unwrap()
        };
        let of = labels(&["vip", "billing"]);
        let conversation = |conditions: Value| {
            let conditions: Conditions = serde_json::from_value(conditions).unwrap();
            let widget = Channel::widget();
            conditions.are_met_by(&ResolvedConversation {
                channel: &widget,
                inbox: None,
                team: None,
                labels: Some(&of),
                visitor_messages: None,
                agent_messages: None,
                resolved_by: None,
                sample: 0,
            })
        };
        assert!(conversation(json!({ "labels_any": ["x", "vip"] })));
        assert!(!conversation(json!({ "labels_any": ["x"] })));
        assert!(conversation(json!({ "labels_none": ["x"] })));
        assert!(!conversation(json!({ "labels_none": ["x", "billing"] })));
        assert!(!is_met(json!({ "labels_any": ["x"] }), same));
        assert!(is_met(json!({ "labels_none": ["x"] }), same));
    }

    #[test]
    fn an_unknown_number_of_messages_meets_no_minimum() {
        let visitor = |number: u16| json!({ "minimum_messages": { "visitor": number } });
        let agent = |number: u16| json!({ "minimum_messages": { "agent": number } });
        assert!(is_met(visitor(2), same) && !is_met(visitor(3), same));
        assert!(is_met(agent(1), same) && !is_met(agent(2), same));
        assert!(!is_met(visitor(1), |it| it.visitor_messages = None));
        assert!(is_met(json!({}), |it| it.visitor_messages = None));
    }

    #[test]
    fn a_chat_that_was_ended_by_a_skipped_way_is_left_out() {
        let skip = || json!({ "skip_resolved_by": ["bot", "timeout"] });
        assert!(is_met(skip(), same));
        for (by, expected) in [(ResolvedBy::Bot, false), (ResolvedBy::Agent, true)] {
            assert_eq!(is_met(skip(), |it| it.resolved_by = Some(by)), expected);
        }
    }

    #[test]
    fn a_sample_contains_its_share_of_the_rounds() {
        for (percent, expected) in [(1, false), (40, false), (41, true), (100, true)] {
            let conditions = json!({ "sample_percent": percent });
            assert_eq!(is_met(conditions, same), expected, "{percent}");
        }
        for percent in [0, 101] {
            assert!(SamplePercent::parse(percent).is_err());
        }
    }
}
