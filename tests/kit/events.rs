use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::Value;

use crate::Stack;

/// The time after which a test fails if no event arrives.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client of `GET /dev/events`.
pub struct Listener {
    response: Response,
    text: String,
}

/// An event of the stream.
#[derive(Clone, Debug)]
pub struct SentEvent {
    /// Its `id:`, from which an interrupted listener can continue.
    pub place: String,
    /// Its `event:`.
    pub kind: String,
    /// Its `data:`, the event in the form of EventBridge.
    pub data: Value,
}

impl Stack {
    /// Listens to the stack's new events.
    pub async fn listen(&self) -> Listener {
        self.listen_after(None).await
    }

    /// Listens to the stack's events after the one at `place`.
    pub async fn listen_after(&self, place: Option<&str>) -> Listener {
        let mut request = self.nobody().request(Method::GET, "/dev/events");
        if let Some(place) = place {
            request = request.header("last-event-id", place);
        }
        let response = request.send().await.expect("the stack responds");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Listener {
            response,
            text: String::new(),
        }
    }
}

impl Listener {
    /// Waits for the next event.
    pub async fn next(&mut self) -> SentEvent {
        let next = tokio::time::timeout(PATIENCE, self.read());
        next.await.expect("an event arrives")
    }

    /// Waits for the next `count` events.
    pub async fn take(&mut self, count: usize) -> Vec<SentEvent> {
        let mut events = Vec::new();
        while events.len() < count {
            events.push(self.next().await);
        }
        events
    }

    async fn read(&mut self) -> SentEvent {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let event = parse(block);
                self.text = rest.to_owned();
                if let Some(event) = event {
                    return event;
                }
            }
            let chunk = self.response.chunk().await.expect("the connection is open");
            let chunk = chunk.expect("the stream continues");
            self.text
                .push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
    }
}

/// The event in a block, or `None` if the block is a comment that keeps the connection open.
fn parse(block: &str) -> Option<SentEvent> {
    let field = |name: &str| {
        let mut lines = block.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    };
    Some(SentEvent {
        place: field("id")?.to_owned(),
        kind: field("event")?.to_owned(),
        data: serde_json::from_str(field("data")?).expect("data is JSON"),
    })
}
