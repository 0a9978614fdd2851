use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, TypingData};

/// How long something on a page may take to show before the test fails: far longer than a busy
/// machine needs.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// How often chromedriver is started before a test fails.
const STARTS: usize = 10;

/// What chromedriver writes once it takes connections, before its port.
const STARTED: &str = "started successfully on port ";

/// Finds what a person sees, through the shadow roots.
const FINDING: &str = include_str!("finding.js");

/// A window of Chromium, closed when it is dropped.
pub(crate) struct Browser {
    driver: WebDriver,
    _processes: Processes,
}

/// The driver and the Chromium that it starts: one group, which ends together, also where a test
/// panics.
struct Processes {
    driver: Child,
    /// Where the driver takes connections. It chooses the port itself, so that no other test has it.
    port: u16,
    /// Whatever they write.
    folder: PathBuf,
}

impl Processes {
    /// Starts the driver. It takes one port of IPv4 and of IPv6, and ends if the other one is not free:
    /// then it is started again.
    fn start() -> Self {
        let mut tries = (0..STARTS).map(|_| Self::try_start());
        tries.find_map(|it| it).expect("chromedriver starts")
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
        let output = driver.stdout.take().expect("it is piped");
        let mut processes = Self {
            driver,
            port: 0,
            folder,
        };
        processes.port = port_of(output)?;
        Some(processes)
    }
}

/// The port that the driver says it has, if it starts. The rest of its output is read so that it never
/// blocks.
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

/// How a window is set up.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) is_dark: bool,
}

impl Window {
    pub(crate) const LAPTOP: Self = Self {
        width: 1280,
        height: 900,
        is_dark: false,
    };
    pub(crate) const PHONE: Self = Self {
        width: 360,
        height: 780,
        is_dark: false,
    };

    pub(crate) fn in_the_dark(self) -> Self {
        Self {
            is_dark: true,
            ..self
        }
    }
}

impl Browser {
    /// Opens a window at `url`.
    pub(crate) async fn open(url: &str, window: Window) -> Self {
        let processes = Processes::start();
        let driver = connect(processes.port).await;
        driver.set_script_timeout(PATIENCE).await.unwrap();
        // Closing the session would block the runtime. The processes end without being asked.
        driver.clone().leak().unwrap();
        let browser = Self {
            driver,
            _processes: processes,
        };
        browser.set(window).await;
        browser.driver.goto(url).await.unwrap();
        browser
    }

    /// The tab that is looked at.
    pub(crate) async fn tab(&self) -> WindowHandle {
        self.driver.window().await.unwrap()
    }

    /// Opens another tab at `url`, and looks at it.
    pub(crate) async fn open_tab(&self, url: &str) -> WindowHandle {
        let tab = self.driver.new_tab().await.unwrap();
        self.switch_to(tab.clone()).await;
        self.driver.goto(url).await.unwrap();
        tab
    }

    /// Looks at another tab.
    pub(crate) async fn switch_to(&self, tab: WindowHandle) {
        self.driver.switch_to_window(tab).await.unwrap();
    }

