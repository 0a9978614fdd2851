//! The Lambda functions behind the gateway. Each is identified by the name of its folder.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ask_rating::AskRating;
use aws::{Environment, EnvironmentError};
use count_ratings::CountRatings;
use erase_conversations::EraseConversations;
use lambda::clock::{Clock, SharedClock, SystemClock};
use lambda::events::{EventEndpoint, EventHandler, StreamEndpoint, StreamHandler};
use lambda::http::HttpEndpoint;
use lambda_http::Context;
use lambda_http::lambda_runtime::LambdaEvent;
use manage_senders::ManageSenders;
use read_conversation::ReadConversation;
use record_conversation::RecordConversation;
use report_satisfaction::ReportSatisfaction;
use roll_up_satisfaction::RollUpSatisfaction;
use send_transcript::SendTranscript;
use serde_json::Value;
use serve_widget::ServeWidget;
use submit_rating::SubmitRating;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use track_delivery::TrackDelivery;

use crate::host::{Handler, HandlerError, Invocation};
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
    handler: Arc<Handler>,
    timeout: Duration,
    sandboxes: Arc<Semaphore>,
}

/// The maximum size of a Lambda response, in bytes
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
const RESPONSE_BYTES: usize = 6_291_556;

/// A permit for one invocation of a function.
pub(crate) type Sandbox = Option<OwnedSemaphorePermit>;

/// All functions of the template.
pub(crate) struct Functions(HashMap<String, Function>);

/// Why a function could not be started.
#[derive(Debug)]
pub(crate) enum FunctionsError {
    /// The template contains a folder that is not built into this server.
    Unknown(String),
    /// The function does not start with the environment of the template.
    Environment(String, EnvironmentError),
}

impl fmt::Display for FunctionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(folder) => write!(
                f,
                "infra/template.yaml names functions/{folder}, which infra/local/src/functions.rs \
                 does not know"
            ),
            Self::Environment(folder, error) => write!(f, "functions/{folder}: {error}"),
        }
    }
}

impl std::error::Error for FunctionsError {}

