//! What ratings cost once they are given: that they are counted, folded and read.

use std::iter;

use domain::ReportDay;
use tests::SeededRequest;

use super::operations::{Operation, Scene, request};

/// How many requests a full batch of the stream tells of: the template's `BatchSize`.
const BATCH: usize = 100;

/// How many agents the organisation has.
const AGENTS: usize = 5;

/// How many of its ratings a day are kept for a year.
const RATINGS_A_DAY: usize = 20;

/// The roll-up that finds nothing, and the one that folds a day of [`BATCH`] requests.
pub(super) const IDLE_ROLL_UP: &str = "roll up, nothing to fold";
pub(super) const ROLL_UP: &str = "roll up a day";

impl Scene {
    /// Counts what was written since it was counted the last time: so many rating requests.
    pub(super) async fn count(&mut self, name: &'static str, requests: u32) {
        let (is_done, calls) = self.aws.calls_by_round_trip(self.stack.count()).await;
        assert!(is_done, "{name}");
        let operation = Operation {
            times: requests,
            ..event("count-ratings", name)
        };
        self.note(operation, calls);
    }

    /// Has a full batch of requests counted, all of one day, and the day folded.
    pub(super) async fn count_and_fold(&mut self) {
        assert!(self.stack.count().await, "what was asked is counted");
        let mut agents = Vec::new();
        for number in 0..AGENTS {
            agents.push(self.stack.agent(&format!("agent-{number}")).await);
        }
        for (number, agent) in (0..BATCH).zip(agents.iter().cycle()) {
            let conversation = format!("in-a-batch-{number}");
            self.stack.conversation(&conversation).await;
            agent.asked(&conversation).await;
        }
        self.count("count 100 requests in a batch", 100).await;
        self.roll_up(IDLE_ROLL_UP).await;
        self.stack.advance(2 * 24 * 60 * 60).await;
        self.roll_up(ROLL_UP).await;
    }

    async fn roll_up(&mut self, name: &'static str) {
        let (is_done, calls) = self.aws.calls_by_round_trip(self.stack.roll_up()).await;
        assert!(is_done, "{name}");
        self.note(event("roll-up-satisfaction", name), calls);
    }

    /// Reads what the report says of a year in which something was rated each day.
    pub(super) async fn report(&mut self) {
        let days: Vec<_> = days("2025-01-01", 365).collect();
        let kept: Vec<_> = days.iter().flat_map(|day| kept(*day)).collect();
        self.stack.keep(&kept).await;
        let agent = self.stack.agent("analyst").await;
        // By agent there is a query for each of 12 months, and four of them at once.
        for (name, path, most_trips) in [
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
                // It depends on how many days the list has to look at.
                None,
            ),
        ] {
            let operation = Operation {
                most_trips,
                ..request("report-satisfaction", name)
            };
            self.tell(operation, agent.get(path)).await;
        }
    }
}

/// What comes without a request.
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
fn kept(day: ReportDay) -> impl Iterator<Item = SeededRequest> {
    (0..RATINGS_A_DAY).map(move |number| {
        let id = format!("{day}-{number:03}");
        let at = format!("{day}T10:{number:02}:00.000Z");
        let agent = format!("agent-{}", number % AGENTS);
        SeededRequest::new(&id, &at, &agent)
            .rated(if number % 4 == 0 { 3 } else { 5 })
            .saying("Quick and kind, thank you very much.")
    })
}
