//! The comparison of expected and observed responses.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value as Json};
use tests::Reply;

/// The parts of an HTTP response that the model determines.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparableResponse {
    pub status: u16,
    pub replayed: bool,
    pub retry_after: Option<i64>,
    /// The name of the limit that refused the request.
    pub limit: Option<String>,
    /// The body without texts for people and without Lambda's request id.
    pub body: Json,
}

/// The product's ids by their placeholders.
pub type Ids = BTreeMap<String, String>;

impl fmt::Display for ComparableResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.body)?;
        if self.replayed {
            write!(f, ", replayed")?;
        }
        if let (Some(seconds), Some(limit)) = (self.retry_after, &self.limit) {
            write!(f, ", {limit} in {seconds} s")?;
        }
        Ok(())
    }
}

impl ComparableResponse {
    pub fn from_reply(reply: &Reply) -> Self {
        let mut body = reply.body.clone();
        if let (true, Some(body)) = (reply.status >= 400, body.as_object_mut()) {
            for name in ["type", "title", "detail", "request_id", "status"] {
                body.remove(name);
            }
        }
        if let Some(faces) = body.pointer_mut("/rating_request/faces") {
            faces.take();
        }
        let limit = reply.header("ratelimit-policy").split('"').nth(1);
        Self {
            status: reply.status,
            replayed: reply.header("idempotent-replayed") == "true",
            retry_after: reply.header("retry-after").parse().ok(),
            limit: limit.map(str::to_owned),
            body,
        }
    }

    pub(super) fn new(status: u16, replayed: bool, body: Json) -> Self {
        Self {
            status,
            replayed,
            retry_after: None,
            limit: None,
            body,
        }
    }

    /// Whether this expected response equals the `observed` one. New ids are added to `ids`.
    pub fn matches(&self, observed: &Self, ids: &mut Ids) -> bool {
        (self.status, self.replayed, self.retry_after, &self.limit)
            == (
                observed.status,
                observed.replayed,
                observed.retry_after,
                &observed.limit,
            )
            && matches(&self.body, &observed.body, ids)
    }
}

/// Whether `observed` equals `expected` after its placeholders are replaced with `ids`. New ids are
/// added to `ids`.
pub fn matches(expected: &Json, observed: &Json, ids: &mut Ids) -> bool {
    match (expected, observed) {
        (Json::String(expected), Json::String(observed)) if expected.starts_with('<') => {
            match ids.get(expected) {
                Some(id) => id == observed,
                None => {
                    let is_new = ids.values().all(|id| id != observed);
                    ids.insert(expected.clone(), observed.clone());
                    is_new
                }
            }
        }
        (Json::Object(expected), Json::Object(observed)) => {
            expected.len() == observed.len()
                && expected.iter().all(|(name, expected)| {
                    let observed = observed.get(name);
                    observed.is_some_and(|observed| matches(expected, observed, ids))
                })
        }
        (Json::Array(expected), Json::Array(observed)) => {
            expected.len() == observed.len() && match_in_any_order(expected, observed, ids)
        }
        _ => expected == observed,
    }
}

/// Compares lists in any order. `System::read_conversation` checks the order of a thread's entries.
fn match_in_any_order(expected: &[Json], observed: &[Json], ids: &mut Ids) -> bool {
    let mut left: Vec<&Json> = observed.iter().collect();
    expected.iter().all(|expected| {
        let found = left.iter().position(|observed| {
            let mut tried = ids.clone();
            let is_match = matches(expected, observed, &mut tried);
            if is_match {
                *ids = tried;
            }
            is_match
        });
        found.map(|index| left.remove(index)).is_some()
    })
}

/// The differences between `observed` and `expected`, one on each line.
pub fn differences(expected: &Json, observed: &Json, ids: &Ids) -> String {
    match (expected, observed) {
        _ if matches(expected, observed, &mut ids.clone()) => String::new(),
        (Json::Object(expected), Json::Object(observed)) => {
            let names: BTreeSet<_> = expected.keys().chain(observed.keys()).collect();
            let parts = names.into_iter().map(|name| {
                let of = |body: &Map<String, Json>| body.get(name).cloned().unwrap_or_default();
                differences(&of(expected), &of(observed), ids)
            });
            parts.collect()
        }
        (Json::Array(expected), Json::Array(observed)) => {
            let only =
                |these: &[Json], those: &[Json], are_equal: &dyn Fn(&Json, &Json) -> bool| {
                    let these = these.iter();
                    these
                        .filter(|this| !those.iter().any(|that| are_equal(this, that)))
                        .map(|this| format!("\n      {this}"))
                        .collect::<String>()
                };
            let are_equal =
                |expected: &Json, observed: &Json| matches(expected, observed, &mut ids.clone());
            let missing = only(expected, observed, &are_equal);
            let additional = only(observed, expected, &|observed, expected| {
                are_equal(expected, observed)
            });
            format!("\n    only the model has:{missing}\n    only the product has:{additional}")
        }
        _ => format!("\n    the model has {expected}\n    the product has {observed}"),
    }
}
