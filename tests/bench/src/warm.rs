//! Requests to processes that have answered before, through the same emulator.
//!
//! Half of a fast request's time is the exchange between emulator and process, which depends on the
//! machine and is the same for all programs. So the bounds apply to the programs' own share: the CPU
//! time, and the time above the language's bare runtime in the same turns.

use std::sync::Arc;
use std::time::Instant;

use ::tests::Sandbox;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::binaries::Build;
use crate::candidate::Candidate;
use crate::report::{Bound, Entry, Report, figure_of};
use crate::setup::{BARE, COMPARED_FUNCTION, Setup};
use crate::statistics::Summary;
use crate::{peers, process};

/// The number of requests to each program before the measurement.
const WARM_UPS: usize = 100;

/// The number of turns of each program.
const ROUNDS: usize = 40;
/// The number of requests in a turn.
const TURN: usize = 25;

const ENGINE: &str = "engine: one TLS call";
const CPU: &str = "cpu_ms";
const ABOVE: &str = "above_bare_ms";
const LAMBDA_HTTP: &str = "hello, lambda_http";

/// The programs with the same response, each with the bare runtime of its language.
const COMPARED_PROGRAMS: [(&str, &str); 3] = [
    (COMPARED_FUNCTION, BARE),
    (peers::NODE, peers::BARE_NODE),
    (peers::PYTHON, peers::BARE_PYTHON),
];

/// A process and its measurements.
struct Running<'a> {
    candidate: &'a Candidate,
    sandbox: Sandbox,
    /// The times of each turn.
    ms: Vec<Vec<f64>>,
    cpu_ms: f64,
}

pub(crate) async fn measure(build: &Build) -> Report {
    let setup = Setup::prepare(build).await;
    let peers = peers::prepare(&setup).await;
    setup.aws.stop_recording();
    let mut candidates = vec![&setup.hello, &setup.hello_http, &setup.bare];
    candidates.extend(setup.functions.values());
    candidates.extend([&peers.bare_node, &peers.node]);
    candidates.extend([&peers.bare_python, &peers.python]);

    let mut running = Vec::new();
    for candidate in candidates {
        running.push(Running::start(candidate).await);
    }
    let mut engine = Engine::connect(&setup).await;
    for _ in 0..WARM_UPS {
        engine.call().await;
    }
    setup.aws.take_times();
    let (mut round_trips, mut within) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for _ in 0..TURN {
            round_trips.push(engine.call().await);
        }
        within.extend(setup.aws.take_times());
        for running in &mut running {
            running.take_turn().await;
        }
        setup.aws.take_times();
    }

    let engine = Entry::new(ENGINE, Summary::of(round_trips))
        .with("within_the_server_ms", Summary::of(within).median);
    let mut entries = vec![engine];
    for one in &running {
        let ms = one.ms.concat();
        let cpu_ms = one.cpu_ms / ms.len() as f64;
        let name = one.candidate.name.as_str();
        let mut entry = Entry::new(name, Summary::of(ms)).with(CPU, cpu_ms);
        let compared = COMPARED_PROGRAMS
            .iter()
            .find(|(program, _)| *program == name);
        let bare = compared.and_then(|(_, bare)| {
            let mut running = running.iter();
            running.find(|other| other.candidate.name == *bare)
        });
        if let Some(bare) = bare {
            entry = entry.with(ABOVE, above(&one.ms, &bare.ms));
        }
        entries.push(entry);
    }
    for one in running {
        one.sandbox.kill().await;
    }
    Report {
        title: "warm request, ms",
        bounds: bounds(&entries),
        entries,
        notes: peers.notes,
    }
}

impl<'a> Running<'a> {
    async fn start(candidate: &'a Candidate) -> Self {
        let sandbox = candidate.start().await;
        for _ in 0..WARM_UPS {
            candidate.handle_task(&sandbox).await;
        }
        Self {
            candidate,
            sandbox,
            ms: Vec::new(),
            cpu_ms: 0.0,
        }
    }

    async fn take_turn(&mut self) {
        let process = self.sandbox.process_id();
        let before = process::cpu_ms(process);
        let mut turn = Vec::new();
        for _ in 0..TURN {
            // In Lambda, no caller waits for the runtime's work between a response and its next request
            // for an event. Only the CPU time includes this work.
            self.sandbox.wait_until_idle().await;
            let since = Instant::now();
            let response = self.candidate.response(&self.sandbox).await;
            turn.push(since.elapsed().as_secs_f64() * 1e3);
            self.candidate.check(&response);
        }
        self.ms.push(turn);
        self.cpu_ms += process::cpu_ms(process) - before;
    }
}

