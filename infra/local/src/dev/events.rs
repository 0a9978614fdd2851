//! `GET /dev/events`: the events of the event bus, as server-sent events.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event as SentEvent, KeepAlive, Sse};
use futures_util::stream::{self, Stream};

use crate::aws::eventbridge::{Event, EventFeed};

/// Streams new events. A client that reconnects sends the last event ID, as browsers do
/// automatically, and misses no event.
pub(super) async fn show(
    State(feed): State<EventFeed>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<SentEvent, Infallible>>> {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let events = feed.read(last).await;
    let sent = stream::unfold(events, |mut events| async move {
        let event = events.next().await?;
        Some((Ok(sent(&event)), events))
    });
    Sse::new(sent).keep_alive(KeepAlive::default())
}

fn sent(event: &Event) -> SentEvent {
    SentEvent::default()
        .id(&event.place)
        .event(&event.detail_type)
        .data(event.json.to_string())
}
