//! The cost of ratings after they are given: they are counted, rolled up and read.

use std::iter;

use domain::ReportDay;
use tests::SeededRequest;

use crate::cost::operations::{Operation, Scenario, request};

/// The number of records in a full batch of the stream: the template's `BatchSize`.
const BATCH: usize = 100;

const AGENTS: usize = 5;

/// The ratings of each day of the reported year.
const RATINGS_A_DAY: usize = 20;

/// A roll-up without pending counts, and one of a day with [`BATCH`] requests.
pub(super) const IDLE_ROLL_UP: &str = "roll up, nothing to roll up";
pub(super) const ROLL_UP: &str = "roll up a day";

impl Scenario {
    /// Counts the records since the last count, which are `requests` rating requests.
    pub(super) async fn count(&mut self, name: &'static str, requests: u32) {
        let (is_done, calls) = self
            .aws
            .calls_by_round_trip(self.stack.deliver_stream())
            .await;
        assert!(is_done, "{name}");
        let operation = Operation {
            items: requests,
            ..event("count-ratings", name)
        };
        self.add(operation, calls);
    }

    /// Counts a full batch of requests of one day, and rolls up the day.
    pub(super) async fn count_and_roll_up(&mut self) {
        assert!(
            self.stack.deliver_stream().await,
            "the rating request is counted"
        );
        let mut agents = Vec::new();
        for number in 0..AGENTS {
            agents.push(self.stack.agent(&format!("agent-{number}")).await);
        }
        for (number, agent) in (0..BATCH).zip(agents.iter().cycle()) {
            let conversation = format!("in-a-batch-{number}");
            self.stack.conversation(&conversation).await;
            agent.ask_for_id(&conversation).await;
        }
        self.count("count 100 requests in a batch", 100).await;
        self.roll_up(IDLE_ROLL_UP).await;
        self.stack.advance(2 * 24 * 60 * 60).await;
        self.roll_up(ROLL_UP).await;
    }

    async fn roll_up(&mut self, name: &'static str) {
        let (is_done, calls) = self.aws.calls_by_round_trip(self.stack.roll_up()).await;
        assert!(is_done, "{name}");
        self.add(event("roll-up-satisfaction", name), calls);
    }

    /// Reads reports on a year with ratings on each day.
    pub(super) async fn report(&mut self) {
        let days: Vec<_> = days("2025-01-01", 365).collect();
        let ratings: Vec<_> = days.iter().flat_map(|day| ratings_of(*day)).collect();
        self.stack.seed(&ratings).await;
        let agent = self.stack.agent("analyst").await;
        // A report by agent has one query for each of 12 months, four of them in parallel.
        for (name, path, max_trips) in [
            (
                "report on a day",
                "/v1/satisfaction?from=2025-06-01&to=2025-06-01&group_by=day",
                Some(3),
            ),
            (
                "report on a month",
                "/v1/satisfaction?from=2025-06-01&to=2025-06-30&group_by=day",
                Some(3),
            ),
            (
                "report on a year",
                "/v1/satisfaction?from=2025-01-01&to=2025-12-31&group_by=day",
                Some(3),
            ),
            (
                "report on a year by agent",
                "/v1/satisfaction?from=2025-01-01&to=2025-12-31&group_by=agent",
                Some(6),
            ),
            (
                "list 100 ratings",
                "/v1/ratings?from=2025-06-01&to=2025-06-30&limit=100",
                // The number of trips depends on the number of days that the list reads.
                None,
            ),
        ] {
            let operation = Operation {
                max_trips,
                ..request("report-satisfaction", name)
            };
            self.measure_request(operation, agent.get(path)).await;
        }
    }
}

/// An operation that does not start with an API request.
fn event(function: &'static str, name: &'static str) -> Operation {
    Operation {
        is_request: false,
        ..request(function, name)
    }
}

fn days(first: &str, count: usize) -> impl Iterator<Item = ReportDay> {
    let first = ReportDay::parse(first).expect("a date");
    iter::successors(Some(first), |day| Some(day.plus_days(1))).take(count)
}

/// The ratings of a day.
fn ratings_of(day: ReportDay) -> impl Iterator<Item = SeededRequest> {
    (0..RATINGS_A_DAY).map(move |number| {
        let id = format!("{day}-{number:03}");
        let at = format!("{day}T10:{number:02}:00.000Z");
        let agent = format!("agent-{}", number % AGENTS);
        SeededRequest::new(&id, &at, &agent)
            .rated(if number % 4 == 0 { 3 } else { 5 })
            .with_comment("Quick and kind, thank you very much.")
    })
}
