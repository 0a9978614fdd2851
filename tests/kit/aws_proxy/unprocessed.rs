use axum::body::{Body, to_bytes};
use axum::http::header;
use axum::response::Response;
use serde_json::{Value, json};

use crate::aws_proxy::AwsCall;

/// The reply to a `BatchGetItem` without the keys that contain `text`, which DynamoDB left unprocessed.
pub(super) async fn leave_unprocessed(reply: Response, call: &AwsCall, text: &str) -> Response {
    let (mut parts, body) = reply.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a complete reply");
    let mut body: Value = serde_json::from_slice(&body).expect("a reply of DynamoDB");
    let has_text = |value: &Value| value.to_string().contains(text);
    let tables = call.body["RequestItems"].as_object().expect("a batch");
    for (table, request) in tables {
        let keys = request["Keys"].as_array().expect("a BatchGetItem");
        let left: Vec<_> = keys.iter().filter(|key| has_text(key)).collect();
        let items = body["Responses"][table].as_array_mut();
        items.expect("items of the table").retain(|item| {
            let key = json!({ "pk": item["pk"], "sk": item["sk"] });
            !left.contains(&&key)
        });
        let mut request = request.clone();
        request["Keys"] = json!(left);
        body["UnprocessedKeys"][table] = request;
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove("x-amz-crc32");
    Response::from_parts(parts, Body::from(body.to_string()))
}
