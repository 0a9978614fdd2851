//! Calls to AWS in series, their capacity units, and the cost of a million requests.
//!
//! Calls and units are counted from the traffic of a stack in this process. The prices are in
//! `prices.json`.

mod bill;
mod hooks;
mod memory;
mod operations;
mod prices;
mod reporting;
mod rounds;
mod traffic;

use serde_json::Value;

use crate::figure::readable;
use crate::report::{Bound, Entry, Report, median_of};
use crate::results::Results;
use crate::statistics::Summary;
use bill::{Bill, Work};
use operations::Scenario;
use prices::Prices;

/// The cost of an operation is shown for a million.
const MILLION: f64 = 1_000_000.0;

const DAYS_IN_A_MONTH: f64 = 30.0;

pub(crate) async fn measure() -> Report {
    let prices = Prices::load();
    let warm = Results::load();
    let mut report = Report {
        title: "a million operations, US dollars",
        ..Report::default()
    };
    for (name, traffic) in Scenario::measure().await {
        let work = Work {
            memory_mb: memory::of(traffic.function),
            own_cpu_ms: own_cpu_ms(&warm, traffic.function)
                .unwrap_or_else(|| prices.assumed("own_cpu_ms")),
            traffic: &traffic,
        };
        let bill = work.bill(&prices);
        report.entries.push(entry(name, &work, &bill, &prices));
        if let Some(most) = traffic.max_trips {
            report.bounds.push(Bound::at_most(
                f64::from(most),
                format!("round trips to {name}"),
                f64::from(traffic.trips()),
            ));
        }
    }
    report.notes.extend(roll_ups(&report.entries));
    report.notes.push(prices.note());
    report
}

/// The cost of a month of roll-ups: one each hour, of which one a day rolls up a day.
fn roll_ups(entries: &[Entry]) -> Option<String> {
    let [idle, rolling_up] = [reporting::IDLE_ROLL_UP, reporting::ROLL_UP]
        .map(|name| median_of(entries, name).map(|million| million / MILLION));
    let usd = DAYS_IN_A_MONTH * (23.0 * idle? + rolling_up?);
    Some(format!(
        "A month of roll-ups costs {} US dollars: one each hour, of which one a day rolls up a day.",
        readable(usd)
    ))
}

fn entry(name: &str, work: &Work<'_>, bill: &Bill, prices: &Prices) -> Entry {
    let traffic = work.traffic;
    Entry::new(name, Summary::exact(bill.total() * MILLION))
        .with("trips", f64::from(traffic.trips()))
        .with("read_units", traffic.read_units())
        .with("write_units", traffic.write_units())
        .with("lambda_ms", work.billed_ms(prices))
        .with("gateway", bill.gateway * MILLION)
        .with("lambda", bill.lambda * MILLION)
        .with("dynamodb", bill.dynamodb * MILLION)
        .with("ses", bill.ses * MILLION)
        .with("events", bill.events * MILLION)
        .with("logs", bill.logs * MILLION)
}

/// The CPU time of a function from the section `warm`, if it was measured.
fn own_cpu_ms(results: &Results, function: &str) -> Option<f64> {
    let entries = results.section("warm")?.as_object()?;
    let own = entries
        .iter()
        .find(|(name, _)| name.as_str() == function || name.starts_with(&format!("{function},")));
    own.and_then(|(_, entry)| entry.get("cpu_ms").and_then(Value::as_f64))
}
