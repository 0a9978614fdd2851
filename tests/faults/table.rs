use std::path::Path;
use std::{env, fs};

use tests::AwsCall;

use crate::fault::{Fault, Times};
use crate::promises::Trial;
use crate::scenario::Scenario;
use crate::trial::Outcome;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reliability.md");
const BEGIN: &str =
    "<!-- faults: written by `REWRITE_DOCS=1 cargo test -p tests --test faults` -->\n";
const END: &str = "<!-- end of faults -->\n";

/// The lines in which the page's tables differ from `table`. If there is a `route`, only its part is
/// compared.
pub(crate) fn compare_with_page(table: &str, route: Option<&str>) -> String {
    let page = fs::read_to_string(Path::new(PAGE)).expect("the page exists");
    let [_, tables, _] = split(&page);
    match route {
        None => differences(tables, table),
        Some(route) => differences(part_of(route, tables), table.trim()),
    }
}

/// Whether `REWRITE_DOCS` is set.
pub(crate) fn should_rewrite_page() -> bool {
    env::var_os("REWRITE_DOCS").is_some()
}

/// Replaces the page's tables with `table`. If there is a `route`, only its part is replaced.
pub(crate) fn rewrite_page(table: &str, route: Option<&str>) {
    let page = fs::read_to_string(Path::new(PAGE)).expect("the page exists");
    let [before, tables, after] = split(&page);
    let table = match route {
        None => table.to_owned(),
        Some(route) => tables.replace(part_of(route, tables), table.trim()),
    };
    let page = format!("{before}{BEGIN}{table}{END}{after}");
    fs::write(Path::new(PAGE), page).expect("the page is written");
}

/// The page before the tables, the tables, and the page after them.
fn split(page: &str) -> [&str; 3] {
    let (before, rest) = page.split_once(BEGIN).expect("the tables' beginning");
    let (tables, after) = rest.split_once(END).expect("the tables' end");
    [before, tables, after]
}

/// The part of `tables` from the heading that names `route` to the next heading.
fn part_of<'a>(route: &str, tables: &'a str) -> &'a str {
    let name = format!("`{route}`");
    let mut parts = headings(tables).map(|start| {
        let rest = &tables[start..];
        let end = rest[1..].find(HEADING).map_or(rest.len(), |end| end + 1);
        rest[..end].trim()
    });
    let is_of_route = |part: &&str| part.lines().next().is_some_and(|it| it.contains(&name));
    parts.find(is_of_route).unwrap_or_else(|| {
        panic!("docs/reliability.md has no tables of {route}: write all without FAULTS_ROUTE")
    })
}

const HEADING: &str = "\n#### ";

fn headings(tables: &str) -> impl Iterator<Item = usize> {
    tables.match_indices(HEADING).map(|(start, _)| start)
}

fn differences(documented: &str, measured: &str) -> String {
    let missing = documented.lines().filter(|line| !measured.contains(line));
    let new = measured.lines().filter(|line| !documented.contains(line));
    let missing = missing.map(|line| format!("- {line}\n"));
    missing
        .chain(new.map(|line| format!("+ {line}\n")))
        .collect()
}

/// The tables of all measurements: for each scenario the outcome of each fault at each of its calls.
pub(crate) fn write(
    scenarios: &[Scenario],
    baselines: &[(Outcome, Vec<AwsCall>)],
    trials: &[Trial<'_>],
) -> String {
    let mut text = String::new();
    let mut route = &[""][..];
    for (scenario, (baseline, calls)) in scenarios.iter().zip(baselines) {
        if scenario.routes != route {
            route = scenario.routes;
            let names: Vec<_> = route.iter().map(|route| format!("`{route}`")).collect();
            text.push_str(&format!("\n#### {}\n", names.join(", ")));
        }
        let own: Vec<_> = trials
            .iter()
            .filter(|trial| std::ptr::eq(trial.scenario, scenario))
            .collect();
        text.push_str(&format!("\n{}", heading(scenario, baseline, calls, &own)));
        let rows: String = calls.iter().map(|call| rows(call, &own)).collect();
        if !rows.is_empty() {
            text.push_str("\n| call | fault | response | stored | retry |\n");
            text.push_str("|---|---|---|---|---|\n");
            text.push_str(&rows);
        }
    }
    text.push('\n');
    text
}

/// The outcome without a fault, and whether a fault that happens once changes it.
fn heading(
    scenario: &Scenario,
    baseline: &Outcome,
    calls: &[AwsCall],
    trials: &[&Trial<'_>],
) -> String {
    let variant = scenario.variant;
    if calls.is_empty() {
        return format!("{variant}: no call to AWS.\n");
    }
    let unchanged = trials.iter().filter(|trial| is_unchanged(trial)).count();
    let once = trials.iter().filter(|trial| trial.times == Times::Once);
    let all = if unchanged == once.count() {
        ""
    } else {
        ", except those listed"
    };
    format!(
        "{variant}: {}, retry {}. The same after each fault that happens once{all}.\n",
        baseline.response.text, baseline.retry.text
    )
}

/// Whether the fault happened once and changed nothing.
fn is_unchanged(trial: &Trial<'_>) -> bool {
    trial.times == Times::Once && trial.outcome == *trial.baseline
}

/// One row for each outcome of `call`.
fn rows(call: &AwsCall, trials: &[&Trial<'_>]) -> String {
    let subject = call.subject();
    let own: Vec<_> = trials
        .iter()
        .filter(|trial| trial.subject == subject && !is_unchanged(trial))
        .collect();
    let mut outcomes: Vec<String> = Vec::new();
    for trial in &own {
        let outcome = describe(trial);
        if !outcomes.contains(&outcome) {
            outcomes.push(outcome);
        }
    }
    let rows = outcomes.iter().enumerate().map(|(number, outcome)| {
        let same = own.iter().filter(|trial| describe(trial) == *outcome);
        let same: Vec<_> = same.map(|trial| (trial.times, trial.fault)).collect();
        let cause = [Times::Once, Times::Always]
            .into_iter()
            .filter_map(|times| causes(call, times, &same))
            .collect::<Vec<_>>();
        let call = if number == 0 {
            format!("`{subject}`")
        } else {
            String::new()
        };
        format!("| {call} | {} | {outcome} |\n", cause.join("; "))
    });
    rows.collect()
}

/// `always: 500, slow`: the faults that lead to one outcome.
fn causes(call: &AwsCall, times: Times, same: &[(Times, Fault)]) -> Option<String> {
    let causes: Vec<_> = same
        .iter()
        .filter(|(own, _)| *own == times)
        .map(|(_, fault)| fault.name())
        .collect();
    let all = Fault::of(call);
    let all = all.iter().filter(|(_, own)| *own == times).count();
    let what = match causes.len() {
        0 => return None,
        count if count == all => "any fault".to_owned(),
        _ => causes.join(", "),
    };
    Some(match times {
        Times::Once => format!("once: {what}"),
        Times::Always => format!("always: {what}"),
    })
}

fn describe(trial: &Trial<'_>) -> String {
    let Outcome {
        response,
        change,
        retry,
        ..
    } = &trial.outcome;
    let stored = if change.is_empty() {
        "nothing".to_owned()
    } else if *change == trial.baseline.change {
        "all".to_owned()
    } else {
        change.describe()
    };
    format!("{} | {stored} | {}", response.text, retry.text)
}
