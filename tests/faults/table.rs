use std::path::Path;
use std::{env, fs};

use tests::AwsCall;

use crate::fault::{Fault, Times};
use crate::promises::Try;
use crate::scenario::Scenario;
use crate::trial::Outcome;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const BEGIN: &str =
    "<!-- faults: written by `REWRITE_README=1 cargo test -p tests --test faults` -->\n";
const END: &str = "<!-- end of faults -->\n";

/// Where the table in the README differs from this one. Where `REWRITE_README` is set this one
/// takes its place.
pub(crate) fn compare_with_readme(table: &str) -> String {
    let readme = fs::read_to_string(Path::new(README)).expect("the README is there");
    let (before, rest) = readme.split_once(BEGIN).expect("the table's beginning");
    let (kept, after) = rest.split_once(END).expect("the table's end");
    if env::var_os("REWRITE_README").is_none() {
        return differences(kept, table);
    }
    let readme = format!("{before}{BEGIN}{table}{END}{after}");
    fs::write(Path::new(README), readme).expect("the README is written");
    String::new()
}

fn differences(kept: &str, measured: &str) -> String {
    let missing = kept.lines().filter(|line| !measured.contains(line));
    let new = measured.lines().filter(|line| !kept.contains(line));
    let missing = missing.map(|line| format!("- {line}\n"));
    missing
        .chain(new.map(|line| format!("+ {line}\n")))
        .collect()
}

/// All that was measured: for each scenario what comes of each fault at each of its calls.
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
            text.push_str("\n| call | what goes wrong | answer | kept | again |\n");
            text.push_str("|---|---|---|---|---|\n");
            text.push_str(&rows);
        }
    }
    text.push('\n');
    text
}

/// What comes of it where nothing goes wrong, and where something does once.
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
        " but what follows"
    };
    format!(
        "{variant}: {}, again {}. The same where anything goes wrong once{all}.\n",
        well.answer.text, well.again.text
    )
}

/// Whether it went wrong once and made no difference.
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

/// `for ever: 500, slow`: what goes wrong so often with one outcome.
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
        count if count == all => "anything".to_owned(),
        _ => causes.join(", "),
    };
    Some(match times {
        Times::Once => format!("once: {what}"),
        Times::ForEver => format!("for ever: {what}"),
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
