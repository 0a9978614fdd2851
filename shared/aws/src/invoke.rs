//! Calls another function of the stack.
//!
//! The call is signed here, because the SDK's client for Lambda would add 120 kB (`bench size`) to the zip of each function
//! that uses it.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SigningInstructions, SigningSettings, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::time::{sleep, timeout};

use crate::connection::AwsConnection;
use crate::environment::{Environment, EnvironmentError};

/// The pauses before a second and a third attempt.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];

/// Invokes one function synchronously.
#[derive(Clone, Debug)]
pub struct FunctionInvoker {
    connector: SharedHttpConnector,
    url: String,
    region: String,
    credentials: Credentials,
}

/// Why an invocation has no successful response. The function may have run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvokeError {
    /// Lambda's error code, or `function_error` if the function returned an error, or the reason why there
    /// is no response that can be read: `timeout`, `connection`, `construction`, `encoding`.
    pub code: String,
    /// The HTTP status of Lambda's response, if there was one.
    pub status: Option<u16>,
    /// Lambda's request id, if there was a response.
    pub request_id: Option<String>,
}

impl FunctionInvoker {
    /// An invoker of the function whose name is in the environment variable `name`.
    ///
    /// It calls the endpoint of the [`AwsConnection`], or else that of the region in the partition whose domain
    /// is `URL_SUFFIX`, such as `amazonaws.com`.
    ///
    /// # Errors
    /// If a required variable is missing.
    pub fn from_environment(
        environment: &Environment,
        name: &'static str,
    ) -> Result<Self, EnvironmentError> {
        let connection = AwsConnection::from_environment(environment)?;
        let endpoint = match connection.lambda_endpoint {
            Some(endpoint) => endpoint,
            None => {
                let suffix = environment.required("URL_SUFFIX")?;
                format!("https://lambda.{}.{suffix}", connection.region)
            }
        };
        let function = environment.required(name)?;
        let connector = Connector::builder()
            // A connection may have broken while Lambda froze the execution environment.
            .pool_max_idle_per_host(0)
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(connection.roots.tls_context())
            .build();
        Ok(Self {
            connector: SharedHttpConnector::new(connector),
            url: format!("{endpoint}/2015-03-31/functions/{function}/invocations"),
            region: connection.region,
            credentials: connection.credentials,
        })
    }

    /// Invokes the function with `event`, which is JSON, waits at most `time`, and returns its response. If Lambda
    /// fails or throttles the call, or the connection breaks, the call is made up to three times. The function may
    /// therefore run more than once.
    ///
    /// # Errors
    /// If the function failed, or it is not known that it succeeded.
    pub async fn invoke(&self, event: &str, time: Duration) -> Result<String, InvokeError> {
        let attempts = async {
            let mut pauses = PAUSES.into_iter();
            loop {
                let result = self.try_invoke(event).await;
                match (&result, pauses.next()) {
                    (Err(error), Some(pause)) if error.is_transient() => sleep(pause).await,
                    _ => return result,
                }
            }
        };
        let result = timeout(time, attempts).await;
        result.unwrap_or_else(|_elapsed| Err(InvokeError::without_response("timeout")))
    }

    async fn try_invoke(&self, event: &str) -> Result<String, InvokeError> {
        let request = self.signed_request(event);
        let request = request.ok_or_else(|| InvokeError::without_response("construction"))?;
        let response = self.connector.call(request).await;
        let response = response.map_err(|_| InvokeError::without_response("connection"))?;
        let header = |name| response.headers().get(name);
        let status = response.status();
        let code = match header("x-amz-function-error") {
            Some(_) => "function_error",
            None if status.is_success() => return read_response(response.into_body()).await,
            None => header("x-amzn-errortype").unwrap_or("unnamed"),
        };
        Err(InvokeError {
            // The header may continue with a colon and a URL.
            code: code.split(':').next().unwrap_or(code).to_owned(),
            status: Some(status.as_u16()),
            request_id: header("x-amzn-requestid").map(ToOwned::to_owned),
        })
    }

    /// The request with its signature. `None` if the URL is not valid.
    fn signed_request(&self, event: &str) -> Option<HttpRequest> {
        let mut request = HttpRequest::new(SdkBody::from(event));
        request.set_method("POST").ok()?;
        request.set_uri(self.url.as_str()).ok()?;
        let signature = self.sign(event)?;
        for (name, value) in signature.headers() {
            request
                .headers_mut()
                .try_insert(name.to_owned(), value.to_owned())
                .ok()?;
        }
        Some(request)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "AWS compares the time of a signature with its own clock"
    )]
    fn sign(&self, event: &str) -> Option<SigningInstructions> {
        let identity = self.credentials.clone().into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("lambda")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .ok()?
            .into();
        let body = SignableBody::Bytes(event.as_bytes());
        let request = SignableRequest::new("POST", &self.url, std::iter::empty(), body).ok()?;
        let (instructions, _signature) = sign(request, &parameters).ok()?.into_parts();
        Some(instructions)
    }
}

async fn read_response(body: SdkBody) -> Result<String, InvokeError> {
    let response = ByteStream::new(body).collect().await;
    let response = response.map_err(|_| InvokeError::without_response("connection"))?;
    String::from_utf8(response.to_vec()).map_err(|_| InvokeError::without_response("encoding"))
}

impl InvokeError {
    /// Whether a retry may succeed. These are the statuses that the SDKs retry. A function that failed is not run
    /// again.
    fn is_transient(&self) -> bool {
        match self.status {
            Some(status) => matches!(status, 429 | 500 | 502 | 503 | 504),
            None => self.code == "connection",
        }
    }

    fn without_response(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            status: None,
            request_id: None,
        }
    }
}

#[cfg(test)]
mod tests;
