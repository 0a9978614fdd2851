use serde_json::{Value, json};

use crate::Stack;

impl Stack {
    /// The schedules that functions created and that did not fire yet, the earliest first. Each has a
    /// `name`, a `group`, a time `at`, a `target` and its `input`.
    pub async fn schedules(&self) -> Vec<Value> {
        let body = self.nobody().get("/dev/schedules").await.expect(200);
        body["schedules"].as_array().unwrap().clone()
    }

    /// Fires the schedules that are due, and waits until their functions have ended. Returns the
    /// `name`, the `group` and the `deliveries` of each.
    pub async fn fire_due_schedules(&self) -> Vec<Value> {
        let reply = self.nobody().post("/dev/scheduler/due", json!({})).await;
        reply.expect(200)["fired"].as_array().unwrap().clone()
    }

    /// Changes how the scheduler behaves. `change` is the body of `POST /dev/scheduler`.
    pub async fn set_scheduler(&self, change: Value) {
        self.nobody()
            .post("/dev/scheduler", change)
            .await
            .expect(200);
    }

    /// Injects these faults into the next calls of Lambda's API that invoke a function, one into each:
    /// `throttle`, `error` or `lost_reply`.
    pub async fn next_invocations(&self, faults: &[&str]) {
        self.nobody()
            .post("/dev/lambda", json!({ "next_calls": faults }))
            .await
            .expect_success();
    }

    /// Delivers the events of the stack's bus that were not delivered before. Returns one array per
    /// event, with one result per function whose rule matches it.
    pub async fn deliver_events(&self) -> Vec<Value> {
        self.post_events(json!({})).await
    }

    /// Puts events on the stack's bus, one after the other. Returns the same as
    /// [`Self::deliver_events`].
    pub async fn put_events(&self, events: &[Value]) -> Vec<Value> {
        self.post_events(json!({ "events": events })).await
    }

    async fn post_events(&self, body: Value) -> Vec<Value> {
        let reply = self.nobody().post("/dev/events", body).await;
        reply.expect(200)["deliveries"].as_array().unwrap().clone()
    }

    /// Counts, delivers events and fires schedules until nothing is left to do at the time of the
    /// functions' clock.
    pub async fn settle(&self) {
        let reply = self.nobody().post("/dev/background", json!({})).await;
        assert_eq!(reply.expect(200)["done"], true, "a record fails");
    }
}
