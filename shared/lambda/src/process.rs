//! A function's process, from its environment to the end of its sandbox.

use std::process::ExitCode;

use aws::{Environment, EnvironmentError};
use lambda_http::http::Method;
use lambda_http::lambda_runtime::Error;
use lambda_runtime_api_client::body::Body;
use lambda_runtime_api_client::{PooledClient, build_request};
use serde_json::json;

use crate::telemetry;

/// Lambda's error type for a failed start.
const START_FAILED: &str = "Runtime.InvalidEnvironment";

/// Builds a function from the environment of this process and serves it until the sandbox ends.
///
/// If the environment is not valid, one log line and the error that Lambda receives name the
/// variable.
pub async fn run<F, S>(
    wire: impl FnOnce(&Environment) -> Result<F, EnvironmentError>,
    serve: impl FnOnce(F) -> S,
) -> ExitCode
where
    S: Future<Output = Result<(), Error>>,
{
    let environment = Environment::from_process();
    telemetry::init(&environment);
    let function = match wire(&environment) {
        Ok(function) => function,
        Err(error) => {
            tracing::error!(%error, "the function cannot start");
            if let Err(error) = report(&error).await {
                tracing::warn!(%error, "the failed start was not reported to Lambda");
            }
            return ExitCode::FAILURE;
        }
    };
    match serve(function).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the runtime failed");
            ExitCode::FAILURE
        }
    }
}

/// Reports to Lambda why the sandbox does not start.
async fn report(error: &EnvironmentError) -> Result<(), Error> {
    let body = json!({
        "errorType": START_FAILED,
        "errorMessage": error.to_string(),
        "stackTrace": [],
    });
    let request = build_request()
        .method(Method::POST)
        .uri("/2018-06-01/runtime/init/error")
        .header("lambda-runtime-function-error-type", START_FAILED)
        .body(Body::from(body.to_string()))?;
    PooledClient::builder().build().call(request).await?;
    Ok(())
}
