use serde_json::{Value, json};

use crate::Stack;

impl Stack {
    /// Creates an SES identity, or changes whether it is verified.
    pub async fn identity(&self, identity: &str, verified: bool) {
        self.nobody()
            .post(
                "/dev/ses/identities",
                json!({ "identity": identity, "verified": verified }),
            )
            .await
            .expect_success();
    }

    /// The SES identities that exist, with their verification status.
    pub async fn identities(&self) -> Vec<(String, String)> {
        let body = self.nobody().get("/dev/ses/identities").await.expect(200);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let identities = body["identities"].as_array().unwrap().iter();
        identities
            .map(|it| (text(&it["identity"]), text(&it["verification_status"])))
            .collect()
    }

    /// Injects these faults into the next sends, one into each: `reject`, `throttle`, `error`,
    /// `timeout` or `lost_reply`.
    pub async fn next_sends(&self, faults: &[&str]) {
        self.nobody()
            .post("/dev/ses", json!({ "next": faults }))
            .await
            .expect_success();
    }

    /// The mails that SES accepted.
    pub async fn outbox(&self) -> Vec<Value> {
        let body = self.nobody().get("/dev/outbox").await.expect(200);
        body["emails"].as_array().unwrap().clone()
    }
}
