//! The page at `/`.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) async fn show() -> Response {
    answer(
        "text/html; charset=utf-8",
        include_str!("../../page/index.html"),
    )
}

/// The helpers that this page shares with those of the demo. The path fits the import in `page.js`, which is the
/// same in the repository.
pub(crate) async fn shared_file() -> Response {
    answer(
        "text/javascript; charset=utf-8",
        include_str!("../../../demo/dom.js"),
    )
}

pub(crate) async fn file(Path(name): Path<String>) -> Response {
    match name.as_str() {
        "page.css" => answer(
            "text/css; charset=utf-8",
            include_str!("../../page/page.css"),
        ),
        "page.js" => answer(
            "text/javascript; charset=utf-8",
            include_str!("../../page/page.js"),
        ),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(content_type: &'static str, content: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, content).into_response()
}
