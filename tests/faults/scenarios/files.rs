use futures_util::FutureExt;
use reqwest::Method;
use serde_json::Value;

use crate::scenario::{Calls, Request, Scenario};

pub(crate) fn scenarios() -> Vec<Scenario> {
    vec![Scenario {
        routes: &[
            "GET /v1/widget.js",
            "GET /v1/sidebar.js",
            "GET /v1/report.js",
            "GET /v1/settings.js",
            "GET /v1/rate.js",
            "GET /v1/assets/{version}/{folder}/{file}",
            "GET /rate",
            "HEAD /v1/widget.js",
            "HEAD /v1/sidebar.js",
            "HEAD /v1/report.js",
            "HEAD /v1/settings.js",
            "HEAD /v1/rate.js",
            "HEAD /v1/assets/{version}/{folder}/{file}",
            "HEAD /rate",
        ],
        variant: "Files",
        prepare: |fixture| {
            let nobody = fixture.stack.nobody();
            async { Request::http(nobody, Method::GET, "/v1/widget.js", Value::Null) }.boxed()
        },
        calls: Calls::All,
        repeatable: true,
    }]
}
