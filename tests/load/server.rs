use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use domain::Timestamp;
use serde_json::json;
use tests::Caller;

/// How often the server is asked whether it has started.
const PAUSE: Duration = Duration::from_millis(50);

const HOUR_SECONDS: i64 = 3_600;

/// The local server in a process of its own, with a data directory that is removed at the end.
pub(crate) struct Server {
    process: Child,
    url: String,
    data: PathBuf,
}

impl Server {
    /// Starts the executable `program`, for several organisations, on a free port.
    pub(crate) async fn start(program: &Path) -> Self {
        let port = free_port();
        let name = format!("afterchat-load-{}-{port}", std::process::id());
        let data = std::env::temp_dir().join(name);
        let process = Command::new(program)
            .args(["--organisations", "--no-demo", "--port", &port.to_string()])
            .arg("--data")
            .arg(&data)
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

    /// Where it answers.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A caller without a token.
    pub(crate) fn nobody(&self) -> Caller {
        Caller::at(&self.url)
    }

    /// Moves its time to where an hour begins, so that a limit of an hour holds for the whole run.
    pub(crate) async fn begin_an_hour(&self) {
        let now = self.advance(0).await;
        let into_the_hour = now.epoch_seconds().rem_euclid(HOUR_SECONDS);
        self.advance((HOUR_SECONDS - into_the_hour).unsigned_abs())
            .await;
    }

    /// The path of a report of the seven days until now.
    pub(crate) async fn report_of_a_week(&self) -> String {
        let now = self.advance(0).await;
        let day = |time: Timestamp| time.to_string()[.."YYYY-MM-DD".len()].to_owned();
        let from = day(now.plus_seconds(-6 * 24 * HOUR_SECONDS));
        format!("/v1/satisfaction?from={from}&to={}", day(now))
    }

    async fn advance(&self, seconds: u64) -> Timestamp {
        let advance = json!({ "advance_seconds": seconds });
        let moved = self.nobody().post("/dev/clock", advance).await.expect(200);
        Timestamp::parse(moved["now"].as_str().expect("a time")).expect("in RFC 3339")
    }

    /// How much memory the process holds, in kilobytes.
    pub(crate) fn resident_kilobytes(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.expect("the process runs");
        let mut lines = status.lines();
        let line = lines.find_map(|line| line.strip_prefix("VmRSS:"));
        let words = line.expect("the kernel tells").split_whitespace().next();
        words.and_then(|number| number.parse().ok()).expect("kB")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().expect("the server is ended");
        self.process.wait().expect("a status");
        fs::remove_dir_all(&self.data).expect("its data is removed");
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
