use std::env;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, TypingData};

use crate::processes::{Processes, temporary};

/// The limit of each wait for a page. It is far longer than a busy machine needs.
const TIMEOUT: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// Functions that find visible elements, including those in shadow roots.
const FINDING: &str = include_str!("finding.js");

/// A window of Chromium, closed when it is dropped.
pub(crate) struct Browser {
    driver: WebDriver,
    _processes: Processes,
}

/// The settings of a window.
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
        Self::open_with(url, window, "").await
    }

    /// Opens a window at `url`. `script` runs on each page before the page's own scripts.
    pub(crate) async fn open_with(url: &str, window: Window, script: &str) -> Self {
        let processes = Processes::start();
        let driver = connect(processes.port).await;
        driver.set_script_timeout(TIMEOUT).await.unwrap();
        // Closing the session would block the runtime. The processes are killed instead.
        driver.clone().leak().unwrap();
        let browser = Self {
            driver,
            _processes: processes,
        };
        browser.set(window).await;
        let command = "Page.addScriptToEvaluateOnNewDocument";
        browser.devtools(command, json!({ "source": script })).await;
        browser.driver.goto(url).await.unwrap();
        browser
    }

    /// The current tab.
    pub(crate) async fn tab(&self) -> WindowHandle {
        self.driver.window().await.unwrap()
    }

    /// Opens another tab at `url`, and switches to it.
    pub(crate) async fn open_tab(&self, url: &str) -> WindowHandle {
        let tab = self.driver.new_tab().await.unwrap();
        self.switch_to(tab.clone()).await;
        self.driver.goto(url).await.unwrap();
        tab
    }

    /// Switches to another tab.
    pub(crate) async fn switch_to(&self, tab: WindowHandle) {
        self.driver.switch_to_window(tab).await.unwrap();
    }

    /// Changes the settings of the window.
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

    /// Runs a script that can use the functions of `finding.js`. Returns the script's result.
    pub(crate) async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let script = format!("{FINDING}\n{script}");
        let result = self.driver.execute(script, arguments).await.unwrap();
        result.json().clone()
    }

    /// Runs a script in the page's frame when the frame is loaded, and returns its result. The frame may be of another
    /// origin.
    pub(crate) async fn run_in_frame(&self, script: &str) -> Value {
        let find = "return [...everything()].find((element) => element.matches('iframe'));";
        let found = self.driver.execute(format!("{FINDING}\n{find}"), vec![]);
        let frame = found.await.unwrap().element().unwrap();
        frame.enter_frame().await.unwrap();
        for _ in 0..attempts() {
            let state = self.driver.execute("return document.readyState;", vec![]);
            if state.await.unwrap().json() == "complete" {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        let result = self.driver.execute(script, vec![]).await.unwrap();
        self.driver.enter_default_frame().await.unwrap();
        result.json().clone()
    }

    /// Waits until a control with this name is visible.
    pub(crate) async fn control(&self, name: &str) -> WebElement {
        let script = format!("{FINDING}\nreturn control(arguments[0]);");
        for _ in 0..attempts() {
            let found = self.driver.execute(&script, vec![json!(name)]).await;
            if let Ok(element) = found.and_then(|found| found.element()) {
                return element;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("there is no {name:?} in:\n{}", self.text().await);
    }

    /// Whether a control with this name is visible now.
    pub(crate) async fn has_control(&self, name: &str) -> bool {
        self.run("return control(arguments[0]) !== null;", vec![json!(name)])
            .await
            == true
    }

    /// Whether the control with this name is enabled.
    pub(crate) async fn is_enabled(&self, name: &str) -> bool {
        self.control(name).await.is_enabled().await.unwrap()
    }

    /// Clicks the control with this name. The click is retried while the control moves, because the
    /// driver returns an error if another element is at its position.
    pub(crate) async fn click(&self, name: &str) {
        for _ in 0..attempts() {
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

    /// Replaces the text of a field.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        let field = self.control(name).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    pub(crate) async fn value(&self, name: &str) -> String {
        let field = self.control(name).await;
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Presses keys in the element that has the focus.
    pub(crate) async fn press(&self, keys: impl Into<TypingData>) {
        let chain = self.driver.action_chain();
        chain.send_keys(keys).perform().await.unwrap();
    }

    /// The name of the control that has the focus.
    pub(crate) async fn focused(&self) -> String {
        let name = self.run("return focused();", vec![]).await;
        name.as_str().unwrap_or_default().to_owned()
    }

    /// All visible text.
    pub(crate) async fn text(&self) -> String {
        let text = self.run("return text();", vec![]).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a script returns `true`.
    pub(crate) async fn until(&self, script: &str) {
        for _ in 0..attempts() {
            if self.run(script, vec![]).await == true {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("never true: {script}, in:\n{}", self.text().await);
    }

    /// Waits until a text is visible.
    pub(crate) async fn expect_text(&self, expected: &str) {
        self.wait_for_text(expected, true).await;
    }

    /// Waits until a text is not visible.
    pub(crate) async fn expect_no_text(&self, unexpected: &str) {
        self.wait_for_text(unexpected, false).await;
    }

    async fn wait_for_text(&self, text: &str, is_expected: bool) {
        for _ in 0..attempts() {
            if self.text().await.contains(text) == is_expected {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        let what = if is_expected { "no" } else { "still" };
        panic!("there is {what} {text:?} in:\n{}", self.text().await);
    }

    /// The warnings and errors in the console.
    pub(crate) async fn console_messages(&self) -> Vec<String> {
        let entries = self.driver.get_log("browser").await.unwrap();
        entries
            .into_iter()
            .map(|entry| format!("{entry:?}"))
            .collect()
    }

    /// Saves a screenshot in `target/tmp/screenshots`.
    pub(crate) async fn screenshot(&self, name: &str) {
        let folder = temporary("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        let image = self.driver.screenshot_as_png().await.unwrap();
        std::fs::write(folder.join(format!("{name}.png")), image).unwrap();
    }

    pub(crate) async fn devtools(&self, command: &str, parameters: Value) {
        self.driver
            .cdp()
            .send_raw(command, parameters)
            .await
            .unwrap();
    }
}

/// The number of attempts with pauses of [`PAUSE`] within [`TIMEOUT`].
fn attempts() -> u128 {
    TIMEOUT.as_millis() / PAUSE.as_millis()
}

/// The path of Chromium without its own windows. It shows the same pages, and starts faster.
fn headless_shell() -> PathBuf {
    let folders = env::var_os("PATH").unwrap_or_default();
    let mut paths = env::split_paths(&folders).map(|it| it.join("chromium-headless-shell"));
    let path = paths.find(|path| path.is_file());
    path.expect("chromium-headless-shell is installed")
}

async fn connect(port: u16) -> WebDriver {
    let mut capabilities = DesiredCapabilities::chrome();
    capabilities
        .set_binary(headless_shell().to_str().unwrap())
        .unwrap();
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
    for _ in 0..attempts() {
        if let Ok(driver) = WebDriver::new(&url, capabilities.clone()).await {
            return driver;
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("chromedriver does not start Chromium");
}
