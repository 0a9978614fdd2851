//! The demo's pages, which use this server's own API. `/` is a visitor's page beside an agent's
//! inbox, `/report` is the report on the ratings, and `/settings` edits the settings.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};

/// The policy of the page with the settings, which shows the logo from wherever it is.
const POLICY_WITH_LOGO: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                                img-src 'self' https:; connect-src 'self'; base-uri 'none'; \
                                form-action 'none'; frame-ancestors 'self'";

/// A content security policy as strict as that of a careful shop. The components work with it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'self'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// The page with the chat and the inbox.
pub(crate) async fn show() -> Response {
    answer(HTML, include_str!("../../demo/index.html"))
}

/// The page with the report.
pub(crate) async fn show_report() -> Response {
    answer(HTML, include_str!("../../demo/report.html"))
}

/// The page with the settings.
pub(crate) async fn show_settings() -> Response {
    answer_with(
        POLICY_WITH_LOGO,
        HTML,
        include_str!("../../demo/settings.html"),
    )
}

/// The files of the pages.
pub(crate) async fn file(Path(name): Path<String>) -> Response {
    match name.as_str() {
        "bike.svg" => answer(SVG, include_str!("../../demo/bike.svg")),
        "chat.js" => answer(JAVASCRIPT, include_str!("../../demo/chat.js")),
        "demo.css" => answer(CSS, include_str!("../../demo/demo.css")),
        "dom.js" => answer(JAVASCRIPT, include_str!("../../demo/dom.js")),
        "demo.js" => answer(JAVASCRIPT, include_str!("../../demo/demo.js")),
        "languages.js" => answer(JAVASCRIPT, include_str!("../../demo/languages.js")),
        "icon.svg" => answer(SVG, include_str!("../../demo/icon.svg")),
        "outbox.js" => answer(JAVASCRIPT, include_str!("../../demo/outbox.js")),
        "resolve.js" => answer(JAVASCRIPT, include_str!("../../demo/resolve.js")),
        "rules.js" => answer(JAVASCRIPT, include_str!("../../demo/rules.js")),
        "schedules.js" => answer(JAVASCRIPT, include_str!("../../demo/schedules.js")),
        "report.js" => answer(JAVASCRIPT, include_str!("../../demo/report.js")),
        "settings.js" => answer(JAVASCRIPT, include_str!("../../demo/settings.js")),
        "platform.js" => answer(JAVASCRIPT, include_str!("../../demo/platform.js")),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(content_type: &'static str, content: &'static str) -> Response {
    answer_with(POLICY, content_type, content)
}

fn answer_with(
    policy: &'static str,
    content_type: &'static str,
    content: &'static str,
) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CONTENT_SECURITY_POLICY, policy),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, content).into_response()
}
