//! Requests to processes that have answered before, on the same load through the same emulator.

use std::sync::Arc;
use std::time::Instant;

use tests::Sandbox;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::binaries::Build;
use crate::candidate::Candidate;
use crate::report::{Bound, Entry, Report, figure_of, median_of};
use crate::setting::{RIVALLED, Setting};
use crate::statistics::Summary;
use crate::{peers, process};

/// How many requests each program has before any is measured.
const BEFORE: usize = 100;

/// The programs take turns, so many times, with so many requests each time.
const ROUNDS: usize = 40;
const TURN: usize = 25;

const ENGINE: &str = "engine: one TLS call";
const CPU: &str = "cpu_ms";
const LAMBDA_HTTP: &str = "hello, lambda_http";

/// A process and what was measured of it.
struct Running<'a> {
    candidate: &'a Candidate,
    sandbox: Sandbox,
    ms: Vec<f64>,
    cpu_ms: f64,
}

pub(crate) async fn measure(build: &Build) -> Report {
    let setting = Setting::prepare(build).await;
    let peers = peers::prepare(&setting).await;
    setting.aws.stop_learning();
    let mut candidates = vec![&setting.hello, &setting.hello_http];
    candidates.extend(setting.functions.values());
    candidates.extend([&peers.node, &peers.python]);

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
    for running in running {
        let requests = running.ms.len();
        let cpu_ms = running.cpu_ms / requests as f64;
        let entry = Entry::new(&running.candidate.name, Summary::of(running.ms));
        entries.push(entry.with(CPU, cpu_ms));
        running.sandbox.kill().await;
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
        for _ in 0..TURN {
            // As Lambda does: what a runtime does between its answer and its next question keeps no
            // caller waiting. The processor's time has it.
            self.sandbox.idle().await;
            let since = Instant::now();
            let response = self.candidate.response(&self.sandbox).await;
            self.ms.push(since.elapsed().as_secs_f64() * 1e3);
            self.candidate.check(&response);
        }
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

fn bounds(entries: &[Entry]) -> Vec<Bound> {
    let median = |name| median_of(entries, name);
    let cpu_ms = |name| figure_of(entries, name, CPU);
    let Some(ours) = median(RIVALLED) else {
        return Vec::new();
    };
    let mut bounds = Vec::new();
    for (peer, name) in [(peers::NODE, "Node"), (peers::PYTHON, "Python")] {
        if let Some(theirs) = median(peer) {
            let what = format!("{name} ÷ ask-rating");
            bounds.push(Bound::at_least(4.0, what, theirs / ours));
        }
        if let (Some(theirs), Some(ours)) = (cpu_ms(peer), cpu_ms(RIVALLED)) {
            let what = format!("{name} ÷ ask-rating, CPU");
            bounds.push(Bound::at_least(4.0, what, theirs / ours));
        }
    }
    if let (Some(engine), Some(lambda_http)) = (median(ENGINE), median(LAMBDA_HTTP)) {
        let what = "(ask-rating − engine) ÷ lambda_http without a call";
        bounds.push(Bound::at_most(2.0, what, (ours - engine) / lambda_http));
    }
    bounds
}
