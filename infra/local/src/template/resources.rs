//! The resources of the template, in the form that the rest of the server uses.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::aws::eventbridge::FilterCriteria;
use crate::template::policy::Statement;

/// A route of the API.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method, or `ANY`.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// The folder of the function that handles the route.
    pub function: String,
    /// The scopes of which a token must have at least one. `None` if the gateway checks no token.
    pub scopes: Option<Vec<String>>,
}

/// An event bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bus {
    /// The account's own bus, to which AWS services publish.
    Default,
    /// The bus of the stack, to which the pipe publishes.
    Stack,
}

/// A rule that sends events of an event bus to a function.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// The bus.
    pub(crate) bus: Bus,
    /// The event pattern.
    pub(crate) pattern: Value,
    /// The folder of the function.
    pub(crate) function: String,
}

/// An event source mapping: the records of the table's stream that a function receives.
#[derive(Clone, Debug)]
pub(crate) struct EventSourceMapping {
    /// The folder of the function.
    pub(crate) function: String,
    /// The records that the function receives.
    pub(crate) filter: FilterCriteria,
    /// The maximum number of records in a batch.
    pub(crate) batch_size: usize,
}

/// The schedule of a function.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    /// The folder of the function.
    pub(crate) function: String,
    /// The time between two invocations.
    pub(crate) interval: Duration,
}

/// The issuer and the audience that the gateway accepts in tokens.
#[derive(Debug, Deserialize)]
pub(crate) struct JwtAuthorizer {
    pub(crate) issuer: String,
    pub(crate) audience: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CorsConfiguration {
    pub(crate) allow_origins: Vec<String>,
    pub(crate) allow_methods: Vec<String>,
    pub(crate) allow_headers: Vec<String>,
    #[serde(default)]
    pub(crate) expose_headers: Vec<String>,
    pub(crate) max_age: Option<u64>,
}

/// What the scheduler finds in the account.
#[derive(Clone, Debug, Default)]
pub(crate) struct SchedulerResources {
    /// The names of the schedule groups, except `default`.
    pub(crate) groups: BTreeSet<String>,
    /// The statements of the roles that the scheduler may assume, by the ARN of the role.
    pub(crate) roles: BTreeMap<String, Vec<Statement>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) arn: String,
    pub(crate) timeout: Duration,
    pub(crate) environment: BTreeMap<String, String>,
    /// The statements of its role.
    pub(crate) policy: Vec<Statement>,
}

/// The table, in the form of DynamoDB's operations.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// The input of `CreateTable`.
    pub(crate) definition: Value,
    /// The attribute with an item's time to live.
    pub(crate) time_to_live: Option<String>,
}
