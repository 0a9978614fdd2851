use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use domain::Timestamp;
use serde_json::json;
use tests::Caller;

/// The interval of checks whether the server has started.
const PAUSE: Duration = Duration::from_millis(50);

const HOUR_SECONDS: i64 = 3_600;

/// The local server in a separate process. Its data directory is removed at the end.
pub(crate) struct Server {
    process: Child,
    url: String,
    data: PathBuf,
}

impl Server {
    /// Starts the executable `program` for several organisations on a free port.
    pub(crate) async fn start(program: &Path) -> Self {
        Self::start_with(program, &[]).await
    }

    /// As [`Server::start`], with more arguments.
    pub(crate) async fn start_with(program: &Path, arguments: &[&str]) -> Self {
        let port = free_port();
        let name = format!("afterchat-load-{}-{port}", std::process::id());
        let data = std::env::temp_dir().join(name);
        let process = Command::new(program)
            .args(["--organisations", "--no-demo", "--port", &port.to_string()])
            .arg("--data")
            .arg(&data)
            .args(arguments)
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("the server starts");
        let url = format!("http://127.0.0.1:{port}");
        let mut server = Self { process, url, data };
        while reqwest::get(&server.url).await.is_err() {
            let ended = server.process.try_wait().expect("a status");
            assert!(ended.is_none(), "the server ended: {ended:?}");
            tokio::time::sleep(PAUSE).await;
        }
        server
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A caller without a token.
    pub(crate) fn nobody(&self) -> Caller {
        Caller::at(&self.url)
    }

    /// Advances its time to the start of an hour, so that the run does not cross an hourly limit.
    pub(crate) async fn begin_an_hour(&self) {
        let now = self.advance(0).await;
        let into_the_hour = now.epoch_seconds().rem_euclid(HOUR_SECONDS);
        self.advance((HOUR_SECONDS - into_the_hour).unsigned_abs())
            .await;
    }

    /// The path of a report on the last seven days.
    pub(crate) async fn report_of_a_week(&self) -> String {
        let now = self.advance(0).await;
        let day = |time: Timestamp| time.to_string()[.."YYYY-MM-DD".len()].to_owned();
        let from = day(now.plus_seconds(-6 * 24 * HOUR_SECONDS));
        format!("/v1/satisfaction?from={from}&to={}", day(now))
    }

    pub(crate) async fn advance(&self, seconds: u64) -> Timestamp {
        let advance = json!({ "advance_seconds": seconds });
        let advanced = self.nobody().post("/dev/clock", advance).await.expect(200);
        Timestamp::parse(advanced["now"].as_str().expect("a time")).expect("in RFC 3339")
    }

    /// The resident memory of the process in kilobytes.
    pub(crate) fn resident_kilobytes(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.expect("the process runs");
        let mut lines = status.lines();
        let line = lines.find_map(|line| line.strip_prefix("VmRSS:"));
        let words = line
            .expect("the kernel reports it")
            .split_whitespace()
            .next();
        words.and_then(|number| number.parse().ok()).expect("kB")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().expect("the server is killed");
        self.process.wait().expect("a status");
        fs::remove_dir_all(&self.data).expect("the data is removed");
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
