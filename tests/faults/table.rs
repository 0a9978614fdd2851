use std::path::Path;
use std::{env, fs};

use tests::AwsCall;

use crate::fault::{Fault, Times};
use crate::promises::Try;
use crate::scenario::Scenario;
use crate::trial::Outcome;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reliability.md");
const BEGIN: &str =
    "<!-- faults: written by `REWRITE_DOCS=1 cargo test -p tests --test faults` -->\n";
const END: &str = "<!-- end of faults -->\n";

/// The lines in which the page's tables differ from `table`. `route` limits the comparison to the
/// part of that route.
pub(crate) fn compare_with_page(table: &str, route: Option<&str>) -> String {
    let page = fs::read_to_string(Path::new(PAGE)).expect("the page exists");
    let [_, kept, _] = split(&page);
    match route {
        None => differences(kept, table),
        Some(route) => differences(part_of(route, kept), table.trim()),
    }
}

/// Whether `REWRITE_DOCS` asks for [`rewrite_page`].
pub(crate) fn is_to_be_rewritten() -> bool {
    env::var_os("REWRITE_DOCS").is_some()
}

/// Replaces the page's tables with `table`, or the part of `route` if there is one.
pub(crate) fn rewrite_page(table: &str, route: Option<&str>) {
    let page = fs::read_to_string(Path::new(PAGE)).expect("the page exists");
    let [before, kept, after] = split(&page);
    let table = match route {
        None => table.to_owned(),
        Some(route) => kept.replace(part_of(route, kept), table.trim()),
    };
    let page = format!("{before}{BEGIN}{table}{END}{after}");
    fs::write(Path::new(PAGE), page).expect("the page is written");
}

/// What the page has before the tables, the tables, and what it has after them.
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
    let names_it = |part: &&str| part.lines().next().is_some_and(|it| it.contains(&name));
    parts.find(names_it).unwrap_or_else(|| {
        panic!("docs/reliability.md has no tables of {route}: write all without FAULTS_ROUTE")
    })
}

const HEADING: &str = "\n#### ";

fn headings(tables: &str) -> impl Iterator<Item = usize> {
    tables.match_indices(HEADING).map(|(start, _)| start)
}

fn differences(kept: &str, measured: &str) -> String {
    let missing = kept.lines().filter(|line| !measured.contains(line));
    let new = measured.lines().filter(|line| !kept.contains(line));
    let missing = missing.map(|line| format!("- {line}\n"));
    missing
        .chain(new.map(|line| format!("+ {line}\n")))
        .collect()
}

/// The tables of all measurements: for each scenario the outcome of each fault at each of its calls.
pub(crate) fn write(
    scenarios: &[Scenario],
    well: &[(Outcome, Vec<AwsCall>)],
    tries: &[Try<'_>],
) -> String {
    let mut text = String::new();
    let mut route = &[""][..];
    for (scenario, (well, calls)) in scenarios.iter().zip(well) {
        if scenario.routes != route {
            route = scenario.routes;
            let names: Vec<_> = route.iter().map(|route| format!("`{route}`")).collect();
            text.push_str(&format!("\n#### {}\n", names.join(", ")));
        }
        let own: Vec<_> = tries
            .iter()
            .filter(|tried| std::ptr::eq(tried.scenario, scenario))
            .collect();
        text.push_str(&format!("\n{}", heading(scenario, well, calls, &own)));
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
fn heading(scenario: &Scenario, well: &Outcome, calls: &[AwsCall], tries: &[&Try<'_>]) -> String {
    let variant = scenario.variant;
    if calls.is_empty() {
        return format!("{variant}: no call to AWS.\n");
    }
    let cured = tries.iter().filter(|tried| is_cured(tried)).count();
    let once = tries.iter().filter(|tried| tried.times == Times::Once);
    let all = if cured == once.count() {
        ""
    } else {
        ", except those listed"
    };
    format!(
        "{variant}: {}, retry {}. The same after each fault that happens once{all}.\n",
        well.answer.text, well.again.text
    )
}

/// Whether the fault happened once and changed nothing.
fn is_cured(tried: &Try<'_>) -> bool {
    tried.times == Times::Once && tried.outcome == *tried.well
}

/// One row for each outcome of `call`.
fn rows(call: &AwsCall, tries: &[&Try<'_>]) -> String {
    let subject = call.subject();
    let own: Vec<_> = tries
        .iter()
        .filter(|tried| tried.subject == subject && !is_cured(tried))
        .collect();
    let mut outcomes: Vec<String> = Vec::new();
    for tried in &own {
        let outcome = describe(tried);
        if !outcomes.contains(&outcome) {
            outcomes.push(outcome);
        }
    }
    let rows = outcomes.iter().enumerate().map(|(number, outcome)| {
        let same = own.iter().filter(|tried| describe(tried) == *outcome);
        let same: Vec<_> = same.map(|tried| (tried.times, tried.fault)).collect();
        let cause = [Times::Once, Times::ForEver]
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
        Times::ForEver => format!("always: {what}"),
    })
}

fn describe(tried: &Try<'_>) -> String {
    let Outcome {
        answer,
        change,
        again,
        ..
    } = &tried.outcome;
    let kept = if change.is_nothing() {
        "nothing".to_owned()
    } else if *change == tried.well.change {
        "all".to_owned()
    } else {
        change.describe()
    };
    format!("{} | {kept} | {}", answer.text, again.text)
}
