use std::collections::BTreeSet;
use std::env;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use local::Deployment;
use tests::{AwsCall, Stack};

use crate::fault::{Fault, Times};
use crate::promises::Trial;
use crate::scenario::{EVENT, Scenario};
use crate::scenarios;
use crate::table;
use crate::trial::{self, Outcome};

/// The number of concurrent trials. Most of them wait for a slow reply.
const CONCURRENT_TRIALS: usize = 60;

/// Longer than any trial takes, including its wait for the others.
const TIMEOUT: Duration = Duration::from_secs(600);

/// One trial to run.
struct Plan<'a> {
    scenario: &'a Scenario,
    baseline: &'a Outcome,
    subject: String,
    fault: Fault,
    times: Times,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_at_every_call_has_the_documented_outcome() {
    let route = selected_route();
    let mut scenarios = scenarios::all();
    if let Some(route) = &route {
        scenarios.retain(|scenario| scenario.routes.contains(&route.as_str()));
        assert!(!scenarios.is_empty(), "no scenario of {route}");
    }
    // Each trial is a task of its own, which needs data without a lifetime.
    let scenarios: &'static [Scenario] = scenarios.leak();
    let baselines: Vec<(Outcome, Vec<AwsCall>)> = stream::iter(scenarios)
        .map(|scenario| tokio::spawn(trial::run_without_fault(scenario)))
        .buffered(CONCURRENT_TRIALS)
        .map(Result::unwrap)
        .collect()
        .await;
    let baselines: &'static [_] = baselines.leak();
    let plans = scenarios
        .iter()
        .zip(baselines)
        .flat_map(|(scenario, (baseline, calls))| {
            calls.iter().flat_map(move |call| {
                let faults = Fault::of(call).into_iter();
                faults.map(move |(fault, times)| Plan {
                    scenario,
                    baseline,
                    subject: call.subject(),
                    fault,
                    times,
                })
            })
        });
    let plans: &'static [Plan<'static>] = plans.collect::<Vec<_>>().leak();
    let trials = run(plans).await;

    let broken: Vec<String> = trials.iter().flat_map(describe_broken_promises).collect();
    assert!(broken.is_empty(), "broken promises:\n{}", broken.join("\n"));
    let table = table::write(scenarios, baselines, &trials);
    if table::should_rewrite_page() {
        table::rewrite_page(&table, route.as_deref());
    }
    let differences = table::compare_with_page(&table, route.as_deref());
    assert!(
        differences.is_empty(),
        "docs/reliability.md differs from the measurements:\n{differences}"
    );
}

/// The route in `FAULTS_ROUTE`. If it is set, only this route is tried, and only its part of the page
/// is compared or rewritten.
fn selected_route() -> Option<String> {
    let route = env::var_os("FAULTS_ROUTE")?;
    Some(route.into_string().expect("FAULTS_ROUTE is UTF-8"))
}

/// Runs the slow trials first. Returns the trials in the order of `plans`.
async fn run(plans: &'static [Plan<'static>]) -> Vec<Trial<'static>> {
    let mut numbered: Vec<_> = plans.iter().enumerate().collect();
    numbered.sort_by_key(|(_, plan)| !plan.fault.is_slow());
    let mut trials: Vec<_> = stream::iter(numbered)
        .map(|(number, plan)| tokio::spawn(async move { (number, plan.run().await) }))
        .buffer_unordered(CONCURRENT_TRIALS)
        .map(Result::unwrap)
        .collect()
        .await;
    trials.sort_by_key(|(number, _)| *number);
    trials.into_iter().map(|(_, trial)| trial).collect()
}

impl<'a> Plan<'a> {
    async fn run(&'a self) -> Trial<'a> {
        let running = trial::run(self.scenario, &self.subject, self.fault, self.times);
        let outcome = tokio::time::timeout(TIMEOUT, running).await;
        Trial {
            scenario: self.scenario,
            baseline: self.baseline,
            subject: &self.subject,
            fault: self.fault,
            times: self.times,
            outcome: outcome.unwrap_or_else(|_| panic!("{} hangs", self.subject)),
        }
    }
}

fn describe_broken_promises(trial: &Trial<'_>) -> Vec<String> {
    let describe = |promise| {
        format!(
            "{promise}: {:?} {}, {} {:?} at {}: {} [{}], retry {} [{}]",
            trial.scenario.routes,
            trial.scenario.variant,
            trial.fault.name(),
            trial.times,
            trial.subject,
            trial.outcome.response.text,
            trial.outcome.change.describe(),
            trial.outcome.retry.text,
            trial.outcome.change_with_retry.describe(),
        )
    };
    trial.broken_promises().into_iter().map(describe).collect()
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
    let unknown = tried.difference(&routes);
    let unknown: Vec<_> = unknown.filter(|it| !it.starts_with(EVENT)).collect();
    assert!(unknown.is_empty(), "no route of the template: {unknown:?}");
}
