//! What the former version wrote is read and used by this one: `tests/upgrade` holds a table that the
//! former version's functions filled, and what its callers kept of their answers.

mod write;

use serde_json::json;
use tests::{Caller, Stack};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/upgrade/table.jsonl");
const KNOWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/upgrade/known.json");

/// When the table's history begins: far ahead, because the embedded engine deletes what has expired
/// by the machine's clock.
const START: &str = "2040-01-02T09:00:00Z";

const DAY: u64 = 24 * 60 * 60;

/// The parameters of the stack on the history's last day. On the days before it kept everything, and
/// a visitor could be asked at any time.
fn parameters() -> [(&'static str, &'static str); 2] {
    [("RetentionDays", "400"), ("VisitorAskIntervalDays", "30")]
}

/// The two agents of the history.
async fn persons(stack: &Stack) -> [Caller; 2] {
    let kim = json!({ "sub": "kim", "name": "Kim Lee" });
    let jo = json!({ "sub": "jo", "name": "Jo Okafor" });
    [stack.with_claims(kim).await, stack.with_claims(jo).await]
}

fn path_of(conversation: &str) -> String {
    format!("/v1/conversations/{conversation}")
}
