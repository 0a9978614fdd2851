use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::{Stack, sample_events};

/// The configuration set of a local stack.
const CONFIGURATION_SET: &str = "afterchat";

impl Stack {
    /// The events of SES about all mails so far, in order.
    pub async fn mail_events(&self) -> Vec<Value> {
        let body = self.nobody().get("/dev/ses/events").await.expect(200);
        body["events"].as_array().unwrap().clone()
    }

    /// Puts events on the default event bus, one after the other. Returns one array per event, with
    /// one result per function whose rule matches it: the number of invocations, and whether one
    /// succeeded.
    pub async fn put_mail_events(&self, events: &[Value]) -> Vec<Value> {
        let events = json!({ "events": events });
        let reply = self.nobody().post("/dev/ses/events", events).await;
        reply.expect(200)["deliveries"].as_array().unwrap().clone()
    }
}

/// The sample event `name` of `tests/events`, with this transcript of the organisation `main` in a local
/// stack.
pub fn mail_event(name: &str, conversation: &str, transcript: &str) -> Value {
    let samples = sample_events();
    let sample = samples.get(name).unwrap_or_else(|| panic!("no {name}"));
    let mut event: Value = serde_json::from_str(sample).expect("a sample is JSON");
    let tags = &mut event["detail"]["mail"]["tags"];
    let ids = [("conversation", conversation), ("transcript", transcript)];
    for (tag, id) in ids {
        tags[tag] = json!([BASE64_URL_SAFE_NO_PAD.encode(id)]);
    }
    tags["ses:configuration-set"] = json!([CONFIGURATION_SET]);
    event
}
