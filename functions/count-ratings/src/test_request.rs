use serde_json::{Value, json};
use store::RatingRequestItem;

/// A rating request with these attributes in addition to the required ones.
pub(crate) fn request(attributes: &Value) -> RatingRequestItem {
    let mut request = json!({
        "request_id": "r1",
        "organisation": "main",
        "agent": { "id": "kim" },
        "channel": "widget",
        "requested_at": "2026-11-03T09:00:00.000Z",
        "report_day": "2026-11-03",
        "ratings_of": "main#2026-11-03#00",
        "next_request_at": "2026-11-10T09:00:00.000Z",
    });
    for (name, value) in attributes.as_object().unwrap() {
        request[name] = value.clone();
    }
    serde_json::from_value(request).unwrap()
}
