use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use local::{Deployment, Options};
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};

use crate::sandbox::{Ended, Sandbox};
use crate::{AwsProxy, Reply, Stack, dynamodb_endpoint};

/// The time that API Gateway waits for a function.
const GATEWAY_TIMEOUT: Duration = Duration::from_secs(30);

/// The real binaries, each in its own sandbox, with the template's environment and the local AWS
/// emulators.
pub struct RealBinaries {
    aws: Stack,
    deployment: Deployment,
    sandboxes: BTreeMap<String, Sandbox>,
    /// The functions that were invoked.
    invoked: Mutex<BTreeSet<String>>,
}

/// A caller whose requests reach the binaries as events of the gateway.
pub struct Invoker<'a> {
    lambda: &'a RealBinaries,
    claims: Option<BTreeMap<String, String>>,
    visitor_token: Option<String>,
}

impl RealBinaries {
    /// Starts all binaries of the template.
    pub async fn start() -> Self {
        let options = Self::options();
        let aws = Stack::start_with(options.clone()).await;
        let aws_endpoint = aws.url().to_owned();
        Self::of(aws, &options, &aws_endpoint).await
    }

    /// Starts all binaries of the template. They call AWS through a proxy.
    pub async fn start_behind_proxy() -> (Self, AwsProxy) {
        let mut options = Self::options();
        options.variables.remove(dynamodb_endpoint::VARIABLE);
        let (aws, proxy) = Stack::start_behind_proxy(options.clone()).await;
        (Self::of(aws, &options, &proxy.url()).await, proxy)
    }

    fn options() -> Options {
        Options {
            aws_only: true,
            ..Stack::options_for_platforms()
        }
    }

    async fn of(aws: Stack, options: &Options, aws_endpoint: &str) -> Self {
        let deployment = Deployment::load(options).expect("the template is supported");
        let mut sandboxes = BTreeMap::new();
        for function in deployment.functions() {
            let environment = deployment.environment(function, aws_endpoint);
            let environment = environment.expect("the template has the function");
            let sandbox = Sandbox::start(function, environment).await;
            sandboxes.insert(function.to_owned(), sandbox);
        }
        Self {
            aws,
            deployment,
            sandboxes,
            invoked: Mutex::default(),
        }
    }

    /// The AWS emulators.
    pub fn aws(&self) -> &Stack {
        &self.aws
    }

