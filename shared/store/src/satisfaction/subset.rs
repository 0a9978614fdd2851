use domain::{AgentId, AskedBy, Channel, CountsDelta, OrganisationId, ReasonId, ReportDay};
use dynamodb::{Key, Table, TransactWriteItem, attribute, number, transact_item};
use errors::Fault;
use serde::{Deserialize, Serialize};

use crate::key;
use crate::satisfaction::items::PendingCountsItem;

/// The counts of a subset of the requests and ratings of one day and channel: the requests by a rule
/// and their ratings, the ratings with a reason, or the ratings with a reason of requests by a rule.
///
/// Pending counts, rolled-up counts of all agents and rolled-up counts of one agent have the same
/// attributes. They are apart from the counts of all requests and ratings, so former versions, which
/// write those as whole items, leave them unchanged. A number may be negative, as in pending counts of
/// ratings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubsetCountsItem {
    /// The day of the requests.
    pub day: ReportDay,
    /// The channel of the conversations.
    pub channel: Channel,
    /// The agent who asked; `None` in the rolled-up counts of all agents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<AgentId>,
    /// `Rule` if only requests by a rule and their ratings are counted; `None` if all are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<AskedBy>,
    /// The reason of the ratings; `None` if requests, and ratings with any reason or none, are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonId>,
    /// How many requests there are. Always 0 with a reason, because only ratings have reasons.
    #[serde(default)]
    pub requests: i64,
    /// How many ratings have a score of 1.
    pub score_1: i64,
    /// How many ratings have a score of 2.
    pub score_2: i64,
    /// How many ratings have a score of 3.
    pub score_3: i64,
    /// How many ratings have a score of 4.
    pub score_4: i64,
    /// How many ratings have a score of 5.
    pub score_5: i64,
}

/// An attribute with a number of counts, and the placeholder of its value.
type Amount = (&'static str, &'static str);

impl SubsetCountsItem {
    /// Counts that are all 0. They need `asked_by` or a `reason`.
    pub fn new(
        day: ReportDay,
        channel: Channel,
        agent_id: Option<AgentId>,
        asked_by: Option<AskedBy>,
        reason: Option<ReasonId>,
    ) -> Self {
        Self {
            day,
            channel,
            agent_id,
            asked_by,
            reason,
            requests: 0,
            score_1: 0,
            score_2: 0,
            score_3: 0,
            score_4: 0,
            score_5: 0,
        }
    }

    /// The same counts with the numbers of `change`.
    #[must_use]
    pub fn with(self, change: CountsDelta) -> Self {
        let [requests, score_1, score_2, score_3, score_4, score_5] = change.into();
        Self {
            requests,
            score_1,
            score_2,
            score_3,
            score_4,
            score_5,
            ..self
        }
    }

    /// The change that these counts make to the counts of the subset.
    pub fn change(&self) -> CountsDelta {
        CountsDelta {
            requests: self.requests,
            scores: [
                self.score_1,
                self.score_2,
                self.score_3,
                self.score_4,
                self.score_5,
            ],
        }
    }

    /// The attributes of the numbers and the placeholders of their values, each with its number.
    /// Counts by reason do not have the number of requests.
    pub fn amounts(&self) -> impl Iterator<Item = (Amount, i64)> {
        let numbers = <[i64; 6]>::from(self.change());
        let skipped = usize::from(self.reason.is_some());
        PendingCountsItem::AMOUNTS
            .into_iter()
            .zip(numbers)
            .skip(skipped)
    }

    /// The key under which these counts are pending, in one shard.
    ///
    /// # Errors
    /// If they have no agent, or if they are of no subset, which is a bug.
    pub fn pending_key(&self, organisation: &OrganisationId, shard: u8) -> Result<Key, Fault> {
        let agent = self.agent_id.as_ref();
        let agent = agent.ok_or_else(|| Fault::internal("pending counts have no agent"))?;
        let (day, channel) = (self.day, &self.channel);
        Ok(match self.asked_by {
            Some(_) => {
                let reason = self.reason.as_ref();
                key::pending_rule(organisation, shard, day, channel, agent, reason)
            }
            None => {
                let reason = self.required_reason()?;
                key::pending_reason(organisation, shard, day, channel, agent, reason)
            }
        })
    }

    /// The key under which these counts are rolled up.
    ///
    /// # Errors
    /// If they are of no subset, which is a bug.
    pub fn rolled_up_key(&self, organisation: &OrganisationId) -> Result<Key, Fault> {
        let (day, channel, reason) = (self.day, &self.channel, self.reason.as_ref());
        Ok(match (self.asked_by, &self.agent_id) {
            (Some(_), Some(agent)) => key::agent_rule(organisation, agent, day, channel, reason),
            (Some(_), None) => key::day_rule(organisation, day, channel, reason),
            (None, Some(agent)) => {
                key::agent_reason(organisation, agent, day, channel, self.required_reason()?)
            }
            (None, None) => key::day_reason(organisation, day, channel, self.required_reason()?),
        })
    }

