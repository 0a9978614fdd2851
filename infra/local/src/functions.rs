//! The Lambda functions behind the gateway. Each is identified by the name of its folder.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use aws::Environment;
use function_handlers::{Handler, HandlerError, Invocation, StartFunctionError};
use lambda::clock::SharedClock;
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::options::Options;
use crate::template::{self, REGION, Template};

/// The maximum number of concurrent invocations of one function. Lambda starts a sandbox for each
/// request. On one machine, a burst of a hundred concurrent requests would make all of them time
/// out.
const SANDBOXES_PER_FUNCTION: usize = 8;

/// A function and its Lambda settings.
#[derive(Clone)]
pub(crate) struct Function {
    name: Arc<str>,
    arn: Arc<str>,
    handler: Arc<Handler>,
    timeout: Duration,
    sandboxes: Arc<Semaphore>,
}

/// The maximum size of a Lambda response, in bytes
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
const RESPONSE_BYTES: usize = 6_291_556;

/// The secret key of every function.
pub(crate) const SECRET_KEY: &str = "local";

/// The session token of every function. The credentials of a role are temporary.
pub(crate) const SESSION_TOKEN: &str = "local-session";

/// A permit for one invocation of a function.
pub(crate) type InvocationPermit = Option<OwnedSemaphorePermit>;

/// All functions of the template.
#[derive(Clone, Default)]
pub(crate) struct Functions(HashMap<String, Function>);

impl Function {
    pub(crate) fn new(name: &str, arn: &str, handler: Arc<Handler>, timeout: Duration) -> Self {
        Self {
            name: name.into(),
            arn: arn.into(),
            handler,
            timeout,
            sandboxes: Arc::new(Semaphore::new(SANDBOXES_PER_FUNCTION)),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn arn(&self) -> &str {
        &self.arn
    }

    /// The maximum duration of an invocation.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Waits for a free sandbox. The timeout starts after that.
    pub(crate) async fn permit(&self) -> InvocationPermit {
        Arc::clone(&self.sandboxes).acquire_owned().await.ok()
    }

    /// Invokes the function with an event that does not come from the gateway. The function runs on
    /// its own task, so that a panic does not affect the caller.
    pub(crate) async fn invoke(&self, request_id: &str, event: &Value) -> Result<String, String> {
        let _permit = self.permit().await;
        let invocation = Invocation {
            request_id: request_id.to_owned(),
            function_arn: self.arn.to_string(),
            event: event.to_string(),
            time: self.timeout,
        };
        let called = tokio::spawn(self.clone().call(invocation));
        match tokio::time::timeout(self.timeout, called).await {
            Ok(Ok(Ok(answer))) => Ok(answer),
            Ok(Ok(Err(error))) => Err(error.to_string()),
            Ok(Err(panicked)) => Err(panicked.to_string()),
            Err(_elapsed) => Err(self.timeout_error()),
        }
    }

    /// The error of an invocation that took longer than the timeout.
    pub(crate) fn timeout_error(&self) -> String {
        format!("the function timed out after {} s", self.timeout.as_secs())
    }

    /// Responds to an invocation as the function's own `main` would. Returns an error if the
    /// response is larger than Lambda allows.
    pub(crate) async fn call(self, invocation: Invocation) -> Result<String, HandlerError> {
        let response = (self.handler)(invocation).await?;
        if response.len() > RESPONSE_BYTES {
            return Err(format!(
                "Response payload size exceeded maximum allowed payload size ({RESPONSE_BYTES} bytes)."
            )
            .into());
        }
        Ok(response)
    }
}

impl Functions {
    /// Starts each function with the environment of the template and with `clock`. The functions
    /// run on the host of `options`, or in this process if there is no host.
    pub(crate) fn start(
        template: &Template,
        aws_endpoint: &str,
        options: &Options,
        clock: &SharedClock,
    ) -> Result<Self, StartFunctionError> {
        let mut functions = HashMap::new();
        for (folder, function) in &template.functions {
            let environment = environment(function, folder, aws_endpoint, &options.variables);
            let handler = match &options.host {
                Some(host) => host.prepare(folder, environment, Arc::clone(clock)),
                None => function_handlers::start(
                    folder,
                    &Environment::from_variables(environment),
                    clock,
                )?,
            };
            let function = Function::new(folder, &function.arn, handler, function.timeout);
            functions.insert(folder.clone(), function);
        }
        Ok(Self(functions))
    }

    #[cfg(test)]
    pub(crate) fn of(functions: impl IntoIterator<Item = Function>) -> Self {
        let functions = functions.into_iter();
        Self(functions.map(|it| (it.name().to_owned(), it)).collect())
    }

    /// The function with this name in Lambda.
    pub(crate) fn named(&self, name: &str) -> Option<&Function> {
        let mut functions = self.0.values();
        functions.find(|function| function.arn().rsplit(':').next() == Some(name))
    }

    pub(crate) fn get(&self, folder: &str) -> Option<&Function> {
        self.0.get(folder)
    }
}

/// The environment variables of a function: those of the template and those that Lambda sets, with
/// this access key. Values in `overrides` override both.
pub(crate) fn environment(
    function: &template::Function,
    access_key: &str,
    aws_endpoint: &str,
    overrides: &BTreeMap<String, String>,
) -> HashMap<String, String> {
    let mut variables: HashMap<_, _> = function.environment.clone().into_iter().collect();
    for (name, value) in [
        ("AWS_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", access_key),
        ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
        ("AWS_SESSION_TOKEN", SESSION_TOKEN),
        ("AWS_ENDPOINT_URL", aws_endpoint),
    ] {
        variables.insert(name.to_owned(), value.to_owned());
    }
    // The local server is the API, too.
    if let Some(api_url) = variables.get_mut("API_URL") {
        aws_endpoint.clone_into(api_url);
    }
    variables.extend(overrides.clone());
    variables
}
