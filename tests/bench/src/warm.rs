//! Requests to processes that have answered before, on the same load through the same emulator.
//!
//! Half of a quick request's time is the hand-over between emulator and process, which is the machine's
//! and the same for all. So what is bounded is the programs' own: the processor's time, and the time
//! above that of the language's bare runtime in the same turns.

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
use crate::setting::{BARE, RIVALLED, Setting};
use crate::statistics::Summary;
use crate::{peers, process};

/// How many requests each program has before any is measured.
const BEFORE: usize = 100;

/// The programs take turns, so many times, with so many requests each time.
const ROUNDS: usize = 40;
const TURN: usize = 25;

const ENGINE: &str = "engine: one TLS call";
const CPU: &str = "cpu_ms";
const ABOVE: &str = "above_bare_ms";
const LAMBDA_HTTP: &str = "hello, lambda_http";

/// The programs that call AWS for the same answer, each with the bare runtime of its language.
const RIVALS: [(&str, &str); 3] = [
    (RIVALLED, BARE),
    (peers::NODE, peers::BARE_NODE),
    (peers::PYTHON, peers::BARE_PYTHON),
];

/// A process and what was measured of it.
struct Running<'a> {
    candidate: &'a Candidate,
    sandbox: Sandbox,
    /// Turn by turn.
    ms: Vec<Vec<f64>>,
    cpu_ms: f64,
}

pub(crate) async fn measure(build: &Build) -> Report {
    let setting = Setting::prepare(build).await;
    let peers = peers::prepare(&setting).await;
    setting.aws.stop_learning();
    let mut candidates = vec![&setting.hello, &setting.hello_http, &setting.bare];
    candidates.extend(setting.functions.values());
    candidates.extend([&peers.bare_node, &peers.node]);
    candidates.extend([&peers.bare_python, &peers.python]);

    let mut running = Vec::new();
    for candidate in candidates {
        running.push(Running::start(candidate).await);
    }
    let mut engine = Engine::connect(&setting).await;
    for _ in 0..BEFORE {
        engine.call().await;
    }
    setting.aws.take_times();
    let (mut round_trips, mut within) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for _ in 0..TURN {
            round_trips.push(engine.call().await);
        }
        within.extend(setting.aws.take_times());
        for running in &mut running {
            running.take_turn().await;
        }
        setting.aws.take_times();
    }

    let engine = Entry::new(ENGINE, Summary::of(round_trips))
        .with("within_the_server_ms", Summary::of(within).median);
    let mut entries = vec![engine];
    for one in &running {
        let ms = one.ms.concat();
        let cpu_ms = one.cpu_ms / ms.len() as f64;
        let name = one.candidate.name.as_str();
        let mut entry = Entry::new(name, Summary::of(ms)).with(CPU, cpu_ms);
        let rival = RIVALS.iter().find(|(rival, _)| *rival == name);
        let bare = rival.and_then(|(_, bare)| {
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
        for _ in 0..BEFORE {
            candidate.ask(&sandbox).await;
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
            // As Lambda does: what a runtime does between its answer and its next question keeps no
            // caller waiting. The processor's time has it.
            self.sandbox.idle().await;
            let since = Instant::now();
            let response = self.candidate.response(&self.sandbox).await;
            turn.push(since.elapsed().as_secs_f64() * 1e3);
            self.candidate.check(&response);
        }
        self.ms.push(turn);
        self.cpu_ms += process::cpu_ms(process) - before;
    }
}

/// A connection to the endpoint that does what a call to AWS must do, and nothing else.
struct Engine {
    stream: TlsStream<TcpStream>,
    request: Vec<u8>,
}

impl Engine {
    async fn connect(setting: &Setting) -> Self {
        let mut roots = RootCertStore::empty();
        let root = CertificateDer::from_pem_file(setting.aws.root()).expect("the root is there");
        roots.add(root).expect("a root");
        let config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let address = setting.aws.address();
        let socket = TcpStream::connect(address).await.expect("it listens");
        socket.set_nodelay(true).expect("an option of sockets");
        let connector = TlsConnector::from(Arc::new(config));
        let stream = connector.connect(address.ip().into(), socket).await;
        Self {
            stream: stream.expect("a handshake"),
            request: std::fs::read(&setting.request).expect("it was written"),
        }
    }

    /// Sends the request, and reads the whole answer; in milliseconds.
    async fn call(&mut self) -> f64 {
        let since = Instant::now();
        self.stream
            .write_all(&self.request)
            .await
            .expect("it is sent");
        let mut answer = vec![0; 4_096];
        let read = self.stream.read(&mut answer).await.expect("it is answered");
        let elapsed = since.elapsed();
        assert!(answer[..read].starts_with(b"HTTP/1.1 200"), "an answer");
        elapsed.as_secs_f64() * 1e3
    }
}

/// By how much the times of a program exceed those of its bare runtime: the median of the turns, each
/// of which compares what ran one shortly after the other.
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
        if let (Some(theirs), Some(ours)) = (figure(peer, CPU), figure(RIVALLED, CPU)) {
            let what = format!("{name} ÷ ask-rating, CPU");
            bounds.push(Bound::at_least(4.0, what, theirs / ours));
        }
        if let (Some(theirs), Some(ours)) = (figure(peer, ABOVE), figure(RIVALLED, ABOVE)) {
            let what = format!("{name} ÷ ask-rating, above the bare runtime");
            bounds.push(Bound::at_least(2.0, what, theirs / ours));
        }
    }
    if let (Some(ours), Some(lambda_http)) = (figure(RIVALLED, CPU), figure(LAMBDA_HTTP, CPU)) {
        let what = "ask-rating ÷ lambda_http without a call, CPU";
        bounds.push(Bound::at_most(1.5, what, ours / lambda_http));
    }
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program's entry: its wall time, its CPU time, and what it takes above its bare runtime.
    fn entry(name: &str, wall: f64, cpu: f64, above: f64) -> Entry {
        let entry = Entry::new(name, Summary::exact(wall));
        entry.with(CPU, cpu).with(ABOVE, above)
    }

    fn is_within_bounds(hand_over: f64, slowdown: f64) -> bool {
        let entries = [
            entry(LAMBDA_HTTP, hand_over, 0.2, 0.0),
            entry(
                RIVALLED,
                hand_over + 0.1 * slowdown,
                0.2 * slowdown,
                0.1 * slowdown,
            ),
            entry(peers::NODE, hand_over + 0.8, 1.6, 0.8),
            entry(peers::PYTHON, hand_over + 2.0, 2.1, 2.0),
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
    fn the_verdict_does_not_depend_on_the_machines_hand_over() {
        for hand_over in [0.01, 0.1, 1.0, 10.0] {
            assert!(is_within_bounds(hand_over, 1.0), "{hand_over}");
            assert!(!is_within_bounds(hand_over, 5.0), "{hand_over}");
        }
    }

    #[test]
    fn what_a_program_takes_above_its_runtime_is_compared_turn_by_turn() {
        let bare = [vec![1.0, 1.0, 9.0], vec![5.0, 5.0, 5.0]];
        let program = [vec![2.0, 2.0, 2.0], vec![6.0, 6.5, 99.0]];
        assert_eq!(above(&program, &bare), 1.25);
    }
}
