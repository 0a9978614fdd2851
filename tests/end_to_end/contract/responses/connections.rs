//! Connections to a chat platform, and its events.

use local_chatwoot::{ApiFault, FaultRule};
use reqwest::Method;
use serde_json::json;
use tests::{ChatPlatform, Reply, Stack};

use crate::contract::responses::ObservedResponses;

const CONNECTION: &str = "/v1/connections/chatwoot/main";

pub(super) async fn connect_an_account(observed: &mut ObservedResponses) {
    let options = Stack::options_for_platforms();
    let stack = Stack::start_with(options).await;
    let platform = ChatPlatform::start().await;
    let agent = stack.agent("kim").await;
    let fault = FaultRule::next(ApiFault::Status(500));
    platform.chatwoot.inject_faults([fault]);
    let put = |path: &'static str| agent.put(path, platform.connection());
    let name = "putChatwootConnection 503 platform_unavailable";
    observed.record(name, put(CONNECTION).await);
    let mut actions = platform.connection();
    actions["unsigned_actions"] = true.into();
    let created = agent.put(CONNECTION, actions).await;
    let created = observed.record("putChatwootConnection 201", created);
    observed.record("putChatwootConnection 200", put(CONNECTION).await);
    let other = put("/v1/connections/chatwoot/other").await;
    observed.record("putChatwootConnection 409 account_connected", other);
    let listed = agent.get("/v1/connections").await;
    observed.record("listConnections 200", listed);

    let url = created["connection"]["webhook_url"].as_str().unwrap();
    let path = url.strip_prefix(stack.url()).unwrap();
    let event = json!({"event": "webwidget_triggered"});
    let unsigned = stack.nobody().post(path, event.clone()).await;
    observed.record("receiveChatwootEvent 401 invalid_signature", unsigned);
    let url = created["connection"]["action_urls"]["ask"]
        .as_str()
        .unwrap();
    let path = url.strip_prefix(stack.url()).unwrap();
    let ignored = stack.nobody().post(path, event).await;
    observed.record("receiveChatwootEvent 200", ignored);
    let large = stack
        .nobody()
        .send(Method::POST, path, " ".repeat(4_000_001))
        .await;
    observed.record("receiveChatwootEvent 413 body_too_large", large);

    let deleted: Reply = agent.delete(CONNECTION).await;
    observed.record("deleteChatwootConnection 204", deleted);
}
