//! Responses of successful requests.

use reqwest::Method;
use serde_json::json;
use tests::{Reply, SENDER, SeededRequest, Stack};

use crate::contract::responses::{DAY, ObservedResponses, hello};

pub(super) async fn use_every_operation(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    let conversation = "/v1/conversations/c1";
    let visitor = json!({
        "name": "Ana Reis",
        "email": "ana@example.org",
        "time_zone": "Europe/Lisbon",
        "language": "pt-PT",
    });
    let whole = json!({
        "channel": "widget",
        "visitor": visitor,
        "assignee": { "id": "kim", "name": "Kim" },
        "status": "open",
    });
    let reply = agent.put(conversation, whole).await;
    let recorded = observed.record("recordConversation 201", reply);
    let visitor = stack.bearer(recorded["visitor_token"].as_str().unwrap());
    let reply = agent
        .put(conversation, json!({ "status": "resolved" }))
        .await;
    observed.record("recordConversation 200", reply);

    let mut with_attachment = hello();
    with_attachment["id"] = json!("m2");
    with_attachment["attachments"] = json!([{
        "name": "tracking.pdf",
        "url": "https://files.example.com/tracking.pdf",
        "content_type": "application/pdf",
        "bytes": 48_213,
    }]);
    let body = json!({ "messages": [hello(), with_attachment] });
    let reply = agent.post(&format!("{conversation}/messages"), body).await;
    observed.record("recordMessages 200", reply);

    stack.identity(SENDER, true).await;
    let sender = format!("/v1/senders/{SENDER}");
    let reply = agent.put(&sender, json!({ "name": "Acme" })).await;
    observed.record("putSender 201", reply);
    let reply = agent.put(&sender, json!({})).await;
    observed.record("putSender 200", reply);
    let reply = agent.put(&sender, json!({ "name": "é".repeat(128) })).await;
    observed.record("putSender 422 invalid_sender_name", reply);
    let reply = agent.get("/v1/senders").await;
    observed.record("listSenders 200", reply);

    let reply = visitor.get("/v1/visitor/rating-request").await;
    observed.record("getRatingRequest 200", reply);
    let path = format!("{conversation}/rating-requests");
    let reply = agent.post_with_key(&path, "key", json!({})).await;
    let created = observed.record("askRating 201", reply);
    let reply = agent.post_with_key(&path, "key", json!({})).await;
    assert_eq!(reply.header("idempotent-replayed"), "true");
    observed.record("askRating 201", reply);
    let request_id = created["rating_request"]["id"].as_str().unwrap();
    let rating = json!({ "score": 4, "comment": "Quick and kind" });
    let reply = visitor.rate(request_id, rating).await;
    observed.record("submitRating 201", reply);
    let reply = visitor.rate(request_id, json!({ "score": 5 })).await;
    observed.record("submitRating 200", reply);
    let reply = visitor.get("/v1/visitor/rating-request").await;
    observed.record("getRatingRequest 200", reply);

    let reply = agent.send_transcript("c1").await;
    observed.record("sendTranscript 201", reply);
    let reply = agent.get(conversation).await;
    let read = observed.record("readConversation 200", reply);
    let entries = read["thread"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 6, "each kind of entry: {read}");
    let reply = agent.get(&format!("{conversation}?limit=1")).await;
    observed.record("readConversation 200", reply);
    let reply = agent.delete(&sender).await;
    observed.record("deleteSender 204", reply);
}

pub(super) async fn read_reports(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let requested_at = format!("{DAY}T09:00:00.000Z");
    let request = |id| SeededRequest::new(id, &requested_at, "kim").with_agent_name("Kim");
    stack
        .seed(&[
            request("r1"),
            request("r2").rated(2),
            request("r3").rated(5).with_comment("Quick and kind"),
        ])
        .await;
    let agent = stack.agent("kim").await;
    let span = format!("from={DAY}&to={DAY}");
    for (operation, path) in [
        ("reportSatisfaction", format!("/v1/satisfaction?{span}")),
        (
            "reportSatisfaction",
            format!("/v1/satisfaction?{span}&group_by=agent&compare=previous"),
        ),
        ("listRatings", format!("/v1/ratings?{span}")),
        ("listRatings", format!("/v1/ratings?{span}&limit=1")),
    ] {
        for accept in ["application/json", "text/csv"] {
            let request = agent.request(Method::GET, &path).header("accept", accept);
            let reply = Reply::of(request).await;
            observed.record(&format!("{operation} 200"), reply);
        }
    }
}

pub(super) async fn load_files(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let caller = stack.nobody();
    let missing = "/v1/assets/any/rating/nothing.js";
    let reply = caller.get(missing).await;
    observed.record("getAsset 404 file_not_found", reply);
    let reply = Reply::of(caller.request(Method::HEAD, missing)).await;
    observed.record("headAsset 404", reply);
    for (file, path) in [
        ("Widget", "/v1/widget.js"),
        ("Sidebar", "/v1/sidebar.js"),
        ("Report", "/v1/report.js"),
        ("SettingsPage", "/v1/settings.js"),
        ("Rate", "/v1/rate.js"),
        ("RatePage", "/rate"),
        ("Asset", "/v1/assets/any/rating/define.js"),
    ] {
        for (method, operation) in [(Method::GET, "get"), (Method::HEAD, "head")] {
            let reply = Reply::of(caller.request(method.clone(), path)).await;
            let etag = reply.header("etag").to_owned();
            observed.record(&format!("{operation}{file} 200"), reply);
            let conditional = caller.request(method, path);
            let reply = Reply::of(conditional.header("if-none-match", etag)).await;
            observed.record(&format!("{operation}{file} 304"), reply);
        }
    }
}
