//! After random histories with faults, the counts equal a recount of the rating requests.

use domain::AskedBy;
use serde_json::{Value, json};
use store::CountedBy;
use tests::{
    AwsCall, AwsError, AwsProxy, Caller, FaultInjection, Stack, recount, recount_asked_by,
    recount_reasons, recount_reasons_asked_by, total,
};

const ORGANISATIONS: [&str; 2] = ["one", "other"];
const AGENTS: [&str; 3] = ["kim", "jo", "lee"];
const CONVERSATIONS: u64 = 4;
/// The reasons, each with the scores for which it is offered.
const REASONS: [(&str, &[u64]); 4] = [
    ("slow", &[1, 2, 3]),
    ("rude", &[1, 2]),
    ("quick", &[4, 5]),
    ("other_1", &[1, 2, 3, 4, 5]),
];
const STEPS: usize = 60;

/// A pseudorandom number generator (SplitMix64). The same seed gives the same numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (number ^ (number >> 31)) % end
    }

    fn one_of<'a, T>(&mut self, options: &'a [T]) -> &'a T {
        &options[usize::try_from(self.below(options.len() as u64)).unwrap()]
    }
}

/// A stack, and the steps that were taken in it.
struct History {
    stack: Stack,
    aws: AwsProxy,
    random: Random,
    /// The visitors who may answer, each with a rating request.
    open: Vec<(Caller, String)>,
    /// The number of erased conversations. An erased id cannot be used again.
    erased: u64,
    steps: Vec<String>,
}

impl History {
    async fn begin(seed: u64) -> Self {
        let (stack, aws) = Stack::start_behind_proxy(local::Options {
            organisations: true,
            ..Stack::options_with(&[("ReportTimeZone", "Pacific/Auckland")])
        })
        .await;
        for organisation in ORGANISATIONS {
            stack.offer_reasons(organisation, &REASONS).await;
        }
        Self {
            stack,
            aws,
            random: Random(seed),
            open: Vec::new(),
            erased: 0,
            steps: Vec::new(),
        }
    }

    fn conversation(&mut self) -> (&'static str, String) {
        let organisation = *self.random.one_of(&ORGANISATIONS);
        let number = self.random.below(CONVERSATIONS) + self.erased;
        (organisation, format!("c{number}"))
    }

    async fn step(&mut self) {
        match self.random.below(21) {
            0..=4 => self.ask().await,
            5..=9 => self.rate().await,
            10 => self.reopen().await,
            11 => self.erase().await,
            12 => self.insert_in_another_channel().await,
            13 | 14 => {
                let hours = self.random.below(60);
                self.note(format!("{hours} hours pass"));
                self.stack.advance(hours * 3_600 + 30).await;
            }
            15 | 16 => self.count().await,
            17 => self.redeliver_records().await,
            18 => self.roll_up().await,
            19 => self.change_settings().await,
            _ => self.count_and_roll_up().await,
        }
    }

    fn note(&mut self, step: impl Into<String>) {
        self.steps.push(step.into());
    }

    async fn ask(&mut self) {
        let (organisation, conversation) = self.conversation();
        let agent = *self.random.one_of(&AGENTS);
        self.note(format!("{agent} asks in {conversation} of {organisation}"));
        let platform = self.stack.platform_of(organisation).await;
        let body = json!({ "channel": "widget", "renew_visitor_token": false });
        let path = format!("/v1/conversations/{conversation}");
        let recorded = platform.put(&path, body).await;
        if recorded.status == 410 {
            return;
        }
        let token = recorded.expect_success()["visitor_token"].take();
        let caller = self.stack.agent_of(organisation, agent).await;
        let created = caller.ask(&conversation).await;
        if created.status == 201 {
            let request = created.body["rating_request"]["id"].as_str().unwrap();
            if self.random.below(2) == 0 {
                self.note(format!("{request} is by a rule"));
                let stack = &self.stack;
                stack
                    .make_by_rule(organisation, &conversation, request)
                    .await;
            }
            let visitor = self.stack.bearer(token.as_str().unwrap());
            self.open.push((visitor, request.to_owned()));
        }
    }

