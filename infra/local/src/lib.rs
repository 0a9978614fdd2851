//! Runs afterchat on one machine. The functions run behind a local API Gateway, an embedded
//! DynamoDB and an emulator of SES, all on one port of 127.0.0.1.
//!
//! Routes, scopes, timeouts, environment variables and the table come from `infra/template.yaml`. A
//! request takes the same path as in AWS, so that code that works here also works there, as far as
//! one machine can show it. `/` is the demo: a visitor's page beside an agent's inbox. Only this
//! server has `/dev/…`: tokens, a clock, the mails and fault injection.
//!
//! ```no_run
//! # async fn example() -> Result<(), local::StartError> {
//! use local::{Options, Server, Storage};
//!
//! let options = Options { port: 0, storage: Storage::Memory, ..Options::default() };
//! let server = Server::start(options).await?;
//! // … call server.url() …
//! server.stop().await;
//! # Ok(())
//! # }
//! ```

mod access_log;
mod aws;
mod background;
mod clock;
mod demo;
mod deployment;
mod dev;
#[cfg(test)]
mod fakes;
mod functions;
mod gateway;
mod host;
mod listener;
mod load_template;
mod options;
mod parts;
mod router;
mod server;
mod start_error;
mod storage;
mod template;
mod tokens;
mod webhook;
mod welcome;

pub use aws::dynamodb_rules::{DynamoDbRules, RuleViolation};
pub use aws::iam::{Iam, Permission};
pub use deployment::Deployment;
pub use function_handlers::{Handler, HandlerError, Invocation};
pub use host::Host;
pub use options::Options;
pub use server::Server;
pub use start_error::StartError;
pub use storage::Storage;
pub use template::{ParameterOverrides, ParameterOverridesError, Route, YamlError, yaml_to_json};
pub use webhook::{Webhook, WebhookError};
