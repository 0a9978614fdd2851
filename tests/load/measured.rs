use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::Reply;

/// What one client saw: how long each route took, and what was not as it should be.
#[derive(Default)]
pub(crate) struct Measured {
    times: BTreeMap<&'static str, Vec<Duration>>,
    wrong: Vec<String>,
}

impl Measured {
    /// The body of the reply to a request of `route`, timed, if its status is the right one.
    pub(crate) async fn expect(
        &mut self,
        route: &'static str,
        status: u16,
        request: impl Future<Output = Reply>,
    ) -> Value {
        let started = Instant::now();
        let reply = request.await;
        self.times.entry(route).or_default().push(started.elapsed());
        if reply.status != status {
            let told = format!("{route}: {} for {status}: {}", reply.status, reply.body);
            self.wrong.push(told);
        }
        reply.body
    }

    /// Notes where `actual` is not what it should be.
    pub(crate) fn check(&mut self, what: &str, actual: &Value, right: impl Into<Value>) {
        let right = right.into();
        if *actual != right {
            self.wrong.push(format!("{what}: {actual} for {right}"));
        }
    }

    /// Adds what another client saw.
    pub(crate) fn add(&mut self, other: Self) {
        for (route, times) in other.times {
            self.times.entry(route).or_default().extend(times);
        }
        self.wrong.extend(other.wrong);
    }

    /// How many milliseconds a request of `route` took at the median.
    pub(crate) fn median(&self, route: &str) -> f64 {
        let mut times = self.times[route].clone();
        times.sort_unstable();
        milliseconds(&times, 0.5)
    }

    /// What was not as it should be.
    pub(crate) fn wrong(&self) -> &[String] {
        &self.wrong
    }

    /// Prints each route's rate and times over a run of this length, in a table in Markdown.
    pub(crate) fn print(&mut self, run: Duration) {
        println!("| route | requests | a second | p50 ms | p99 ms | longest ms |");
        println!("|---|---|---|---|---|---|");
        let mut all = Vec::new();
        for (route, times) in &mut self.times {
            all.extend_from_slice(times);
            print_row(&format!("`{route}`"), times, run);
        }
        print_row("all", &mut all, run);
    }
}

fn print_row(name: &str, times: &mut [Duration], run: Duration) {
    times.sort_unstable();
    let rate = times.len() as f64 / run.as_secs_f64();
    let [half, most, longest] = [0.5, 0.99, 1.0].map(|share| milliseconds(times, share));
    let requests = times.len();
    println!("| {name} | {requests} | {rate:.0} | {half:.1} | {most:.1} | {longest:.0} |");
}

/// The time that a share of the sorted `times` does not exceed.
fn milliseconds(times: &[Duration], share: f64) -> f64 {
    let place = (times.len() - 1) as f64 * share;
    times[place.round() as usize].as_secs_f64() * 1_000.0
}