    /// The deployment of the template.
    pub fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    /// An agent with the scopes of all routes.
    pub fn agent(&self, id: &str) -> Invoker<'_> {
        let scopes: Vec<_> = self.deployment.route_scopes().into_iter().collect();
        let claims = [("sub", id.to_owned()), ("scope", scopes.join(" "))];
        Invoker {
            lambda: self,
            claims: Some(claims.map(|(name, value)| (name.to_owned(), value)).into()),
            visitor_token: None,
        }
    }

    /// The visitor with this token.
    pub fn visitor(&self, token: &str) -> Invoker<'_> {
        Invoker {
            lambda: self,
            claims: None,
            visitor_token: Some(token.to_owned()),
        }
    }

    /// Invokes the function of the event's route.
    pub async fn invoke(&self, event: &Value) -> Reply {
        self.invoke_within(GATEWAY_TIMEOUT, event).await
    }

    /// Invokes the function of the event's route, with this time until the deadline.
    pub async fn invoke_within(&self, time: Duration, event: &Value) -> Reply {
        let function = self.function(event);
        self.record_invocation(function);
        let sandbox = self.sandbox(function);
        sandbox.answer(event, deadline_in(time)).await
    }

    /// Replaces the sandbox of a function, and returns the old one.
    pub async fn replace(&mut self, function: &str, aws_endpoint: &str) -> Sandbox {
        let environment = self.deployment.environment(function, aws_endpoint);
        let environment = environment.expect("the template has the function");
        let new = Sandbox::start(function, environment).await;
        let old = self.sandboxes.insert(function.to_owned(), new);
        old.expect("the function has a sandbox")
    }

    /// Invokes a function with an event, and expects that it processes it.
    pub async fn deliver(&self, function: &str, event: &Value) {
        let outcome = self.invoke_function(function, event).await;
        assert!(outcome.is_string(), "{outcome}");
    }

    /// Invokes a function with an event, and returns its response.
    pub async fn invoke_function(&self, function: &str, event: &Value) -> Value {
        self.record_invocation(function);
        let sandbox = self.sandbox(function);
        let deadline = deadline_in(GATEWAY_TIMEOUT);
        let answer = sandbox.invoke(event.to_string(), deadline).await;
        let answer = answer.expect("the function handles the event");
        serde_json::from_str(&answer).expect("a response is JSON")
    }

    /// Invokes a function with an event, and expects that it fails.
    pub async fn fail_to_deliver(&self, function: &str, event: &Value) {
        self.record_invocation(function);
        let deadline = deadline_in(GATEWAY_TIMEOUT);
        let answer = self.sandbox(function).invoke(event.to_string(), deadline);
        answer.await.expect_err("the function fails");
    }

    /// Whether a function was invoked.
    pub fn was_invoked(&self, function: &str) -> bool {
        self.invoked.lock().unwrap().contains(function)
    }

    fn record_invocation(&self, function: &str) {
        self.invoked.lock().unwrap().insert(function.to_owned());
    }

    /// The sandbox of a function.
    pub fn sandbox(&self, function: &str) -> &Sandbox {
        &self.sandboxes[function]
    }

    /// Ends every sandbox, and returns how each ended.
    pub async fn terminate(self) -> BTreeMap<String, Ended> {
        let mut ended = BTreeMap::new();
        for (function, sandbox) in self.sandboxes {
            ended.insert(function, sandbox.terminate().await);
        }
        ended
    }

    fn function(&self, event: &Value) -> &str {
        let key = event["routeKey"].as_str().expect("an event has a route");
        let mut routes = self.deployment.routes().iter();
        let route = routes.find(|route| route.key() == key);
        let route = route.unwrap_or_else(|| panic!("the template has no route {key}"));
        &route.function
    }
}

impl Invoker<'_> {
    /// The event of a request, with a body or without.
    pub fn event(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.visitor_token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Bytes::from(body.to_string())
            }
            None => Bytes::new(),
        };
        let request = request.body(body).expect("a request");
        let event = self.lambda.deployment.event(request, self.claims.clone());
        event.unwrap_or_else(|| panic!("no route for {method} {path}"))
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.lambda.invoke(&self.event("GET", path, None)).await
    }

    /// PUT.
    pub async fn put(&self, path: &str, body: Value) -> Reply {
        let event = self.event("PUT", path, Some(&body));
        self.lambda.invoke(&event).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Reply {
        let event = self.event("DELETE", path, None);
        self.lambda.invoke(&event).await
    }

    /// POST.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        let event = self.event("POST", path, Some(&body));
        self.lambda.invoke(&event).await
    }
}

impl Reply {
    /// A function's response as the gateway would send it.
    pub fn of_function(response: &str) -> Self {
        let response: Value = serde_json::from_str(response).expect("a response is JSON");
        let status = response["statusCode"].as_u64().expect("a status");
        let headers = response["headers"].as_object().expect("headers");
        let body = body(&response);
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let value = value.as_str().expect("a header is text");
            map.insert(
                name.parse::<HeaderName>().expect("a name"),
                value.parse().expect("a header value"),
            );
        }
        Self {
            status: u16::try_from(status).expect("a status of HTTP"),
            headers: map,
            body: match body.as_str() {
                "" => Value::Null,
                body => serde_json::from_str(body).unwrap_or_else(|_| Value::from(body)),
            },
        }
    }
}

/// A response's body as text. Files are in base64.
fn body(response: &Value) -> String {
    let body = response["body"].as_str().unwrap_or_default();
    if response["isBase64Encoded"] != json!(true) {
        return body.to_owned();
    }
    let bytes = BASE64_STANDARD.decode(body).expect("base64");
    String::from_utf8(bytes).expect("UTF-8")
}

/// The deadline of an invocation with this timeout. Lambda uses the machine's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "a deadline is in real time, whatever clock the functions use"
)]
pub fn deadline_in(time: Duration) -> Timestamp {
    Timestamp::now() + time
}
