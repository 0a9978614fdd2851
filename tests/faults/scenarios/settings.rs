use futures_util::FutureExt;
use reqwest::Method;
use serde_json::{Value, json};

use crate::scenario::{Calls, Request, Scenario};

const PATH: &str = "/v1/settings";

pub(crate) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario {
            routes: &["GET /v1/settings"],
            variant: "Without stored settings",
            prepare: |fixture| {
                async {
                    let agent = fixture.stack.agent("kim").await;
                    Request::http(agent, Method::GET, PATH, Value::Null)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
        Scenario {
            routes: &["PUT /v1/settings"],
            variant: "With a brand",
            prepare: |fixture| {
                async {
                    let agent = fixture.stack.agent("kim").await;
                    let settings = json!({ "brand": { "name": "Acme" } });
                    Request::http(agent, Method::PUT, PATH, settings)
                }
                .boxed()
            },
            calls: Calls::All,
            repeatable: true,
        },
    ]
}