impl Function {
    pub(crate) fn new(name: &str, handler: Arc<Handler>, timeout: Duration) -> Self {
        Self {
            name: name.into(),
            handler,
            timeout,
            sandboxes: Arc::new(Semaphore::new(SANDBOXES_PER_FUNCTION)),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The maximum duration of an invocation.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Waits for a free sandbox. The timeout starts after that.
    pub(crate) async fn sandbox(&self) -> Sandbox {
        Arc::clone(&self.sandboxes).acquire_owned().await.ok()
    }

    /// Invokes the function with an event that does not come from the gateway. The function runs on
    /// its own task, so that a panic does not affect the caller.
    pub(crate) async fn invoke(&self, request_id: &str, event: &Value) -> Result<String, String> {
        let _sandbox = self.sandbox().await;
        let invocation = Invocation {
            request_id: request_id.to_owned(),
            event: event.to_string(),
            time: self.timeout,
        };
        let called = tokio::spawn(self.clone().call(invocation));
        match tokio::time::timeout(self.timeout, called).await {
            Ok(Ok(Ok(answer))) => Ok(answer),
            Ok(Ok(Err(error))) => Err(error.to_string()),
            Ok(Err(panicked)) => Err(panicked.to_string()),
            Err(_elapsed) => Err("the function's time ran out".to_owned()),
        }
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
    ) -> Result<Self, FunctionsError> {
        let mut functions = HashMap::new();
        for (folder, function) in &template.functions {
            let environment = environment(function, folder, aws_endpoint, &options.variables);
            let handler = match &options.host {
                Some(host) => host.ready(folder, environment, Arc::clone(clock)),
                None => handler(folder, &Environment::from_variables(environment), clock)?,
            };
            let function = Function::new(folder, handler, function.timeout);
            functions.insert(folder.clone(), function);
        }
        Ok(Self(functions))
    }

    pub(crate) fn get(&self, folder: &str) -> Option<&Function> {
        self.0.get(folder)
    }
}

/// The environment variables of a function: those of the template and those that Lambda sets, with
/// this access key. Values in `others` override both.
pub(crate) fn environment(
    function: &template::Function,
    access_key: &str,
    aws_endpoint: &str,
    others: &BTreeMap<String, String>,
) -> HashMap<String, String> {
    let mut variables: HashMap<_, _> = function.environment.clone().into_iter().collect();
    for (name, value) in [
        ("AWS_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", access_key),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL", aws_endpoint),
    ] {
        variables.insert(name.to_owned(), value.to_owned());
    }
    variables.extend(others.clone());
    variables
}

/// The function in `functions/{folder}`, configured by `environment`.
fn handler(
    folder: &str,
    environment: &Environment,
    clock: &SharedClock,
) -> Result<Arc<Handler>, FunctionsError> {
    match folder {
        "ask-rating" => http_handler(AskRating::from_environment, environment, clock),
        "count-ratings" => stream_handler(CountRatings::from_environment, environment, clock),
        "erase-conversations" => {
            http_handler(EraseConversations::from_environment, environment, clock)
        }
        "manage-senders" => http_handler(ManageSenders::from_environment, environment, clock),
        "read-conversation" => http_handler(ReadConversation::from_environment, environment, clock),
        "record-conversation" => {
            http_handler(RecordConversation::from_environment, environment, clock)
        }
        "report-satisfaction" => {
            http_handler(ReportSatisfaction::from_environment, environment, clock)
        }
        "roll-up-satisfaction" => {
            event_handler(RollUpSatisfaction::from_environment, environment, clock)
        }
        "send-transcript" => http_handler(SendTranscript::from_environment, environment, clock),
        "serve-widget" => http_handler(|_| Ok(ServeWidget::new()), environment, clock),
        "submit-rating" => http_handler(SubmitRating::from_environment, environment, clock),
        "track-delivery" => event_handler(TrackDelivery::from_environment, environment, clock),
        _ => return Err(FunctionsError::Unknown(folder.to_owned())),
    }
    .map_err(|error| FunctionsError::Environment(folder.to_owned(), error))
}

fn http_handler<F: lambda::http::HttpHandler + 'static>(
    wire: impl FnOnce(&Environment) -> Result<F, EnvironmentError>,
    environment: &Environment,
    clock: &SharedClock,
) -> Result<Arc<Handler>, EnvironmentError> {
    let endpoint = Arc::new(HttpEndpoint::new(wire(environment)?, Arc::clone(clock)));
    Ok(Arc::new(move |invocation| {
        let endpoint = Arc::clone(&endpoint);
        Box::pin(async move {
            let event = serde_json::from_str(&invocation.event)?;
            let event = LambdaEvent::new(event, context(&invocation));
            let Ok(response) = endpoint.answer(event).await;
            Ok(serde_json::to_string(&response)?)
        })
    }))
}

fn event_handler<C: EventHandler + 'static>(
    wire: impl FnOnce(&Environment) -> Result<C, EnvironmentError>,
    environment: &Environment,
    clock: &SharedClock,
) -> Result<Arc<Handler>, EnvironmentError> {
    let endpoint = Arc::new(EventEndpoint::new(wire(environment)?, Arc::clone(clock)));
    Ok(Arc::new(move |invocation| {
        let endpoint = Arc::clone(&endpoint);
        Box::pin(async move {
            let event = serde_json::from_str(&invocation.event)?;
            let event = LambdaEvent::new(event, context(&invocation));
            endpoint.handle(event).await?;
            Ok("null".to_owned())
        })
    }))
}

fn stream_handler<C: StreamHandler + 'static>(
    wire: impl FnOnce(&Environment) -> Result<C, EnvironmentError>,
    environment: &Environment,
    clock: &SharedClock,
) -> Result<Arc<Handler>, EnvironmentError> {
    let endpoint = Arc::new(StreamEndpoint::new(wire(environment)?, Arc::clone(clock)));
    Ok(Arc::new(move |invocation| {
        let endpoint = Arc::clone(&endpoint);
        Box::pin(async move {
            let event = serde_json::from_str(&invocation.event)?;
            let event = LambdaEvent::new(event, context(&invocation));
            let answer = endpoint.handle(event).await?;
            Ok(serde_json::to_string(&answer)?)
        })
    }))
}

fn context(invocation: &Invocation) -> Context {
    let now = i128::from(SystemClock.now().epoch_milliseconds());
    let deadline = now + invocation.time.as_millis() as i128;
    let mut context = Context::default();
    context.request_id.clone_from(&invocation.request_id);
    context.deadline = u64::try_from(deadline).unwrap_or_default();
    context
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_knows_how_much_time_it_has() {
        let invocation = Invocation {
            request_id: "id".to_owned(),
            event: String::new(),
            time: Duration::from_secs(10),
        };
        let deadline = i64::try_from(context(&invocation).deadline).unwrap();
        let left = deadline - SystemClock.now().epoch_milliseconds();
        assert!((1..=10_000).contains(&left), "{left}");
    }
}
