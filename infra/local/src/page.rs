//! The page at `/`: what there is to try.

use axum::response::Html;

pub(crate) async fn show() -> Html<&'static str> {
    Html(include_str!("page.html"))
}
