use std::collections::BTreeMap;

use aws::Environment;
use domain::{
    Agent, AgentId, AskedBy, Channel, CountsDelta, DaySpan, OrganisationId, PersonName,
    RatingCounts, ReportDay, ReportTimeZone, Timestamp,
};
use dynamodb::Table;
use errors::Fault;
use serde_json::{Value, json};
use store::{CountedBy, CountsQuery, ReasonsOf, key, sum_counts};

use crate::{Stack, dynamodb_endpoint};

/// The counts of the rating requests of one day and channel, and of one agent if they are counted by
/// agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The day of the rating requests.
    pub day: ReportDay,
    /// The channel of the conversations.
    pub channel: Channel,
    /// The agent, with the latest name. `None` if the requests are not counted by agent.
    pub agent: Option<Agent>,
    /// The number of requests and of each score.
    pub tally: RatingCounts,
}

type ByAll = BTreeMap<(ReportDay, Channel, Option<AgentId>), CountsDelta>;

/// The counts of the rating requests of `organisation` in `span`: of those that were asked by an agent
/// or by a rule, or of all.
///
/// # Errors
/// If they cannot be read.
pub async fn read_counts(
    table: &Table,
    organisation: &OrganisationId,
    span: DaySpan,
    by: CountedBy,
    asked_by: Option<AskedBy>,
    now: Timestamp,
) -> Result<Vec<Counted>, Fault> {
    let query = CountsQuery {
        organisation,
        span,
        by,
        asked_by,
        reasons: ReasonsOf::Nobody,
        now,
    };
    let counts = sum_counts(table, query, |sums: &mut ByAll, part| {
        let whose = (part.day, part.channel, part.agent);
        *sums.entry(whose).or_default() += part.amount;
    })
    .await?;
    let names = counts.names;
    let named = |id: AgentId| Agent {
        name: names.get(&id).cloned(),
        id,
    };
    let sums = counts.sums.into_iter();
    let sums = sums.map(|((day, channel, agent), amount)| Counted {
        day,
        channel,
        agent: agent.map(named),
        tally: amount.to_counts(),
    });
    Ok(sums
        .filter(|it| it.tally != RatingCounts::default())
        .collect())
}

impl Stack {
    /// Delivers the waiting records to `count-ratings`. Returns whether all were processed.
    pub async fn deliver_stream(&self) -> bool {
        if dynamodb_endpoint::override_url().is_some() {
            return self.deliver_without_stream().await;
        }
        let body = self.nobody().post("/dev/stream", json!({})).await;
        body.expect(200)["done"].as_bool().unwrap()
    }

    /// The same with a DynamoDB whose stream the server does not read. Invokes the function with a
    /// record for each rating request that exists. The record contains only the key.
    async fn deliver_without_stream(&self) -> bool {
        let items = self.items().await.into_iter();
        let requests = items.filter(|item| {
            let sk = item["sk"]["S"].as_str().unwrap();
            sk.starts_with(key::RATING_REQUESTS)
        });
        let records = requests.enumerate().map(|(place, item)| {
            let keys = json!({ "pk": item["pk"], "sk": item["sk"] });
            json!({
                "eventName": "MODIFY",
                "dynamodb": { "Keys": keys, "SequenceNumber": place.to_string() },
            })
        });
        let records: Vec<_> = records.collect();
        for batch in records.chunks(100) {
            if self.deliver_records(batch).await != json!({ "batchItemFailures": [] }) {
                return false;
            }
        }
        true
    }

    /// Rolls up the days that are over. Returns whether that succeeded.
    pub async fn roll_up(&self) -> bool {
        let body = self.nobody().post("/dev/schedules", json!({})).await;
        let called = body.expect(200)["called"].take();
        assert_eq!(called[0]["function"], "roll-up-satisfaction");
        called[0]["error"].is_null()
    }

    /// The records of the table's stream that the counting function receives.
    pub async fn stream_records(&self) -> Vec<Value> {
        let body = self.nobody().get("/dev/stream").await.expect(200);
        body["records"].as_array().unwrap().clone()
    }

    /// The response of the counting function to a batch of these records.
    pub async fn deliver_records(&self, records: &[Value]) -> Value {
        let batch = json!({ "records": records });
        let body = self.nobody().post("/dev/stream", batch).await;
        body.expect(200)["answers"][0].take()
    }

