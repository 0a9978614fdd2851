use std::collections::BTreeSet;
use std::env;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use local::Deployment;
use tests::{AwsCall, Stack};

use crate::fault::{Fault, Times};
use crate::promises::Try;
use crate::scenario::Scenario;
use crate::scenarios;
use crate::table;
use crate::trial::{self, Outcome};

/// How many tries are under way at once, most of which wait for a reply that is slow.
const TRIES_AT_ONCE: usize = 20;

/// More than any of them takes, even where it waits for the others.
const PATIENCE: Duration = Duration::from_secs(600);

/// What is to be tried.
struct Plan<'a> {
    scenario: &'a Scenario,
    well: &'a Outcome,
    subject: String,
    fault: Fault,
    times: Times,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_at_every_call_has_the_documented_outcome() {
    let route = route_to_try();
    let mut scenarios = scenarios::all();
    if let Some(route) = &route {
        scenarios.retain(|scenario| scenario.routes.contains(&route.as_str()));
        assert!(!scenarios.is_empty(), "no scenario of {route}");
    }
    let scenarios = scenarios;
    let well: Vec<(Outcome, Vec<AwsCall>)> = stream::iter(&scenarios)
        .map(trial::run_well)
        .buffered(TRIES_AT_ONCE)
        .collect()
        .await;
    let plans = scenarios
        .iter()
        .zip(&well)
        .flat_map(|(scenario, (well, calls))| {
            calls.iter().flat_map(move |call| {
                let faults = Fault::of(call).into_iter();
                faults.map(move |(fault, times)| Plan {
                    scenario,
                    well,
                    subject: call.subject(),
                    fault,
                    times,
                })
            })
        });
    let plans: Vec<_> = plans.collect();
    let tries = run(&plans).await;

    let broken: Vec<String> = tries.iter().flat_map(describe_broken_promises).collect();
    assert!(broken.is_empty(), "broken promises:\n{}", broken.join("\n"));
    let table = table::write(&scenarios, &well, &tries);
    if table::is_to_be_rewritten() {
        table::rewrite_page(&table, route.as_deref());
    }
    let differences = table::compare_with_page(&table, route.as_deref());
    assert!(
        differences.is_empty(),
        "docs/reliability.md differs from the measurements:\n{differences}"
    );
}

/// The one route to try, from `FAULTS_ROUTE`; all routes without it. The page is then compared, or
/// rewritten, in the part of that route only.
fn route_to_try() -> Option<String> {
    let route = env::var_os("FAULTS_ROUTE")?;
    Some(route.into_string().expect("FAULTS_ROUTE is UTF-8"))
}

/// Runs all, the slow ones first, and gives them in their order.
async fn run<'a>(plans: &'a [Plan<'a>]) -> Vec<Try<'a>> {
    let mut numbered: Vec<_> = plans.iter().enumerate().collect();
    numbered.sort_by_key(|(_, plan)| !plan.fault.is_slow());
    let mut tries: Vec<_> = stream::iter(numbered)
        .map(|(number, plan)| async move { (number, plan.run().await) })
        .buffer_unordered(TRIES_AT_ONCE)
        .collect()
        .await;
    tries.sort_by_key(|(number, _)| *number);
    tries.into_iter().map(|(_, tried)| tried).collect()
}

impl<'a> Plan<'a> {
    async fn run(&'a self) -> Try<'a> {
        let running = trial::run(self.scenario, &self.subject, self.fault, self.times);
        let outcome = tokio::time::timeout(PATIENCE, running).await;
        Try {
            scenario: self.scenario,
            well: self.well,
            subject: &self.subject,
            fault: self.fault,
            times: self.times,
            outcome: outcome.unwrap_or_else(|_| panic!("{} hangs", self.subject)),
        }
    }
}

fn describe_broken_promises(tried: &Try<'_>) -> Vec<String> {
    let describe = |promise| {
        format!(
            "{promise}: {:?} {}, {} {:?} at {}: {} [{}], again {} [{}]",
            tried.scenario.routes,
            tried.scenario.variant,
            tried.fault.name(),
            tried.times,
            tried.subject,
            tried.outcome.answer.text,
            tried.outcome.change.describe(),
            tried.outcome.again.text,
            tried.outcome.change_by_both.describe(),
        )
    };
    tried.broken_promises().into_iter().map(describe).collect()
}

#[test]
fn every_route_of_the_template_is_in_the_table() {
    let deployment = Deployment::load(&Stack::options()).unwrap();
    let routes: BTreeSet<String> = deployment.routes().iter().map(|it| it.key()).collect();
    let scenarios = scenarios::all();
    let tried: BTreeSet<String> = scenarios
        .iter()
        .flat_map(|scenario| scenario.routes)
        .map(|route| (*route).to_owned())
        .collect();
    let missing: Vec<_> = routes.difference(&tried).collect();
    assert!(
        missing.is_empty(),
        "no scenario in tests/faults: {missing:?}"
    );
    let unknown: Vec<_> = tried.difference(&routes).collect();
    assert!(unknown.is_empty(), "no route of the template: {unknown:?}");
}