    /// Answers a request or changes an answer. It may be refused as superseded, closed, withdrawn or
    /// erased.
    async fn rate(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let (visitor, request) = self.random.one_of(&self.open).clone();
        let score = self.random.below(5) + 1;
        let mut answer = json!({ "score": score });
        if self.random.below(3) > 0 {
            let offered = REASONS.iter().filter(|(_, scores)| scores.contains(&score));
            let chosen = offered.filter(|_| self.random.below(2) == 0);
            answer["reasons"] = chosen.map(|(id, _)| *id).collect();
        }
        self.note(format!("{request} is rated {answer}"));
        let rated = visitor.rate(&request, answer).await;
        assert!(rated.status < 500, "{}", rated.body);
    }

    /// Offers other reasons. Those that are no longer offered stay counted.
    async fn change_settings(&mut self) {
        let organisation = *self.random.one_of(&ORGANISATIONS);
        let first = usize::try_from(self.random.below(3)).unwrap();
        self.note(format!("{organisation} removes {first} reasons"));
        self.stack
            .offer_reasons(organisation, &REASONS[first..])
            .await;
    }

    async fn reopen(&mut self) {
        let (organisation, conversation) = self.conversation();
        self.note(format!("{conversation} of {organisation} is reopened"));
        let platform = self.stack.platform_of(organisation).await;
        let path = format!("/v1/conversations/{conversation}");
        for status in ["resolved", "open"] {
            let body = json!({ "channel": "widget", "status": status });
            platform.put(&path, body).await;
        }
    }

    async fn erase(&mut self) {
        let (organisation, conversation) = self.conversation();
        self.note(format!("{conversation} of {organisation} is erased"));
        let agent = self.stack.agent_of(organisation, "kim").await;
        let path = format!("/v1/conversations/{conversation}");
        agent.delete(&path).await;
        self.erased += 1;
    }

    /// Inserts a request of a channel in which ratings cannot be requested today.
    async fn insert_in_another_channel(&mut self) {
        let requests = self.stack.items().await.into_iter();
        let requests: Vec<Value> = requests
            .filter(|item| item["sk"]["S"].as_str().unwrap().starts_with("REQUEST#"))
            .collect();
        if requests.is_empty() {
            return;
        }
        let mut copy = self.random.one_of(&requests).clone();
        let id = format!("copy-{}", self.random.below(u64::MAX));
        self.note(format!("{id} is put"));
        copy["request_id"] = json!({ "S": id });
        copy["sk"] = json!({ "S": format!("REQUEST#{id}") });
        copy["channel"] = json!({ "S": self.random.one_of(&["voice", "messenger"]) });
        let attributes = copy.as_object_mut().unwrap();
        attributes.remove("counted");
        attributes.remove("counted_reasons");
        attributes.remove("counted_by_rule");
        let put = json!({ "TableName": "afterchat", "Item": copy });
        self.stack
            .dynamodb_as("owner", "PutItem", put)
            .await
            .expect(200);
    }

    /// Lets some of the next AWS calls of a function fail, or none.
    fn inject_faults(&mut self, function: &'static str) {
        let faults = [
            FaultInjection::Refuse(AwsError::TransactionConflict),
            FaultInjection::Refuse(AwsError::Internal),
            FaultInjection::LoseRequest,
            FaultInjection::LoseReply,
            FaultInjection::HalveReply,
        ];
        if self.random.below(2) == 0 {
            return;
        }
        let fault = self.random.one_of(&faults).clone();
        let times = usize::try_from(self.random.below(6) + 1).unwrap();
        let mut left = self.random.below(4);
        self.note(format!("{times} times {fault:?} after {left} calls"));
        let which = move |call: &AwsCall| {
            let can_conflict = call.is("dynamodb:TransactWriteItems");
            if call.function != function || !can_conflict && left > 2 {
                return false;
            }
            left = left.saturating_sub(1);
            left == 0
        };
        self.aws.inject(times, which, fault);
    }

