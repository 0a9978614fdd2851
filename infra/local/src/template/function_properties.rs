//! The properties of functions in the template, with the events that invoke them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::aws::eventbridge::FilterCriteria;
use crate::template::error::TemplateError;
use crate::template::policy::PolicyDocument;
use crate::template::resources::{Bus, EventSourceMapping, Route, Rule, Schedule};

/// The timeout of a function in seconds, if the template sets none.
pub(super) const LAMBDA_DEFAULT_TIMEOUT: u64 = 3;

/// The event bus that each account has.
const DEFAULT_BUS: &str = "default";

/// The template's `Globals` of all functions.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct FunctionGlobals {
    pub(super) timeout: Option<u64>,
    pub(super) environment: Environment,
}

/// The properties of an `AWS::Serverless::Function`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FunctionProperties {
    code_uri: String,
    pub(super) timeout: Option<u64>,
    #[serde(default)]
    pub(super) environment: Environment,
    #[serde(default)]
    pub(super) policies: Vec<PolicyDocument>,
    #[serde(default)]
    events: BTreeMap<String, Event>,
}

impl FunctionProperties {
    /// The function's folder below `functions`.
    pub(super) fn folder(&self) -> Result<String, TemplateError> {
        folder_of(&self.code_uri).ok_or_else(|| {
            TemplateError::new(format!(
                "the CodeUri {} is not below ../target/lambda/",
                self.code_uri
            ))
        })
    }

    /// The routes of its `HttpApi` events.
    pub(super) fn routes(&self, folder: &str) -> Vec<Route> {
        let http = self.events.values().filter(|event| event.kind == "HttpApi");
        http.filter_map(|event| {
            let route = &event.properties;
            let is_open = route.auth.authorizer.as_deref() == Some("NONE");
            Some(Route {
                method: route.method.clone()?,
                path: route.path.clone()?,
                function: folder.to_owned(),
                scopes: (!is_open).then(|| route.auth.authorization_scopes.clone()),
            })
        })
        .collect()
    }

    /// The rules of its `EventBridgeRule` events. `stack_bus` contains the name and the ARN of the
    /// stack's own event bus.
    pub(super) fn rules(
        &self,
        folder: &str,
        stack_bus: &[String],
    ) -> Result<Vec<Rule>, TemplateError> {
        let rules = self.events.values();
        rules
            .filter(|event| event.kind == "EventBridgeRule")
            .filter_map(|event| Some((event, event.properties.pattern.clone()?)))
            .map(|(event, pattern)| {
                let bus = match event.properties.event_bus_name.as_ref() {
                    None => Bus::Default,
                    Some(name) if name == DEFAULT_BUS => Bus::Default,
                    Some(name) if stack_bus.contains(name) => Bus::Stack,
                    Some(name) => {
                        return Err(TemplateError::new(format!(
                            "the template has no event bus {name}"
                        )));
                    }
                };
                Ok(Rule {
                    bus,
                    pattern,
                    function: folder.to_owned(),
                })
            })
            .collect()
    }

    /// The mappings of its `DynamoDB` events.
    pub(super) fn event_sources(&self, folder: &str) -> Vec<EventSourceMapping> {
        let streams = self.events.values();
        let streams = streams.filter(|event| event.kind == "DynamoDB");
        streams
            .filter_map(|event| {
                Some(EventSourceMapping {
                    function: folder.to_owned(),
                    filter: event.properties.filter_criteria.clone()?,
                    batch_size: event.properties.batch_size?,
                })
            })
            .collect()
    }

    /// The schedules of its `Schedule` events.
    pub(super) fn schedules(&self, folder: &str) -> Result<Vec<Schedule>, TemplateError> {
        let schedules = self.events.values();
        let schedules = schedules.filter(|event| event.kind == "Schedule");
        schedules
            .map(|event| {
                let rate = event.properties.schedule.as_deref().unwrap_or_default();
                let interval = interval(rate).ok_or_else(|| {
                    TemplateError::new(format!(
                        "the schedule {rate} is not a supported rate expression"
                    ))
                })?;
                let function = folder.to_owned();
                Ok(Schedule { function, interval })
            })
            .collect()
    }
}

/// The folder of the function with this `CodeUri`, below `functions`.
pub(super) fn folder_of(code_uri: &str) -> Option<String> {
    code_uri
        .strip_prefix("../target/lambda/")
        .map(str::to_owned)
}

/// The interval of a rate expression such as `rate(1 hour)`.
fn interval(rate: &str) -> Option<Duration> {
    let rate = rate.strip_prefix("rate(")?.strip_suffix(')')?;
    let (number, unit) = rate.split_once(' ')?;
    let seconds = match unit.trim_end_matches('s') {
        "minute" => 60,
        "hour" => 60 * 60,
        "day" => 24 * 60 * 60,
        _ => return None,
    };
    let number: u64 = number.parse().ok()?;
    number.checked_mul(seconds).map(Duration::from_secs)
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Environment {
    pub(super) variables: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    #[serde(rename = "Type")]
    kind: String,
    #[serde(default)]
    properties: EventProperties,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct EventProperties {
    method: Option<String>,
    path: Option<String>,
    auth: EventAuth,
    pattern: Option<Value>,
    event_bus_name: Option<String>,
    filter_criteria: Option<FilterCriteria>,
    batch_size: Option<usize>,
    schedule: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct EventAuth {
    authorizer: Option<String>,
    authorization_scopes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_expression_has_a_number_and_a_unit() {
        assert_eq!(interval("rate(5 minutes)"), Some(Duration::from_secs(300)));
        for text in ["rate(1 week)", "rate(x hours)", "cron(0 * * * ? *)", ""] {
            assert_eq!(interval(text), None, "{text}");
        }
    }
}