    /// A client of the stack's table at `url`.
    pub fn table_at(&self, url: &str) -> Table {
        // The server forwards to the embedded DynamoDB. If the tests use another one, this calls it
        // directly, in the region of this stack's table.
        let (url, region) = match dynamodb_endpoint::override_url() {
            Some(_) if url == self.url() => (self.dynamodb().url(), self.dynamodb().region()),
            Some(_) => (url, self.dynamodb().region()),
            None => (url, "reader"),
        };
        let variables = [
            ("TABLE_NAME", "afterchat"),
            ("AWS_REGION", region),
            ("AWS_ACCESS_KEY_ID", dynamodb_endpoint::OWNER),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_ENDPOINT_URL", url),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Table::from_environment(&Environment::from_variables(variables.into())).expect("a table")
    }

    /// The counts of an organisation.
    pub async fn counts(&self, organisation: &str, by: CountedBy) -> Vec<Counted> {
        let counts = self.try_counts(self.url(), organisation, by).await;
        counts.expect("the counts are read")
    }

    /// The counts of an organisation's requests by an agent or by a rule.
    pub async fn counts_asked_by(
        &self,
        organisation: &str,
        by: CountedBy,
        asked_by: AskedBy,
    ) -> Vec<Counted> {
        let organisation = OrganisationId::parse(organisation).unwrap();
        let (span, now) = self.counted_span().await;
        let table = self.table_at(self.url());
        let counts = read_counts(&table, &organisation, span, by, Some(asked_by), now).await;
        counts.expect("the counts are read")
    }

    /// The days of [`Self::counts`], and the time.
    pub(crate) async fn counted_span(&self) -> (DaySpan, Timestamp) {
        let now = Timestamp::parse(&self.now().await).unwrap();
        let today = ReportTimeZone::default().day_of(now);
        let span = DaySpan::new(today.plus_days(-40), today.plus_days(2)).expect("a span");
        (span, now)
    }

    /// The counts of an organisation in the last 40 days and the next two, read through `url`.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn try_counts(
        &self,
        url: &str,
        organisation: &str,
        by: CountedBy,
    ) -> Result<Vec<Counted>, Fault> {
        let organisation = OrganisationId::parse(organisation).unwrap();
        let (span, now) = self.counted_span().await;
        let table = self.table_at(url);
        read_counts(&table, &organisation, span, by, None, now).await
    }
}

/// The expected counts of an organisation by day, channel and agent, computed from the rating requests
/// among `items`. Agents have the names of their latest requests.
pub fn recount(items: &[Value], organisation: &str) -> Vec<Counted> {
    recount_of(items, organisation, None)
}

/// The same for the requests by an agent or by a rule.
pub fn recount_asked_by(items: &[Value], organisation: &str, asked_by: AskedBy) -> Vec<Counted> {
    recount_of(items, organisation, Some(asked_by))
}

/// Whether the stored `request` was made in this way, or whether any way is asked for.
pub(crate) fn was_asked_by(request: &Value, asked_by: Option<AskedBy>) -> bool {
    let stored = request["asked_by"]["S"].as_str().unwrap_or("agent");
    asked_by.is_none_or(|it| it.as_str() == stored)
}

fn recount_of(items: &[Value], organisation: &str, asked_by: Option<AskedBy>) -> Vec<Counted> {
    let requests = items.iter().filter(|item| {
        let is_request = item["sk"]["S"].as_str().unwrap().starts_with("REQUEST#");
        is_request && item["organisation"]["S"] == organisation
    });
    let mut tallies: BTreeMap<(ReportDay, Channel, AgentId), RatingCounts> = BTreeMap::new();
    let mut names: BTreeMap<AgentId, (String, Option<PersonName>)> = BTreeMap::new();
    for request in requests {
        let text = |value: &Value| value["S"].as_str().unwrap().to_owned();
        let agent = AgentId::parse(&text(&request["agent"]["M"]["id"])).unwrap();
        let name = request["agent"]["M"]["name"]["S"].as_str();
        let name = name.map(|name| PersonName::parse(name).unwrap());
        let at = text(&request["requested_at"]);
        if names.get(&agent).is_none_or(|(latest, _)| *latest <= at) {
            names.insert(agent.clone(), (at, name));
        }
        if !was_asked_by(request, asked_by) {
            continue;
        }
        let day = ReportDay::parse(&text(&request["report_day"])).unwrap();
        let channel = Channel::parse(&text(&request["channel"])).unwrap();
        let tally = tallies.entry((day, channel, agent)).or_default();
        tally.requests += 1;
        if let Some(score) = request["answer"]["M"]["score"]["N"].as_str() {
            tally.scores[score.parse::<usize>().unwrap() - 1] += 1;
        }
    }
    tallies
        .into_iter()
        .map(|((day, channel, id), tally)| Counted {
            day,
            channel,
            agent: Some(Agent {
                name: names[&id].1.clone(),
                id,
            }),
            tally,
        })
        .collect()
}

/// The sum of all counts: requests, then the ratings from 1 to 5.
pub fn total(counts: &[Counted]) -> [u64; 6] {
    let mut total = [0; 6];
    for count in counts {
        let tally: [u64; 6] = count.tally.into();
        for (total, number) in total.iter_mut().zip(tally) {
            *total += number;
        }
    }
    total
}
