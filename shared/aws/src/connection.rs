use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::environment::{Environment, EnvironmentError};
use crate::root_certificates::RootCertificates;

/// A service of AWS that afterchat calls.
#[derive(Clone, Copy, Debug)]
pub enum Service {
    /// Amazon DynamoDB, with the table.
    DynamoDb,
    /// Amazon SES, API version 2.
    Ses,
    /// Amazon EventBridge Scheduler.
    Scheduler,
}

/// The timeouts and retries of calls to a service.
#[derive(Clone, Copy, Debug)]
pub struct CallPolicy {
    /// How many attempts a call has in all.
    pub attempts: u32,
    /// How long one attempt may take, including its connection.
    pub attempt_timeout: Duration,
    /// How long all attempts together may take.
    pub operation_timeout: Duration,
    /// Whether a connection is reused for the next call. A connection may have broken while Lambda
    /// froze the execution environment. The client detects that only after it has sent bytes.
    pub keeps_connections: bool,
}

impl CallPolicy {
    /// For idempotent calls, which are safe to retry: three attempts within five seconds.
    pub const IDEMPOTENT: Self = Self {
        attempts: 3,
        attempt_timeout: Duration::from_millis(2_000),
        operation_timeout: Duration::from_millis(5_000),
        keeps_connections: true,
    };
}

/// The region, the credentials and the endpoints of calls to AWS.
#[derive(Clone, Debug)]
pub struct AwsConnection {
    pub(crate) region: String,
    pub(crate) credentials: Credentials,
    dynamodb_endpoint: Option<String>,
    ses_endpoint: Option<String>,
    scheduler_endpoint: Option<String>,
    pub(crate) lambda_endpoint: Option<String>,
    pub(crate) roots: RootCertificates,
}

impl AwsConnection {
    /// The connection that the environment of a Lambda function describes. It reads `AWS_REGION`,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`. It also reads the
    /// SDKs' common `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_DYNAMODB`, `AWS_ENDPOINT_URL_SESV2`,
    /// `AWS_ENDPOINT_URL_SCHEDULER`, `AWS_ENDPOINT_URL_LAMBDA` and `AWS_CA_BUNDLE`. The last one is a file of
    /// certificates that are trusted instead of Amazon's own roots.
    ///
    /// No other source is used (profiles, instance metadata), because a function has only its
    /// environment.
    ///
    /// # Errors
    /// If the region or the credentials are missing, or the file cannot be used.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let endpoint = environment.optional("AWS_ENDPOINT_URL");
        Ok(Self {
            region: environment.required("AWS_REGION")?,
            credentials: Credentials::new(
                environment.required("AWS_ACCESS_KEY_ID")?,
                environment.required("AWS_SECRET_ACCESS_KEY")?,
                environment.optional("AWS_SESSION_TOKEN"),
                None,
                "environment",
            ),
            dynamodb_endpoint: environment
                .optional("AWS_ENDPOINT_URL_DYNAMODB")
                .or_else(|| endpoint.clone()),
            ses_endpoint: environment
                .optional("AWS_ENDPOINT_URL_SESV2")
                .or_else(|| endpoint.clone()),
            scheduler_endpoint: environment
                .optional("AWS_ENDPOINT_URL_SCHEDULER")
                .or_else(|| endpoint.clone()),
            lambda_endpoint: environment.optional("AWS_ENDPOINT_URL_LAMBDA").or(endpoint),
            roots: RootCertificates::from_environment(environment)?,
        })
    }

    /// The SDK's configuration for a client of `service`.
    pub fn config(&self, service: Service, policy: CallPolicy) -> SdkConfig {
        let endpoint = match service {
            Service::DynamoDb => &self.dynamodb_endpoint,
            Service::Ses => &self.ses_endpoint,
            Service::Scheduler => &self.scheduler_endpoint,
        };
        let mut http_client = aws_smithy_http_client::Builder::new();
        if !policy.keeps_connections {
            http_client = http_client.pool_max_idle_per_host(0);
        }
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(self.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(self.credentials.clone()))
            .http_client(
                http_client
                    .tls_provider(Provider::Rustls(CryptoMode::Ring))
                    .tls_context(self.roots.tls_context())
                    .build_https(),
            )
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(policy.attempts)
                    .with_initial_backoff(Duration::from_millis(50)),
            )
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(Duration::from_millis(1_500))
                    .operation_attempt_timeout(policy.attempt_timeout)
                    .operation_timeout(policy.operation_timeout)
                    .build(),
            );
        config.set_endpoint_url(endpoint.clone());
        config.build()
    }
}
