use std::collections::BTreeMap;

use domain::{OrganisationId, RatingRequestId, ReportDay, Score};
use serde_json::{Value, json};
use store::RatingRequestItem;

use crate::Stack;
use crate::dynamodb_endpoint::OWNER;

/// A rating request as the table contains it after some time: it is counted, and its day is rolled up.
#[derive(Clone, Debug)]
pub struct SeededRequest {
    /// Its id, which is also the id of its conversation.
    pub id: String,
    /// When it was created, in UTC. The report uses the same day.
    pub requested_at: String,
    /// The id of the agent.
    pub agent: String,
    /// The name of the agent.
    pub name: Option<String>,
    /// The channel.
    pub channel: String,
    /// The score, and the time of the answer.
    pub answer: Option<(u8, String)>,
    /// The comment of the visitor.
    pub comment: Option<String>,
    /// Whether a rule asked, and not the agent.
    pub is_by_rule: bool,
    /// The details of the conversation, as an attribute.
    pub details: Option<Value>,
}

impl SeededRequest {
    /// An unanswered request of an agent in the widget.
    pub fn new(id: &str, requested_at: &str, agent: &str) -> Self {
        Self {
            id: id.to_owned(),
            requested_at: requested_at.to_owned(),
            agent: agent.to_owned(),
            name: None,
            channel: "widget".to_owned(),
            answer: None,
            comment: None,
            is_by_rule: false,
            details: None,
        }
    }

    /// The same with an answer a minute later.
    #[must_use]
    pub fn rated(self, score: u8) -> Self {
        let asked: jiff::Timestamp = self.requested_at.parse().expect("a time in RFC 3339");
        let rated_at = asked + jiff::SignedDuration::from_secs(60);
        self.rated_at(score, &format!("{rated_at:.3}"))
    }

    /// The same with an answer at a time.
    #[must_use]
    pub fn rated_at(mut self, score: u8, rated_at: &str) -> Self {
        self.answer = Some((score, rated_at.to_owned()));
        self
    }

    /// The same with a comment.
    #[must_use]
    pub fn with_comment(mut self, comment: &str) -> Self {
        self.comment = Some(comment.to_owned());
        self
    }

    /// The same with this name of the agent.
    #[must_use]
    pub fn with_agent_name(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// The same on another channel.
    #[must_use]
    pub fn on_channel(mut self, channel: &str) -> Self {
        channel.clone_into(&mut self.channel);
        self
    }

    /// The same, but a rule asked.
    #[must_use]
    pub fn by_rule(mut self) -> Self {
        self.is_by_rule = true;
        self
    }

    /// The same with an inbox, a team with a name, and labels.
    #[must_use]
    pub fn with_details(mut self, inbox: &str, [team, name]: [&str; 2], labels: &[&str]) -> Self {
        let labels = labels.iter().map(|label| json!({ "S": label }));
        self.details = Some(json!({ "M": {
            "inbox": { "M": { "id": { "S": inbox } } },
            "team": { "M": { "id": { "S": team }, "name": { "S": name } } },
            "labels": { "L": labels.collect::<Vec<_>>() },
        } }));
        self
    }

    /// The day on which it is counted.
    pub fn day(&self) -> &str {
        &self.requested_at[..10]
    }

    /// The agent as an attribute.
    fn agent(&self) -> Value {
        let mut agent = json!({ "id": { "S": self.agent } });
        if let Some(name) = &self.name {
            agent["name"] = json!({ "S": name });
        }
        json!({ "M": agent })
    }

    fn item(&self, organisation: &str) -> Value {
        let id = RatingRequestId::parse(&self.id).expect("an id");
        let day = ReportDay::parse(self.day()).expect("a date");
        let tenant = OrganisationId::parse(organisation).expect("an id");
        let mut item = json!({
            "pk": { "S": format!("{organisation}#{}", self.id) },
            "sk": { "S": format!("REQUEST#{}", self.id) },
            "request_id": { "S": self.id },
            "organisation": { "S": organisation },
            "conversation_id": { "S": self.id },
            "agent": self.agent(),
            "channel": { "S": self.channel },
            "requested_at": { "S": self.requested_at },
            "report_day": { "S": self.day() },
            "ratings_of": { "S": RatingRequestItem::ratings_index_partition(&tenant, day, &id) },
            "next_request_at": { "S": self.requested_at },
            "counted": { "N": self.score().to_string() },
        });
        if let Some((score, rated_at)) = &self.answer {
            let mut answer = json!({
                "score": { "N": score.to_string() },
                "rated_at": { "S": rated_at },
                "changes": { "N": "0" },
            });
            if let Some(comment) = &self.comment {
                answer["comment"] = json!({ "S": comment });
            }
            item["answer"] = json!({ "M": answer });
            item["first_rated_at"] = json!({ "S": rated_at });
            item["rated_score"] = json!({ "N": score.to_string() });
        }
        if self.is_by_rule {
            let state = json!({ "N": self.score().to_string() });
            item["asked_by"] = json!({ "S": "rule" });
            item["counted_by_rule"] = json!({ "M": { "state": state } });
        }
        if let Some(details) = &self.details {
            item["details"] = details.clone();
        }
        item
    }

    /// The score; 0 if unanswered, as in the attribute `counted`.
    fn score(&self) -> u8 {
        let score = self.answer.as_ref().map_or(0, |(score, _)| *score);
        assert!(score == 0 || Score::parse(score.into()).is_ok());
        score
    }
}

impl Stack {
    /// Stores requests of the organisation `main`, with the counts of their days.
    pub async fn seed(&self, requests: &[SeededRequest]) {
        self.seed_in("main", requests).await;
    }