    fn required_reason(&self) -> Result<&ReasonId, Fault> {
        let reason = self.reason.as_ref();
        reason.ok_or_else(|| Fault::internal("counts are of no subset"))
    }

    /// A write that adds these counts to those under `key`.
    ///
    /// # Errors
    /// If a value cannot be serialized, which is a bug.
    pub fn add_to(&self, table: &Table, key: Key) -> Result<TransactWriteItem, Fault> {
        let mut set = vec!["#day = :day", "#channel = :channel"];
        let mut update = table
            .update(key)
            .expression_attribute_names("#day", "day")
            .expression_attribute_names("#channel", "channel")
            .expression_attribute_values(":day", attribute(&self.day)?)
            .expression_attribute_values(":channel", attribute(&self.channel)?);
        if let Some(agent_id) = &self.agent_id {
            set.push("agent_id = :agent_id");
            update = update.expression_attribute_values(":agent_id", attribute(agent_id)?);
        }
        if let Some(asked_by) = &self.asked_by {
            set.push("asked_by = :asked_by");
            update = update.expression_attribute_values(":asked_by", attribute(asked_by)?);
        }
        if let Some(reason) = &self.reason {
            set.push("#reason = :reason");
            update = update
                .expression_attribute_names("#reason", "reason")
                .expression_attribute_values(":reason", attribute(reason)?);
        }
        let mut added = Vec::new();
        for ((attribute, placeholder), amount) in self.amounts() {
            added.push(format!("{attribute} {placeholder}"));
            update = update.expression_attribute_values(placeholder, number(amount));
        }
        let (set, added) = (set.join(", "), added.join(", "));
        transact_item(update.update_expression(format!("SET {set} ADD {added}")))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(item: &SubsetCountsItem) -> Vec<(&str, i64)> {
        item.amounts()
            .map(|((attribute, _), amount)| (attribute, amount))
            .collect()
    }

    #[test]
    fn counts_by_reason_are_read_as_a_former_version_wrote_them() {
        let item: SubsetCountsItem = serde_json::from_value(json!({
            "day": "2026-11-03", "channel": "widget", "agent_id": "kim", "reason": "slow",
            "score_1": 1, "score_2": -1, "score_3": 0, "score_4": 0, "score_5": 0,
        }))
        .unwrap();
        assert_eq!((item.asked_by, item.requests), (None, 0));
        let expected = [
            ("score_1", 1),
            ("score_2", -1),
            ("score_3", 0),
            ("score_4", 0),
            ("score_5", 0),
        ];
        assert_eq!(names(&item), expected);
    }

    #[test]
    fn each_subset_has_keys_of_its_own() {
        let organisation = OrganisationId::parse("acme").unwrap();
        let slow = ReasonId::parse("slow").ok();
        for (asked_by, reason, pending, of_agent, of_all) in [
            (
                None,
                &slow,
                "REASONS#03 2026-11-03#widget#kim#slow",
                "AGENT_REASONS#kim#2026-11-03#widget#slow",
                "REASONS#2026-11-03#widget#slow",
            ),
            (
                Some(AskedBy::Rule),
                &None,
                "RULES#03 2026-11-03#widget#kim",
                "AGENT_RULES#2026-11-03#widget#kim",
                "RULES#2026-11-03#widget",
            ),
            (
                Some(AskedBy::Rule),
                &slow,
                "RULES#03 2026-11-03#widget#kim#slow",
                "AGENT_RULE_REASONS#kim#2026-11-03#widget#slow",
                "RULE_REASONS#2026-11-03#widget#slow",
            ),
        ] {
            let day = ReportDay::parse("2026-11-03").unwrap();
            let (widget, kim) = (Channel::widget(), AgentId::parse("kim").ok());
            let item = SubsetCountsItem::new(day, widget, kim, asked_by, reason.clone());
            let key = item.pending_key(&organisation, 3).unwrap();
            let expected = format!("acme#SATISFACTION#{pending}");
            assert_eq!(format!("{} {}", key.pk, key.sk), expected);
            assert_eq!(item.rolled_up_key(&organisation).unwrap().sk, of_agent);
            let all = SubsetCountsItem {
                agent_id: None,
                ..item
            };
            assert_eq!(all.rolled_up_key(&organisation).unwrap().sk, of_all);
            assert!(all.pending_key(&organisation, 3).is_err());
        }
    }
}
