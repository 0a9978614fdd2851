use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::Reply;

/// The measurements of one client: the times of each route, and the wrong responses.
#[derive(Default)]
pub(crate) struct Measured {
    times: BTreeMap<&'static str, Vec<Duration>>,
    wrong: Vec<String>,
}

impl Measured {
    /// Measures a request of `route`, and checks the status. Returns the body.
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
            let error = format!("{route}: {} for {status}: {}", reply.status, reply.body);
            self.wrong.push(error);
        }
        reply.body
    }

    /// Adds an error if `actual` is not `expected`.
    pub(crate) fn check(&mut self, what: &str, actual: &Value, expected: impl Into<Value>) {
        let expected = expected.into();
        if *actual != expected {
            self.wrong.push(format!("{what}: {actual} for {expected}"));
        }
    }

    /// Adds the measurements of another client.
    pub(crate) fn add(&mut self, other: Self) {
        for (route, times) in other.times {
            self.times.entry(route).or_default().extend(times);
        }
        self.wrong.extend(other.wrong);
    }

    /// The median time of a request of `route`, in milliseconds.
    pub(crate) fn median(&self, route: &str) -> f64 {
        let mut times = self.times[route].clone();
        times.sort_unstable();
        milliseconds(&times, 0.5)
    }

    /// The wrong responses.
    pub(crate) fn wrong(&self) -> &[String] {
        &self.wrong
    }

    /// Prints a Markdown table of each route's rate and times in a run of this length.
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
