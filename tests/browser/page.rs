use axum::Router;
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use serde_json::{Value, json};
use tests::{Caller, Stack};
use tokio::net::TcpListener;

use crate::browser::{Browser, Window};

/// The settings of a host page that affect the elements.
#[derive(Clone, Copy, Default)]
pub(crate) struct Host<'a> {
    /// The attributes of the root element. If they contain no language, it is English.
    pub(crate) html: &'a str,
    pub(crate) css: &'a str,
    /// A script that runs before the faults can be injected and before the elements are loaded.
    pub(crate) script: &'a str,
}

/// The markup of the element `afterchat-{name}`.
pub(crate) fn element(name: &str, stack: &Stack, caller: &Caller, attributes: &str) -> String {
    let (api, token) = (stack.url(), caller.token());
    format!(r#"<afterchat-{name} api="{api}" token="{token}" {attributes}></afterchat-{name}>"#)
}

/// The markup of the elements with these names. The sidebar's elements show the conversation `c1`.
pub(crate) fn elements(stack: &Stack, visitor: &Caller, agent: &Caller, names: &[&str]) -> String {
    let elements = names.iter().map(|name| match *name {
        "rating" => element(name, stack, visitor, ""),
        "report" | "settings" => element(name, stack, agent, ""),
        _ => element(name, stack, agent, r#"conversation="c1""#),
    });
    elements.collect::<Vec<_>>().join("\n")
}

/// A page of another origin than the API's, as in a shop or an inbox. Its network can fail.
pub(crate) struct Page {
    pub(crate) browser: Browser,
}

impl Page {
    /// A visitor's page. A field of the page has the focus.
    pub(crate) async fn of_visitor(stack: &Stack, visitor: &Caller, attributes: &str) -> Self {
        let rating = element("rating", stack, visitor, attributes);
        let body = format!("<label>Message <input autofocus></label>\n{rating}");
        Self::open(stack, &body).await
    }

    /// An agent's page.
    pub(crate) async fn of_agent(stack: &Stack, agent: &Caller, conversation: &str) -> Self {
        let attributes = format!(r#"conversation="{conversation}""#);
        let element = |name| element(name, stack, agent, &attributes);
        let body = ["actions", "thread"].map(element).join("\n");
        Self::open(stack, &body).await
    }

    /// A page with the report. Its clock is frozen at the stack's time, so that the last day of the report
    /// is the stack's current day.
    pub(crate) async fn of_report(stack: &Stack, reader: &Caller, attributes: &str) -> Self {
        let report = element("report", stack, reader, attributes);
        let now = stack.now().await;
        let clock = format!(r#"const now = Date.parse("{now}"); Date.now = () => now;"#);
        let body = format!("<script>{{ {clock} }}</script>\n{report}");
        Self::open(stack, &body).await
    }

    /// A page with the settings.
    pub(crate) async fn of_settings(stack: &Stack, caller: &Caller) -> Self {
        Self::open(stack, &element("settings", stack, caller, "")).await
    }

    async fn open(stack: &Stack, body: &str) -> Self {
        let head = r#"<meta name="color-scheme" content="light dark">"#;
        Self::hosting(stack, Host::default(), &format!("{head}{body}")).await
    }

    /// A page with `body`. It has no `color-scheme` unless `body` starts with one.
    pub(crate) async fn hosting(stack: &Stack, host: Host<'_>, body: &str) -> Self {
        let api = stack.url();
        let faults = include_str!("faults.js");
        let Host { html, css, script } = host;
        let language = if html.contains("lang=") {
            ""
        } else {
            r#"lang="en""#
        };
        let html = format!(
            r#"<!doctype html><html {html} {language}><head><title>A page</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>{css}</style>
            <script>{script}</script>
            <script>{faults}</script>
            <script type="module" src="{api}/v1/widget.js"></script>
            <script type="module" src="{api}/v1/sidebar.js"></script>
            <script type="module" src="{api}/v1/report.js"></script>
            <script type="module" src="{api}/v1/settings.js"></script>
            </head><body><main><h1>A page</h1>{body}</main></body></html>"#
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/", get(move || async { Html(html) }))
            // Browsers request it, and log an error if it does not exist.
            .route("/favicon.ico", get(async || StatusCode::NO_CONTENT));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let browser = Browser::open(&url, Window::LAPTOP).await;
        Self { browser }
    }

    /// Sets the effect on the next request with this method and this end of the path.
    pub(crate) async fn next_call(&self, method: &str, path: &str, effect: &str) {
        let fault = json!({ "method": method, "path": path, "does": effect });
        self.browser
            .run("window.faults.push(arguments[0]);", vec![fault])
            .await;
    }

    /// Sets the effect on all requests with this method and this end of the path until
    /// [`Page::end_faults`].
    pub(crate) async fn all_calls(&self, method: &str, path: &str, effect: &str) {
        let fault = json!({ "method": method, "path": path, "does": effect, "lasts": true });
        self.browser
            .run("window.faults.push(arguments[0]);", vec![fault])
            .await;
    }

    /// Ends all effects.
    pub(crate) async fn end_faults(&self) {
        self.browser.run("window.faults = [];", vec![]).await;
    }

    /// Waits until the API has sent a response that is held.
    pub(crate) async fn is_held(&self) {
        self.browser.until("return window.held.length > 0;").await;
    }

    /// Passes the held response to the page.
    pub(crate) async fn release(&self) {
        self.is_held().await;
        self.browser.run("window.held.shift()();", vec![]).await;
    }

    /// The requests with this method and this end of the path so far.
    pub(crate) async fn calls(&self, method: &str, path: &str) -> Vec<Value> {
        let script = "return window.calls.filter((call) => call.method === arguments[0] && \
                      call.path.endsWith(arguments[1]));";
        let calls = self.browser.run(script, vec![json!(method), json!(path)]);
        calls.await.as_array().cloned().unwrap_or_default()
    }

    /// Notifies the elements of a change, as a platform with push messages does, and waits until they
    /// show the current state.
    pub(crate) async fn refresh(&self) {
        self.start_refresh().await;
        self.end_refresh().await;
    }

    /// Notifies the elements of a change.
    pub(crate) async fn start_refresh(&self) {
        let script =
            "window.refreshed = Promise.all([...everything()].map((it) => it.refresh?.()));";
        self.browser.run(script, vec![]).await;
    }

    /// Waits until the elements show the state that [`Page::start_refresh`] requested.
    pub(crate) async fn end_refresh(&self) {
        let script = "return window.refreshed.then(() => true);";
        assert_eq!(self.browser.run(script, vec![]).await, true);
    }
}
