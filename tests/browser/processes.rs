//! The processes of chromedriver and of Chromium.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The number of attempts to start chromedriver before a test fails.
const STARTS: usize = 10;

/// The text before the port in chromedriver's output when it accepts connections.
const STARTED: &str = "started successfully on port ";

/// The driver and the Chromium that it starts. They are one process group, which ends as a whole even if
/// a test panics.
pub(crate) struct Processes {
    driver: Child,
    /// The driver's port. The driver chooses it, so no other test has the same one.
    pub(crate) port: u16,
    /// The folder of their files.
    folder: PathBuf,
}

impl Processes {
    /// Starts the driver. It needs the same port of IPv4 and of IPv6, and ends if one of them is in use.
    /// Then it is started again.
    pub(crate) fn start() -> Self {
        let mut attempts = (0..STARTS).map(|_| Self::try_start());
        attempts.find_map(|it| it).expect("chromedriver starts")
    }

    fn try_start() -> Option<Self> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = temporary(&format!("chromium-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let driver = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", &folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        let mut driver = driver.expect("chromedriver is installed");
        let output = driver.stdout.take().expect("the output is piped");
        let mut processes = Self {
            driver,
            port: 0,
            folder,
        };
        processes.port = port_of(output)?;
        Some(processes)
    }
}

/// The port in the driver's output, if the driver starts. The rest of the output is read too, so that
/// the driver never blocks.
fn port_of(output: ChildStdout) -> Option<u16> {
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let port = lines.find_map(|line| {
        let (_, port) = line.split_once(STARTED)?;
        port.trim_end_matches('.').parse().ok()
    });
    thread::spawn(move || lines.for_each(drop));
    port
}

impl Drop for Processes {
    fn drop(&mut self) {
        let group = format!("-{}", self.driver.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.driver.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A path for the files of a test.
pub(crate) fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}
