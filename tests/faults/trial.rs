use std::time::Duration;

use tests::{AwsCall, Held, Reply};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::change::{Change, Kept};
use crate::fault::{Fault, Times};
use crate::scenario::{Bench, Scenario};

/// How many tries are busy at once. What a busy machine does late would be taken for a fault.
static PLACES: Semaphore = Semaphore::const_new(4);

/// How often it is looked whether a call has met its fault.
const MOMENT: Duration = Duration::from_millis(10);

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// What the caller got.
    pub(crate) answer: Answer,
    /// What became of what the stack keeps.
    pub(crate) change: Change,
    /// What the caller got for the same request after all was well again.
    pub(crate) again: Answer,
    /// What became of what the stack keeps by both.
    pub(crate) change_by_both: Change,
}

/// What a caller gets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The status, the problem's code, and whether it is an earlier answer.
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    fn of(reply: &Reply) -> Self {
        let mut text = reply.status.to_string();
        if let Some(code) = reply.body["code"].as_str() {
            text = format!("{text} {code}");
        }
        if reply.header("idempotent-replayed") == "true" {
            text.push_str(", replayed");
        }
        Self {
            status: reply.status,
            text,
        }
    }
}

/// What comes of a scenario where nothing goes wrong, and the calls that it makes, one for each
/// subject, in the order of its round trips.
pub(crate) async fn run_well(scenario: &Scenario) -> (Outcome, Vec<AwsCall>) {
    let _place = take_place().await;
    let bench = Bench::new().await;
    let request = (scenario.prepare)(&bench).await;
    let before = Kept::by(&bench.stack).await;
    let (reply, trips) = bench.aws.calls_by_round_trip(request.make()).await;
    let mut calls: Vec<AwsCall> = Vec::new();
    for call in scenario.calls.among(trips) {
        if !calls.iter().any(|other| other.subject() == call.subject()) {
            calls.push(call);
        }
    }
    let outcome = finish(&bench, &before, &reply, &request).await;
    (outcome, calls)
}

/// What comes of a scenario where the calls with this subject meet `fault`.
pub(crate) async fn run(scenario: &Scenario, subject: &str, fault: Fault, times: Times) -> Outcome {
    let mut place = take_place().await;
    let bench = Bench::new().await;
    let request = (scenario.prepare)(&bench).await;
    let before = Kept::by(&bench.stack).await;
    bench.aws.forget();
    let held = Held::default();
    let times = match times {
        Times::Once => 1,
        Times::ForEver => usize::MAX,
    };
    let are_meant = scenario.calls.are(subject);
    bench
        .aws
        .inject_first(times, are_meant, fault.meddling(&held));
    let reply = if fault.is_slow() {
        let mut making = std::pin::pin!(request.make());
        let met = async {
            while bench.aws.count(|call| call.subject() == subject) == 0 {
                tokio::time::sleep(MOMENT).await;
            }
        };
        let reply = tokio::select! {
            reply = &mut making => Some(reply),
            () = met => None,
        };
        // It waits from here on.
        drop(place);
        let reply = match reply {
            Some(reply) => reply,
            None => making.await,
        };
        place = take_place().await;
        reply
    } else {
        request.make().await
    };
    if fault == Fault::Late {
        held.release();
        held.passed().await;
    }
    let met = bench.aws.count(|call| call.subject() == subject);
    assert!(met > 0, "{}: {subject} was not called", scenario.variant);
    let outcome = finish(&bench, &before, &reply, &request).await;
    drop(place);
    outcome
}

async fn take_place() -> SemaphorePermit<'static> {
    PLACES.acquire().await.expect("it is never closed")
}

/// What a request left behind, and what the same does when nothing goes wrong any more.
async fn finish(
    bench: &Bench,
    before: &Kept,
    reply: &Reply,
    request: &crate::scenario::Request,
) -> Outcome {
    bench.aws.stop_faults();
    let change = Kept::by(&bench.stack).await.since(before);
    let again = request.make().await;
    Outcome {
        answer: Answer::of(reply),
        change,
        again: Answer::of(&again),
        change_by_both: Kept::by(&bench.stack).await.since(before),
    }
}
