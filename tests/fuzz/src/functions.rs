use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use ::aws::Environment;
use function_handlers::{Handler, Invocation};
use lambda::clock::{SharedClock, SystemClock};
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use tokio::runtime::{Builder, Runtime};

use crate::{aws, routes};

/// The environment variables of every function. A test of the workspace starts each function with them.
const VARIABLES: &str = include_str!("../functions.env");

/// The timeout of an invocation. It is longer than any input needs.
const TIMEOUT: Duration = Duration::from_secs(30);

/// All functions that handle HTTP requests, invoked as Lambda invokes them, with an AWS in which
/// each item and each identity exists.
pub struct Functions {
    runtime: Runtime,
    handlers: BTreeMap<String, Arc<Handler>>,
}

impl Functions {
    /// Starts them.
    pub fn start() -> Self {
        let environment = environment(&aws::start());
        let clock: SharedClock = Arc::new(SystemClock);
        let functions: BTreeSet<_> = routes::ALL.iter().map(|route| &route.function).collect();
        let handlers = functions.into_iter().map(|folder| {
            let handler = function_handlers::start(folder, &environment, &clock);
            (folder.clone(), handler.expect("the function starts"))
        });
        Self {
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
            handlers: handlers.collect(),
        }
    }

    /// The names of their folders, sorted.
    pub fn names(&self) -> Vec<&str> {
        self.handlers.keys().map(String::as_str).collect()
    }

    /// The response of the function in the folder `name` to an event in JSON.
    pub fn answer(&self, name: &str, event: &str) -> ApiGatewayV2httpResponse {
        let response = self.handlers[name](Invocation {
            function_arn: String::new(),
            request_id: "r1".to_owned(),
            event: event.to_owned(),
            time: TIMEOUT,
        });
        let response = self.runtime.block_on(response);
        let response = response.expect("a function that handles HTTP returns a response");
        serde_json::from_str(&response).expect("the response is JSON")
    }
}

/// The variables of the file, and the URL of the AWS emulator.
fn environment(aws: &str) -> Environment {
    let lines = VARIABLES.lines().filter_map(|line| line.split_once('='));
    let variables = lines.chain([("AWS_ENDPOINT_URL", aws)]);
    let owned = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Environment::from_variables(HashMap::from_iter(owned))
}
