//! The Lambda functions, by the names of their folders, for programs that run them in their own
//! process: the local server and the fuzz targets.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use ask_rating::AskRating;
use aws::{Environment, EnvironmentError};
use call_platform::CallPlatform;
use count_ratings::CountRatings;
use erase_conversations::EraseConversations;
use follow_up::FollowUp;
use futures_util::future::BoxFuture;
use lambda::clock::{Clock, SharedClock, SystemClock};
use lambda::events::{EventEndpoint, EventHandler, StreamEndpoint, StreamHandler};
use lambda::http::{HttpEndpoint, HttpHandler};
use lambda_http::Context;
use lambda_http::lambda_runtime::LambdaEvent;
use manage_connections::ManageConnections;
use manage_senders::ManageSenders;
use manage_settings::ManageSettings;
use read_conversation::ReadConversation;
use receive_webhook::ReceiveWebhook;
use record_conversation::RecordConversation;
use report_satisfaction::ReportSatisfaction;
use roll_up_satisfaction::RollUpSatisfaction;
use send_transcript::SendTranscript;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serve_widget::ServeWidget;
use submit_rating::SubmitRating;
use track_delivery::TrackDelivery;

/// Handles an invocation and returns the function's response as JSON.
pub type Handler =
    dyn Fn(Invocation) -> BoxFuture<'static, Result<String, HandlerError>> + Send + Sync;

/// The error of an invocation without a response.
pub type HandlerError = Box<dyn Error + Send + Sync>;

/// One invocation of a function, as Lambda makes it.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The Lambda request ID of the invocation.
    pub request_id: String,
    /// The ARN of the function.
    pub function_arn: String,
    /// The event, as JSON.
    pub event: String,
    /// The time until the function times out, counted from the start of the invocation.
    pub time: Duration,
}

/// Why a function could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartFunctionError {
    /// This crate has no function of this name.
    #[error("functions/{0} is missing in infra/local/function-handlers/src/lib.rs")]
    Unknown(String),
    /// The function does not accept its environment variables.
    #[error("functions/{0}: {1}")]
    Environment(String, EnvironmentError),
}

/// Starts the function in `functions/{folder}` with these environment variables and this clock.
///
/// # Errors
/// If the function is unknown, or an environment variable is missing or invalid.
pub fn start(
    folder: &str,
    environment: &Environment,
    clock: &SharedClock,
) -> Result<Arc<Handler>, StartFunctionError> {
    let starter = Starter { environment, clock };
    match folder {
        "ask-rating" => starter.http(AskRating::from_environment),
        "call-platform" => starter.event(CallPlatform::from_environment),
        "count-ratings" => starter.stream(CountRatings::from_environment),
        "erase-conversations" => starter.http(EraseConversations::from_environment),
        "follow-up" => starter.event(FollowUp::from_environment),
        "manage-connections" => starter.http(ManageConnections::from_environment),
        "manage-senders" => starter.http(ManageSenders::from_environment),
        "manage-settings" => starter.http(ManageSettings::from_environment),
        "read-conversation" => starter.http(ReadConversation::from_environment),
        "receive-webhook" => starter.http(ReceiveWebhook::from_environment),
        "record-conversation" => starter.http(RecordConversation::from_environment),
        "report-satisfaction" => starter.http(ReportSatisfaction::from_environment),
        "roll-up-satisfaction" => starter.event(RollUpSatisfaction::from_environment),
        "send-transcript" => starter.http(SendTranscript::from_environment),
        "serve-widget" => starter.http(|_| Ok(ServeWidget::new())),
        "submit-rating" => starter.http(SubmitRating::from_environment),
        "track-delivery" => starter.event(TrackDelivery::from_environment),
        _ => return Err(StartFunctionError::Unknown(folder.to_owned())),
    }
    .map_err(|error| StartFunctionError::Environment(folder.to_owned(), error))
}

/// Starts functions by the kind of their events, as their `main` does on Lambda.
struct Starter<'a> {
    environment: &'a Environment,
    clock: &'a SharedClock,
}

