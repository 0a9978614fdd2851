//! A pipe from a table's stream to an event bus, as the template defines it.

use serde::Deserialize;
use serde_json::Value;

use crate::aws::eventbridge::input_template::{InputTemplate, InputTemplateError, JsonPath};
use crate::aws::eventbridge::pattern::{EventPattern, PatternError};

/// The properties of an `AWS::Pipes::Pipe` that define how a record becomes an event.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PipeProperties {
    source_parameters: SourceParameters,
    target_parameters: TargetParameters,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SourceParameters {
    filter_criteria: FilterCriteria,
}

/// The filter for records of a stream. A pipe and an event source mapping use the same format.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FilterCriteria {
    filters: Vec<Filter>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    pattern: String,
}

impl FilterCriteria {
    /// A pattern that matches if one of the filters matches.
    pub(crate) fn pattern(&self) -> Result<EventPattern, PipeError> {
        let patterns = self
            .filters
            .iter()
            .map(|filter| serde_json::from_str(&filter.pattern))
            .collect::<Result<Vec<Value>, _>>()
            .map_err(PipeError::Filter)?;
        EventPattern::any_of(&patterns).map_err(PipeError::Pattern)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TargetParameters {
    input_template: String,
    event_bridge_event_bus_parameters: EventBusParameters,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EventBusParameters {
    source: String,
    detail_type: String,
}

#[derive(Debug)]
pub(crate) struct Pipe {
    filter: EventPattern,
    template: InputTemplate,
    source: String,
    detail_type: JsonPath,
}

/// An event that a pipe puts on the bus.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PipeEvent {
    pub(crate) source: String,
    pub(crate) detail_type: String,
    pub(crate) detail: Value,
}

/// The pipe is invalid, or fails at a record.
#[derive(Debug, thiserror::Error)]
#[error("infra/template.yaml, the event pipe or an event source: {0}")]
pub(crate) enum PipeError {
    /// A filter is not JSON.
    Filter(serde_json::Error),
    /// A filter is not an event pattern.
    Pattern(PatternError),
    /// The input template or the path of the detail type is invalid.
    Template(#[from] InputTemplateError),
}

impl Pipe {
    /// Creates the pipe that `properties` describe.
    pub(crate) fn new(properties: &PipeProperties) -> Result<Self, PipeError> {
        let target = &properties.target_parameters;
        let bus = &target.event_bridge_event_bus_parameters;
        Ok(Self {
            filter: properties.source_parameters.filter_criteria.pattern()?,
            template: InputTemplate::parse(&target.input_template)?,
            source: bus.source.clone(),
            detail_type: JsonPath::parse(&bus.detail_type)?,
        })
    }

    /// The event for a record of the stream, or `None` if no filter matches.
    pub(crate) fn to_event(&self, record: &Value) -> Result<Option<PipeEvent>, PipeError> {
        if !self.filter.matches(record) {
            return Ok(None);
        }
        let detail_type = self.detail_type.find(record)?;
        Ok(Some(PipeEvent {
            source: self.source.clone(),
            detail_type: detail_type.as_str().unwrap_or_default().to_owned(),
            detail: self.template.apply(record)?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pipe() -> Pipe {
        let properties = json!({
            "SourceParameters": {"FilterCriteria": {"Filters": [
                {"Pattern": r#"{"eventName": ["INSERT"], "new": {"type": ["a.b"]}}"#},
                {"Pattern": r#"{"eventName": ["MODIFY"]}"#},
            ]}},
            "TargetParameters": {
                "InputTemplate": r#"{"id": <$.new.id>}"#,
                "EventBridgeEventBusParameters": {"Source": "s", "DetailType": "$.new.type"},
            },
        });
        Pipe::new(&PipeProperties::deserialize(&properties).unwrap()).unwrap()
    }

    #[test]
    fn a_record_that_matches_a_filter_becomes_an_event() {
        let record = json!({"eventName": "INSERT", "new": {"type": "a.b", "id": "1"}});
        let event = pipe().to_event(&record).unwrap().unwrap();
        assert_eq!(
            (event.source.as_str(), event.detail_type.as_str()),
            ("s", "a.b")
        );
        assert_eq!(event.detail, json!({"id": "1"}));
    }

    #[test]
    fn a_record_that_matches_no_filter_does_not_become_an_event() {
        let record = json!({"eventName": "INSERT", "new": {"type": "c", "id": "1"}});
        assert_eq!(pipe().to_event(&record).unwrap(), None);
    }

    #[test]
    fn a_record_without_a_value_of_the_template_is_an_error() {
        let record = json!({"eventName": "MODIFY", "new": {"type": "a.b"}});
        assert!(pipe().to_event(&record).is_err());
    }
}
