use domain::{AgentId, Channel, CountsDelta, ReasonId, ReportDay};
use dynamodb::{Key, Table, TransactWriteItem, attribute, number, transact_item};
use errors::Fault;
use serde::{Deserialize, Serialize};

use crate::satisfaction::items::PendingCountsItem;

/// The counts of a reason in the ratings of one day and channel: how many ratings of each score have
/// it.
///
/// Pending counts, rolled-up counts of all agents and rolled-up counts of one agent have the same
/// attributes. They are apart from the counts of requests and ratings, so versions before 1.3.0, which
/// write those as whole items, leave them unchanged. A number may be negative, as in pending counts of
/// ratings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonCountsItem {
    /// The day of the requests.
    pub day: ReportDay,
    /// The channel of the conversations.
    pub channel: Channel,
    /// The agent who asked; `None` in the rolled-up counts of all agents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<AgentId>,
    /// The reason.
    pub reason: ReasonId,
    /// How many ratings with a score of 1 have the reason.
    pub score_1: i64,
    /// How many ratings with a score of 2 have the reason.
    pub score_2: i64,
    /// How many ratings with a score of 3 have the reason.
    pub score_3: i64,
    /// How many ratings with a score of 4 have the reason.
    pub score_4: i64,
    /// How many ratings with a score of 5 have the reason.
    pub score_5: i64,
}

impl ReasonCountsItem {
    /// The attributes of the five numbers, each with the placeholder of its value.
    pub const AMOUNTS: [(&str, &str); 5] = {
        let [_requests, scores @ ..] = PendingCountsItem::AMOUNTS;
        scores
    };

    /// The counts of `change`.
    pub fn new(
        day: ReportDay,
        channel: Channel,
        agent_id: Option<AgentId>,
        reason: ReasonId,
        change: CountsDelta,
    ) -> Self {
        let [score_1, score_2, score_3, score_4, score_5] = change.scores;
        Self {
            day,
            channel,
            agent_id,
            reason,
            score_1,
            score_2,
            score_3,
            score_4,
            score_5,
        }
    }

    /// The same counts plus `change`.
    #[must_use]
    pub fn plus(&self, change: CountsDelta) -> Self {
        Self::new(
            self.day,
            self.channel.clone(),
            self.agent_id.clone(),
            self.reason.clone(),
            self.change() + change,
        )
    }

    /// The change that these counts make to the counts by reason.
    pub fn change(&self) -> CountsDelta {
        CountsDelta {
            requests: 0,
            scores: [
                self.score_1,
                self.score_2,
                self.score_3,
                self.score_4,
                self.score_5,
            ],
        }
    }

    /// The placeholders of [`Self::AMOUNTS`], each with its number.
    pub fn amounts(&self) -> impl Iterator<Item = (&'static str, i64)> {
        let placeholders = Self::AMOUNTS.map(|(_, placeholder)| placeholder);
        placeholders.into_iter().zip(self.change().scores)
    }

    /// A write that adds these counts to those under `key`.
    ///
    /// # Errors
    /// If a value cannot be serialized, which is a bug.
    pub fn add_to(&self, table: &Table, key: Key) -> Result<TransactWriteItem, Fault> {
        let agent = if self.agent_id.is_some() {
            ", agent_id = :agent_id"
        } else {
            ""
        };
        let added = Self::AMOUNTS.map(|(attribute, value)| format!("{attribute} {value}"));
        let added = added.join(", ");
        let set = format!("SET #day = :day, #channel = :channel, #reason = :reason{agent}");
        let mut update = table
            .update(key)
            .update_expression(format!("{set} ADD {added}"))
            .expression_attribute_names("#day", "day")
            .expression_attribute_names("#channel", "channel")
            .expression_attribute_names("#reason", "reason")
            .expression_attribute_values(":day", attribute(&self.day)?)
            .expression_attribute_values(":channel", attribute(&self.channel)?)
            .expression_attribute_values(":reason", attribute(&self.reason)?);
        if let Some(agent_id) = &self.agent_id {
            update = update.expression_attribute_values(":agent_id", attribute(agent_id)?);
        }
        for (placeholder, amount) in self.amounts() {
            update = update.expression_attribute_values(placeholder, number(amount));
        }
        transact_item(update)
    }
}