impl Starter<'_> {
    fn http<F: HttpHandler + 'static>(
        &self,
        new: impl FnOnce(&Environment) -> Result<F, EnvironmentError>,
    ) -> Result<Arc<Handler>, EnvironmentError> {
        let function = new(self.environment)?;
        let endpoint = Arc::new(HttpEndpoint::new(function, Arc::clone(self.clock)));
        Ok(handler(move |event| {
            let endpoint = Arc::clone(&endpoint);
            async move { endpoint.answer(event).await }
        }))
    }

    fn event<F: EventHandler + 'static>(
        &self,
        new: impl FnOnce(&Environment) -> Result<F, EnvironmentError>,
    ) -> Result<Arc<Handler>, EnvironmentError> {
        let function = new(self.environment)?;
        let endpoint = Arc::new(EventEndpoint::new(function, Arc::clone(self.clock)));
        Ok(handler(move |event| {
            let endpoint = Arc::clone(&endpoint);
            async move { endpoint.handle(event).await }
        }))
    }

    fn stream<F: StreamHandler + 'static>(
        &self,
        new: impl FnOnce(&Environment) -> Result<F, EnvironmentError>,
    ) -> Result<Arc<Handler>, EnvironmentError> {
        let function = new(self.environment)?;
        let endpoint = Arc::new(StreamEndpoint::new(function, Arc::clone(self.clock)));
        Ok(handler(move |event| {
            let endpoint = Arc::clone(&endpoint);
            async move { endpoint.handle(event).await }
        }))
    }
}

/// A handler that reads the event from JSON, calls `answer` and writes its response as JSON.
fn handler<E, R, A, X>(answer: impl Fn(LambdaEvent<E>) -> A + Send + Sync + 'static) -> Arc<Handler>
where
    E: DeserializeOwned,
    R: Serialize,
    A: Future<Output = Result<R, X>> + Send + 'static,
    X: Into<HandlerError>,
{
    let answer = Arc::new(answer);
    Arc::new(move |invocation| {
        let answer = Arc::clone(&answer);
        Box::pin(async move {
            let event = serde_json::from_str(&invocation.event)?;
            let event = LambdaEvent::new(event, context(&invocation));
            let response = answer(event).await.map_err(Into::into)?;
            Ok(serde_json::to_string(&response)?)
        })
    })
}

/// The context of an invocation. Lambda's deadlines are in real time, whatever clock the function
/// has.
fn context(invocation: &Invocation) -> Context {
    let now = i128::from(SystemClock.now().epoch_milliseconds());
    let deadline = now + invocation.time.as_millis() as i128;
    let mut context = Context::default();
    context.request_id.clone_from(&invocation.request_id);
    context
        .invoked_function_arn
        .clone_from(&invocation.function_arn);
    context.deadline = u64::try_from(deadline).unwrap_or_default();
    context
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_context_of_an_invocation_has_its_deadline() {
        let invocation = Invocation {
            request_id: "id".to_owned(),
            function_arn: "arn".to_owned(),
            event: String::new(),
            time: Duration::from_secs(10),
        };
        let deadline = i64::try_from(context(&invocation).deadline).unwrap();
        let left = deadline - SystemClock.now().epoch_milliseconds();
        assert!((1..=10_000).contains(&left), "{left}");
    }

    #[test]
    fn each_function_starts_with_the_environment_of_the_fuzz_targets() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
        let variables = fs::read_to_string(root.join("tests/fuzz/functions.env")).unwrap();
        let variables = variables.lines().map(|line| line.split_once('=').unwrap());
        let variables = variables.chain([("AWS_ENDPOINT_URL", "http://127.0.0.1:1")]);
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let environment = Environment::from_variables(variables.collect());
        let clock: SharedClock = Arc::new(SystemClock);
        for folder in fs::read_dir(root.join("functions")).unwrap() {
            let folder = folder.unwrap().file_name().into_string().unwrap();
            let started = start(&folder, &environment, &clock);
            assert!(started.is_ok(), "{:?}", started.err());
        }
    }

    #[test]
    fn a_function_without_a_handler_is_reported_by_the_name_of_its_folder() {
        let clock: SharedClock = Arc::new(SystemClock);
        let environment = Environment::from_variables(std::collections::HashMap::new());
        let error = start("no-function", &environment, &clock).err().unwrap();
        assert!(error.to_string().contains("functions/no-function"));
    }
}