    /// Stores a request of the organisation `main` that is not counted yet, as every new request is for
    /// a moment.
    pub async fn seed_uncounted(&self, request: &SeededRequest) {
        let put = json!({ "TableName": "afterchat", "Item": request.item("main") });
        let put = self.dynamodb_as(OWNER, "PutItem", put).await;
        put.expect(200);
    }

    /// The same as [`Self::seed`] in an organisation. The days must not have counts yet.
    pub async fn seed_in(&self, organisation: &str, requests: &[SeededRequest]) {
        let mut items: Vec<_> = requests.iter().map(|it| it.item(organisation)).collect();
        items.extend(counts(organisation, requests));
        items.extend(rule_counts(organisation, requests));
        self.put_items(&items).await;
    }

    /// Makes an agent's rating request one by a rule. If it is counted already, it stays counted as the
    /// agent's until its next record.
    pub async fn make_by_rule(&self, organisation: &str, conversation: &str, id: &str) {
        let (pk, sk) = (
            format!("{organisation}#{conversation}"),
            format!("REQUEST#{id}"),
        );
        let to_rule = |item: &mut Value| item["asked_by"] = json!({ "S": "rule" });
        self.change(&pk, &sk, to_rule).await;
    }
}

/// The rolled-up counts of the requests by a rule among `requests`.
fn rule_counts(organisation: &str, requests: &[SeededRequest]) -> Vec<Value> {
    let mut counts: BTreeMap<String, (&SeededRequest, Option<&str>, [u64; 6])> = BTreeMap::new();
    for request in requests.iter().filter(|request| request.is_by_rule) {
        let (day, channel, agent) = (request.day(), &request.channel, &request.agent);
        for (sk, agent) in [
            (format!("RULES#{day}#{channel}"), None),
            (
                format!("AGENT_RULES#{day}#{channel}#{agent}"),
                Some(agent.as_str()),
            ),
        ] {
            let (_, _, tally) = counts.entry(sk).or_insert((request, agent, [0; 6]));
            tally[0] += 1;
            if request.score() > 0 {
                tally[usize::from(request.score())] += 1;
            }
        }
    }
    let items = counts.into_iter().map(|(sk, (request, agent, tally))| {
        let mut item = json!({
            "pk": { "S": format!("{organisation}#SATISFACTION#DAYS") },
            "sk": { "S": sk },
            "day": { "S": request.day() },
            "channel": { "S": request.channel },
            "asked_by": { "S": "rule" },
        });
        if let Some(agent) = agent {
            item["agent_id"] = json!({ "S": agent });
        }
        let names = [
            "requests", "score_1", "score_2", "score_3", "score_4", "score_5",
        ];
        for (name, number) in names.into_iter().zip(tally) {
            item[name] = json!({ "N": number.to_string() });
        }
        item
    });
    items.collect()
}

/// For each channel: the number of requests, then of ratings with each score.
type ByChannel = BTreeMap<String, [u64; 6]>;

/// The counts of a day.
#[derive(Default)]
struct Day {
    channels: ByChannel,
    /// The agents by their ids: each as an attribute, with the counts.
    agents: BTreeMap<String, (Value, ByChannel)>,
}

/// The rolled-up counts of the days of `requests`.
fn counts(organisation: &str, requests: &[SeededRequest]) -> Vec<Value> {
    let mut days: BTreeMap<String, Day> = BTreeMap::new();
    for request in requests {
        let Day { channels, agents } = days.entry(request.day().to_owned()).or_default();
        let (agent, of_agent) = agents.entry(request.agent.clone()).or_default();
        *agent = request.agent();
        for counts in [channels, of_agent] {
            let tally = counts.entry(request.channel.clone()).or_default();
            tally[0] += 1;
            if request.score() > 0 {
                tally[usize::from(request.score())] += 1;
            }
        }
    }
    let tallies = |channels: &ByChannel| -> Value {
        let tallies = channels.iter().map(|(channel, tally)| {
            let numbers = tally.map(|count| json!({ "N": count.to_string() }));
            (channel.clone(), json!({ "L": numbers }))
        });
        json!({ "M": tallies.collect::<serde_json::Map<_, _>>() })
    };
    let pk = json!({ "S": format!("{organisation}#SATISFACTION#DAYS") });
    let items = days.iter().flat_map(|(day, Day { channels, agents })| {
        let agents = agents.iter().map(|(id, (agent, channels))| {
            let mut counts = json!({ "channels": tallies(channels) });
            if let Some(name) = agent["M"].get("name") {
                counts["name"] = name.clone();
            }
            (id.clone(), json!({ "M": counts }))
        });
        [
            json!({
                "pk": pk,
                "sk": { "S": format!("DAY#{day}") },
                "day": { "S": day },
                "channels": tallies(channels),
            }),
            json!({
                "pk": pk,
                "sk": { "S": format!("AGENTS#{day}#00000") },
                "day": { "S": day },
                "part": { "N": "0" },
                "agents": { "M": agents.collect::<serde_json::Map<_, _>>() },
            }),
        ]
    });
    items.collect()
}