    /// Sets the window up anew.
    pub(crate) async fn set(&self, window: Window) {
        let scheme = if window.is_dark { "dark" } else { "light" };
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({
                "width": window.width,
                "height": window.height,
                "deviceScaleFactor": 1,
                "mobile": window.width < 500,
            }),
        )
        .await;
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": [
                { "name": "prefers-color-scheme", "value": scheme },
                { "name": "prefers-reduced-motion", "value": "reduce" },
            ] }),
        )
        .await;
    }

    /// Runs a script with what finds things in scope; its value is what it returns.
    pub(crate) async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let script = format!("{FINDING}\n{script}");
        let result = self.driver.execute(script, arguments).await.unwrap();
        result.json().clone()
    }

    /// The control with this name, once it is to be seen.
    pub(crate) async fn control(&self, name: &str) -> WebElement {
        let script = format!("{FINDING}\nreturn control(arguments[0]);");
        for _ in 0..tries() {
            let found = self.driver.execute(&script, vec![json!(name)]).await;
            if let Ok(element) = found.and_then(|found| found.element()) {
                return element;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("there is no {name:?} in:\n{}", self.text().await);
    }

    /// Whether a control with this name is to be seen now.
    pub(crate) async fn has_control(&self, name: &str) -> bool {
        self.run("return control(arguments[0]) !== null;", vec![json!(name)])
            .await
            == true
    }

    /// Whether the control with this name can be used.
    pub(crate) async fn is_enabled(&self, name: &str) -> bool {
        self.control(name).await.is_enabled().await.unwrap()
    }

    /// Clicks the control with this name. What moves just then is clicked when it has come to rest: a
    /// click that meets something else is an error of the driver, and reaches nothing.
    pub(crate) async fn click(&self, name: &str) {
        for _ in 0..tries() {
            let control = self.control(name).await;
            let clicked = match control.scroll_into_view().await {
                Ok(()) => control.click().await,
                Err(error) => Err(error),
            };
            if clicked.is_ok() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("{name:?} cannot be clicked in:\n{}", self.text().await);
    }

    /// Writes into a field in place of what stands there.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        let field = self.control(name).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    pub(crate) async fn value(&self, name: &str) -> String {
        let field = self.control(name).await;
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Presses keys, wherever the focus is.
    pub(crate) async fn press(&self, keys: impl Into<TypingData>) {
        let chain = self.driver.action_chain();
        chain.send_keys(keys).perform().await.unwrap();
    }

    /// The name of the control that has the focus.
    pub(crate) async fn focused(&self) -> String {
        let name = self.run("return focused();", vec![]).await;
        name.as_str().unwrap_or_default().to_owned()
    }

    /// All text that is to be seen.
    pub(crate) async fn text(&self) -> String {
        let text = self.run("return text();", vec![]).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a script that returns whether something is so returns that it is.
    pub(crate) async fn until(&self, script: &str) {
        for _ in 0..tries() {
            if self.run(script, vec![]).await == true {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("not so: {script}, in:\n{}", self.text().await);
    }

    /// Waits until a text is to be seen.
    pub(crate) async fn expect_text(&self, expected: &str) {
        self.wait_for_text(expected, true).await;
    }

    /// Waits until a text is to be seen no more.
    pub(crate) async fn expect_no_text(&self, unexpected: &str) {
        self.wait_for_text(unexpected, false).await;
    }

    async fn wait_for_text(&self, text: &str, is_there: bool) {
        for _ in 0..tries() {
            if self.text().await.contains(text) == is_there {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        let what = if is_there { "no" } else { "still" };
        panic!("there is {what} {text:?} in:\n{}", self.text().await);
    }

    /// What the console complains of.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let entries = self.driver.get_log("browser").await.unwrap();
        entries
            .into_iter()
            .map(|entry| format!("{entry:?}"))
            .collect()
    }

    /// Keeps what is to be seen as a picture in `target/tmp/screenshots`.
    pub(crate) async fn picture(&self, name: &str) {
        let folder = temporary("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        let picture = self.driver.screenshot_as_png().await.unwrap();
        std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
    }

    async fn devtools(&self, command: &str, parameters: Value) {
        self.driver
            .cdp()
            .send_raw(command, parameters)
            .await
            .unwrap();
    }
}

/// A place in the build's folder.
fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn tries() -> u128 {
    PATIENCE.as_millis() / PAUSE.as_millis()
}

async fn connect(port: u16) -> WebDriver {
    let mut capabilities = DesiredCapabilities::chrome();
    for argument in [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ] {
        capabilities.add_arg(argument).unwrap();
    }
    capabilities
        .set("goog:loggingPrefs", json!({ "browser": "WARNING" }))
        .unwrap();
    let url = format!("http://127.0.0.1:{port}");
    for _ in 0..tries() {
        if let Ok(driver) = WebDriver::new(&url, capabilities.clone()).await {
            return driver;
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("chromedriver starts no Chromium");
}
