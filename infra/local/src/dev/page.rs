//! `GET /dev`: the list of endpoints to try from a shell.

use axum::response::Html;

pub(crate) async fn show() -> Html<&'static str> {
    Html(include_str!("page.html"))
}
