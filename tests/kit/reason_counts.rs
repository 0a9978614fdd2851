use std::collections::BTreeMap;

use domain::{
    AgentId, AskedBy, Channel, CountsDelta, DayCount, DaySpan, OrganisationId, ReasonId, ReportDay,
    Timestamp,
};
use dynamodb::Table;
use errors::Fault;
use serde_json::{Value, json};
use store::{CountedBy, CountsQuery, ReasonsOf, sum_counts};

use crate::Stack;
use crate::counts::was_asked_by;

/// How many ratings of each score have a reason, by day, channel, agent and reason. There is no agent
/// if the ratings of all agents are counted together.
pub type CountedReasons = BTreeMap<(ReportDay, Channel, Option<AgentId>, ReasonId), [u64; 5]>;

/// The counts by reason of an organisation's ratings in `span`: of one agent, or of all together; of
/// requests by an agent or by a rule, or of all.
///
/// # Errors
/// If they cannot be read.
pub async fn read_reasons(
    table: &Table,
    organisation: &OrganisationId,
    span: DaySpan,
    agent: Option<&AgentId>,
    asked_by: Option<AskedBy>,
    now: Timestamp,
) -> Result<CountedReasons, Fault> {
    let query = CountsQuery {
        organisation,
        span,
        by: CountedBy::Channel,
        asked_by,
        reasons: agent.map_or(ReasonsOf::AllAgents, ReasonsOf::Agent),
        now,
    };
    let add = |sums: &mut Vec<DayCount>, part| sums.push(part);
    let counts = sum_counts(table, query, add).await?;
    let mut sums: BTreeMap<_, CountsDelta> = BTreeMap::new();
    for part in counts.sums {
        if let Some(reason) = part.reason {
            let whose = (part.day, part.channel, part.agent, reason);
            *sums.entry(whose).or_default() += part.amount;
        }
    }
    let counted = sums
        .into_iter()
        .map(|(whose, sum)| (whose, sum.to_counts().scores));
    Ok(counted.filter(|(_, scores)| *scores != [0; 5]).collect())
}

impl Stack {
    /// Replaces the settings of an organisation by ones with these reasons, each with its scores. Their
    /// labels are their ids in capitals.
    pub async fn offer_reasons(&self, organisation: &str, reasons: &[(&str, &[u64])]) {
        let reasons: Vec<_> = reasons
            .iter()
            .map(|(id, scores)| {
                let labels = json!({ "en": id.to_uppercase() });
                json!({ "id": id, "scores": scores, "labels": labels })
            })
            .collect();
        let agent = self.agent_of(organisation, "kim").await;
        let settings = json!({ "reasons": reasons });
        agent.put("/v1/settings", settings).await.expect(200);
    }

    /// The counts by reason of an organisation in the last 40 days and the next two: of one agent, or of
    /// all together.
    pub async fn reasons(&self, organisation: &str, agent: Option<&str>) -> CountedReasons {
        self.reasons_of(organisation, agent, None).await
    }

    /// The same for the ratings of requests by an agent or by a rule.
    pub async fn reasons_asked_by(
        &self,
        organisation: &str,
        agent: Option<&str>,
        asked_by: AskedBy,
    ) -> CountedReasons {
        self.reasons_of(organisation, agent, Some(asked_by)).await
    }

    async fn reasons_of(
        &self,
        organisation: &str,
        agent: Option<&str>,
        asked_by: Option<AskedBy>,
    ) -> CountedReasons {
        let organisation = OrganisationId::parse(organisation).unwrap();
        let agent = agent.map(|agent| AgentId::parse(agent).unwrap());
        let (span, now) = self.counted_span().await;
        let table = self.table_at(self.url());
        let agent = agent.as_ref();
        let reasons = read_reasons(&table, &organisation, span, agent, asked_by, now).await;
        reasons.expect("the counts by reason are read")
    }
}

/// The expected counts by reason of an organisation, computed from the rating requests among `items`:
/// of one agent, or of all together.
pub fn recount_reasons(items: &[Value], organisation: &str, agent: Option<&str>) -> CountedReasons {
    recount_reasons_of(items, organisation, agent, None)
}

/// The same for the ratings of requests by an agent or by a rule.
pub fn recount_reasons_asked_by(
    items: &[Value],
    organisation: &str,
    agent: Option<&str>,
    asked_by: AskedBy,
) -> CountedReasons {
    recount_reasons_of(items, organisation, agent, Some(asked_by))
}

fn recount_reasons_of(
    items: &[Value],
    organisation: &str,
    agent: Option<&str>,
    asked_by: Option<AskedBy>,
) -> CountedReasons {
    let text = |value: &Value| value["S"].as_str().unwrap().to_owned();
    let requests = items.iter().filter(|item| {
        text(&item["sk"]).starts_with("REQUEST#")
            && item["organisation"]["S"] == organisation
            && was_asked_by(item, asked_by)
            && agent.is_none_or(|agent| item["agent"]["M"]["id"]["S"] == agent)
    });
    let mut counted = CountedReasons::new();
    for request in requests {
        let day = ReportDay::parse(&text(&request["report_day"])).unwrap();
        let channel = Channel::parse(&text(&request["channel"])).unwrap();
        let agent = agent.map(|agent| AgentId::parse(agent).unwrap());
        let answer = &request["answer"]["M"];
        let stored = &request["answer_reasons"]["M"];
        let is_current = stored["changes"] == answer["changes"];
        let reasons = stored["reasons"]["L"].as_array().filter(|_| is_current);
        for reason in reasons.into_iter().flatten() {
            let reason = ReasonId::parse(&text(&reason["M"]["id"])).unwrap();
            let score: usize = answer["score"]["N"].as_str().unwrap().parse().unwrap();
            let whose = (day, channel.clone(), agent.clone(), reason);
            counted.entry(whose).or_default()[score - 1] += 1;
        }
    }
    counted
}