    async fn count(&mut self) {
        self.inject_faults("count-ratings");
        let is_done = self.stack.deliver_stream().await;
        self.note(format!("counted: {is_done}"));
        self.aws.stop_faults();
    }

    /// Delivers some earlier records again, in another order.
    async fn redeliver_records(&mut self) {
        let mut records = self.stack.stream_records().await;
        for last in (1..records.len()).rev() {
            let other = usize::try_from(self.random.below(last as u64 + 1)).unwrap();
            records.swap(last, other);
        }
        records.truncate(usize::try_from(self.random.below(30)).unwrap());
        self.note(format!("{} records are delivered again", records.len()));
        self.inject_faults("count-ratings");
        self.stack.deliver_records(&records).await;
        self.aws.stop_faults();
    }

    async fn roll_up(&mut self) {
        self.inject_faults("roll-up-satisfaction");
        let is_done = self.stack.roll_up().await;
        self.note(format!("rolled up: {is_done}"));
        self.aws.stop_faults();
    }

    async fn count_and_roll_up(&mut self) {
        self.note("counted and rolled up, twice at once");
        tokio::join!(
            self.stack.deliver_stream(),
            self.stack.roll_up(),
            self.stack.roll_up(),
        );
    }

    /// Counts the remaining requests and compares the counts with a recount.
    async fn check(&mut self) {
        self.stack.advance(30).await;
        assert!(self.stack.deliver_stream().await, "{:#?}", self.steps);
        let items = self.stack.items().await;
        for organisation in ORGANISATIONS {
            let expected = recount(&items, organisation);
            let counts = self.stack.counts(organisation, CountedBy::Agent).await;
            assert_eq!(counts, expected, "{organisation} {:#?}", self.steps);
            let by_channel = self.stack.counts(organisation, CountedBy::Channel).await;
            assert_eq!(total(&by_channel), total(&expected), "{:#?}", self.steps);
            for agent in [None].into_iter().chain(AGENTS.map(Some)) {
                let reasons = self.stack.reasons(organisation, agent).await;
                let expected = recount_reasons(&items, organisation, agent);
                assert_eq!(reasons, expected, "{agent:?} {:#?}", self.steps);
            }
            self.check_asked_by(&items, organisation).await;
        }
    }

    /// The same for the requests by agents, and for those by a rule.
    async fn check_asked_by(&self, items: &[Value], organisation: &str) {
        let (stack, steps) = (&self.stack, &self.steps);
        for way in AskedBy::ALL {
            let expected = recount_asked_by(items, organisation, way);
            let by_agent = CountedBy::Agent;
            let counts = stack.counts_asked_by(organisation, by_agent, way).await;
            assert_eq!(counts, expected, "{organisation} {way:?} {steps:#?}");
            let by_channel = CountedBy::Channel;
            let counts = stack.counts_asked_by(organisation, by_channel, way).await;
            assert_eq!(total(&counts), total(&expected), "{way:?} {steps:#?}");
            for agent in [None].into_iter().chain(AGENTS.map(Some)) {
                let reasons = stack.reasons_asked_by(organisation, agent, way).await;
                let expected = recount_reasons_asked_by(items, organisation, agent, way);
                assert_eq!(reasons, expected, "{agent:?} {way:?} {steps:#?}");
            }
        }
    }
}

async fn play(seed: u64) {
    let mut history = History::begin(seed).await;
    history.note(format!("seed {seed}"));
    for step in 0..STEPS {
        history.step().await;
        if step % 20 == 19 {
            history.check().await;
        }
    }
    history.stack.advance(3 * 24 * 60 * 60).await;
    assert!(history.stack.roll_up().await, "{:#?}", history.steps);
    history.check().await;
    let items = history.stack.items().await;
    let left = items.iter().find(|item| {
        let pk = item["pk"]["S"].as_str().unwrap();
        pk.contains("#SATISFACTION#") && !pk.ends_with("DAYS")
    });
    assert_eq!(left, None, "{:#?}", history.steps);
}

#[tokio::test]
async fn counts_equal_a_recount_after_random_histories_with_faults() {
    for seed in 1..=5 {
        play(seed).await;
    }
}
