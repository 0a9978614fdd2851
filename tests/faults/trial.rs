use std::time::Duration;

use tests::{AwsCall, Held, Reply};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::change::{Change, Snapshot};
use crate::fault::{Fault, Times};
use crate::scenario::{Fixture, Request, Scenario};

/// The number of trials that use the CPU at the same time. On a busier machine, calls could time out
/// without a fault.
static CPU_PERMITS: Semaphore = Semaphore::const_new(4);

/// The interval of the check whether the fault has happened.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// The effect of a request and of a retry after the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) response: Response,
    /// The change by the request.
    pub(crate) change: Change,
    /// The response to the same request without faults.
    pub(crate) retry: Response,
    /// The change by both requests.
    pub(crate) change_with_retry: Change,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The status, the problem's code, and whether the response is replayed.
    pub(crate) text: String,
}

impl Response {
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

/// Runs a scenario without a fault. Returns its outcome and the selected calls, one for each subject,
/// in the order of the round trips.
pub(crate) async fn run_without_fault(scenario: &Scenario) -> (Outcome, Vec<AwsCall>) {
    let _permit = cpu_permit().await;
    let fixture = Fixture::new().await;
    let request = (scenario.prepare)(&fixture).await;
    let before = Snapshot::of(&fixture.stack).await;
    let (reply, trips) = fixture.aws.calls_by_round_trip(request.send()).await;
    let mut calls: Vec<AwsCall> = Vec::new();
    for call in scenario.calls.select(trips) {
        if !calls.iter().any(|other| other.subject() == call.subject()) {
            calls.push(call);
        }
    }
    let outcome = finish(&fixture, &before, &reply, &request).await;
    (outcome, calls)
}

/// Runs a scenario in which the selected calls with this subject get `fault`.
pub(crate) async fn run(scenario: &Scenario, subject: &str, fault: Fault, times: Times) -> Outcome {
    let mut permit = cpu_permit().await;
    let fixture = Fixture::new().await;
    let request = (scenario.prepare)(&fixture).await;
    let before = Snapshot::of(&fixture.stack).await;
    fixture.aws.forget();
    let held = Held::default();
    let times = match times {
        Times::Once => 1,
        Times::Always => usize::MAX,
    };
    let is_selected = scenario.calls.with_subject(subject);
    fixture
        .aws
        .inject_before_others(times, is_selected, fault.injection(&held));
    let reply = if fault.is_slow() {
        let reply = send_slowly(&fixture, &request, subject, permit).await;
        permit = cpu_permit().await;
        reply
    } else {
        request.send().await
    };
    if fault == Fault::Late {
        held.release();
        held.passed().await;
    }
    let count = fixture.aws.count(|call| call.subject() == subject);
    assert!(
        count > 0,
        "{}: there was no call {subject}",
        scenario.variant
    );
    let outcome = finish(&fixture, &before, &reply, &request).await;
    drop(permit);
    outcome
}

/// Sends a request whose selected call is slow. The permit is released when the trial only waits.
async fn send_slowly(
    fixture: &Fixture,
    request: &Request,
    subject: &str,
    permit: SemaphorePermit<'_>,
) -> Reply {
    let mut sending = std::pin::pin!(request.send());
    let fault_happened = async {
        while fixture.aws.count(|call| call.subject() == subject) == 0 {
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    };
    let reply = tokio::select! {
        reply = &mut sending => Some(reply),
        () = fault_happened => None,
    };
    drop(permit);
    match reply {
        Some(reply) => reply,
        None => sending.await,
    }
}

async fn cpu_permit() -> SemaphorePermit<'static> {
    CPU_PERMITS
        .acquire()
        .await
        .expect("the semaphore is never closed")
}

/// Ends the faults, takes the change of the request, and sends the same request again.
async fn finish(fixture: &Fixture, before: &Snapshot, reply: &Reply, request: &Request) -> Outcome {
    fixture.aws.stop_faults();
    let change = Snapshot::of(&fixture.stack).await.since(before);
    let retry = request.send().await;
    Outcome {
        response: Response::of(reply),
        change,
        retry: Response::of(&retry),
        change_with_retry: Snapshot::of(&fixture.stack).await.since(before),
    }
}