/// A connection to the endpoint that sends only the request of a call to AWS.
struct Engine {
    stream: TlsStream<TcpStream>,
    request: Vec<u8>,
}

impl Engine {
    async fn connect(setup: &Setup) -> Self {
        let mut roots = RootCertStore::empty();
        let root =
            CertificateDer::from_pem_file(setup.aws.root()).expect("the root certificate exists");
        roots.add(root).expect("a root");
        let config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let address = setup.aws.address();
        let socket = TcpStream::connect(address)
            .await
            .expect("the endpoint listens");
        socket.set_nodelay(true).expect("TCP_NODELAY is set");
        let connector = TlsConnector::from(Arc::new(config));
        let stream = connector.connect(address.ip().into(), socket).await;
        Self {
            stream: stream.expect("a handshake"),
            request: std::fs::read(&setup.request).expect("the request was written"),
        }
    }

    /// Sends the request and reads the whole response. Returns the time in milliseconds.
    async fn call(&mut self) -> f64 {
        let since = Instant::now();
        self.stream
            .write_all(&self.request)
            .await
            .expect("the request is sent");
        let mut response = vec![0; 4_096];
        let read = self
            .stream
            .read(&mut response)
            .await
            .expect("the response is read");
        let elapsed = since.elapsed();
        assert!(response[..read].starts_with(b"HTTP/1.1 200"));
        elapsed.as_secs_f64() * 1e3
    }
}

/// The time of a program above its bare runtime: the median of the differences of each turn, in which
/// both ran shortly after each other.
fn above(program: &[Vec<f64>], bare: &[Vec<f64>]) -> f64 {
    let median = |turn: &Vec<f64>| Summary::of(turn.clone()).median;
    let turns = program.iter().zip(bare);
    let differences = turns.map(|(program, bare)| median(program) - median(bare));
    Summary::of(differences.collect()).median
}

fn bounds(entries: &[Entry]) -> Vec<Bound> {
    let figure = |name, figure| figure_of(entries, name, figure);
    let mut bounds = Vec::new();
    for (peer, name) in [(peers::NODE, "Node"), (peers::PYTHON, "Python")] {
        if let (Some(theirs), Some(ours)) = (figure(peer, CPU), figure(COMPARED_FUNCTION, CPU)) {
            let what = format!("{name} ÷ ask-rating, CPU");
            bounds.push(Bound::at_least(4.0, what, theirs / ours));
        }
        if let (Some(theirs), Some(ours)) = (figure(peer, ABOVE), figure(COMPARED_FUNCTION, ABOVE))
        {
            let what = format!("{name} ÷ ask-rating, above the bare runtime");
            bounds.push(Bound::at_least(2.0, what, theirs / ours));
        }
    }
    if let (Some(ours), Some(lambda_http)) =
        (figure(COMPARED_FUNCTION, CPU), figure(LAMBDA_HTTP, CPU))
    {
        let what = "ask-rating ÷ lambda_http without a call, CPU";
        bounds.push(Bound::at_most(1.5, what, ours / lambda_http));
    }
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry with wall time, CPU time and time above the bare runtime.
    fn entry(name: &str, wall: f64, cpu: f64, above: f64) -> Entry {
        let entry = Entry::new(name, Summary::exact(wall));
        entry.with(CPU, cpu).with(ABOVE, above)
    }

    fn is_within_bounds(exchange: f64, slowdown: f64) -> bool {
        let entries = [
            entry(LAMBDA_HTTP, exchange, 0.2, 0.0),
            entry(
                COMPARED_FUNCTION,
                exchange + 0.1 * slowdown,
                0.2 * slowdown,
                0.1 * slowdown,
            ),
            entry(peers::NODE, exchange + 0.8, 1.6, 0.8),
            entry(peers::PYTHON, exchange + 2.0, 2.1, 2.0),
        ];
        let bounds = bounds(&entries);
        assert_eq!(bounds.len(), 5);
        let report = Report {
            bounds,
            ..Report::default()
        };
        report.is_within_bounds()
    }

    #[test]
    fn bounds_do_not_depend_on_the_machines_exchange_time() {
        for exchange in [0.01, 0.1, 1.0, 10.0] {
            assert!(is_within_bounds(exchange, 1.0), "{exchange}");
            assert!(!is_within_bounds(exchange, 5.0), "{exchange}");
        }
    }

    #[test]
    fn the_time_above_the_runtime_is_compared_turn_by_turn() {
        let bare = [vec![1.0, 1.0, 9.0], vec![5.0, 5.0, 5.0]];
        let program = [vec![2.0, 2.0, 2.0], vec![6.0, 6.5, 99.0]];
        assert_eq!(above(&program, &bare), 1.25);
    }
}
