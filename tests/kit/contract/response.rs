use std::collections::BTreeSet;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::Reply;
use crate::contract::document::{Document, array, escape, object, text};
use crate::contract::operation::Operation;

const JSON: &str = "application/json";
pub(super) const PROBLEM: &str = "application/problem+json";

/// If a response has one of these headers, the contract must describe it.
const DESCRIBED_HEADERS: [&str; 6] = [
    "content-disposition",
    "idempotent-replayed",
    "link",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
];

/// A response that the contract describes: one content type of one status.
pub(super) struct DescribedResponse<'a> {
    document: &'a Document,
    pub(super) status: u16,
    pub(super) content_type: Option<&'a str>,
    response: &'a Value,
    /// The JSON pointer of its schema.
    pub(super) schema: Option<String>,
}

impl<'a> DescribedResponse<'a> {
    /// Every response of an operation.
    pub(super) fn all(document: &'a Document, operation: &Operation) -> Vec<Self> {
        let responses = format!("{}/responses", operation.pointer);
        let mut all = Vec::new();
        for (status, response) in object(document.at(&responses)) {
            let pointer = match response.get("$ref") {
                Some(reference) => text(reference).trim_start_matches('#').to_owned(),
                None => format!("{responses}/{status}"),
            };
            let response = document.at(&pointer);
            let with = |content_type, schema| Self {
                document,
                status: status.parse().expect("an HTTP status"),
                content_type,
                response,
                schema,
            };
            match response.get("content") {
                Some(content) => all.extend(object(content).keys().map(|content_type| {
                    let schema = format!("{pointer}/content/{}/schema", escape(content_type));
                    with(Some(content_type.as_str()), Some(schema))
                })),
                None => all.push(with(None, None)),
            }
        }
        all
    }

    /// Its names: one for each code of a problem, one for any other response.
    pub(super) fn names(&self, operation: &Operation) -> Vec<String> {
        match (self.content_type, &self.schema) {
            (Some(PROBLEM), Some(schema)) => {
                let codes = self.codes(self.document.at(schema)).into_iter();
                codes.map(|code| self.name(operation, &code)).collect()
            }
            (Some(JSON), _) if self.status >= 400 => vec![self.name(operation, "gateway")],
            _ => vec![format!("{} {}", operation.id, self.status)],
        }
    }

    /// The name of the problem with this code.
    pub(super) fn name(&self, operation: &Operation, code: &str) -> String {
        format!("{} {} {code}", operation.id, self.status)
    }

    /// The names of the headers that it may have.
    pub(super) fn headers(&self) -> BTreeSet<String> {
        let headers = self.response.get("headers").into_iter();
        headers
            .flat_map(|headers| object(headers).keys())
            .map(|name| name.to_lowercase())
            .collect()
    }

    /// The codes that a problem's schema accepts. Members beside a `$ref` restrict the schema.
    fn codes(&self, schema: &Value) -> Vec<String> {
        let code = &schema["properties"]["code"];
        if let Some(code) = code.get("const") {
            vec![text(code)]
        } else if let Some(codes) = code.get("enum") {
            array(codes).iter().map(text).collect()
        } else if let Some(kinds) = schema.get("oneOf") {
            let kinds = array(kinds).iter();
            kinds.flat_map(|kind| self.codes(kind)).collect()
        } else {
            assert!(schema.get("$ref").is_some(), "no code in {schema}");
            self.codes(self.document.resolve(schema))
        }
    }

    /// Panics with `context` if `reply` differs from the description.
    #[track_caller]
    pub(super) fn check(&self, reply: &Reply, context: &str) {
        match &self.schema {
            Some(schema) => assert_valid(&self.document.validator(schema), &reply.body, context),
            None => assert_eq!(reply.body, Value::Null, "{context}"),
        }
        let none = json!({});
        let described = object(self.response.get("headers").unwrap_or(&none));
        for name in DESCRIBED_HEADERS {
            let is_described = described.keys().any(|it| it.eq_ignore_ascii_case(name));
            let is_present = !reply.header(name).is_empty();
            assert!(
                is_described || !is_present,
                "{name} is not described: {context}"
            );
        }
        for (name, header) in described {
            self.check_header(name, header, reply, context);
        }
    }

    #[track_caller]
    fn check_header(&self, name: &str, header: &Value, reply: &Reply, context: &str) {
        let schema = &self.document.resolve(header)["schema"];
        let value = reply.header(name);
        if value.is_empty() {
            let is_optional = name == "Idempotent-Replayed" || self.content_type != Some(PROBLEM);
            assert!(is_optional, "{name} is missing: {context}");
            return;
        }
        let value = match schema["type"].as_str() {
            Some("integer") => value.parse::<u64>().map_or(json!(value), |it| json!(it)),
            _ => json!(value),
        };
        let validator = jsonschema::draft202012::new(schema).expect("a schema");
        assert_valid(&validator, &value, &format!("{name}, {context}"));
    }
}

#[track_caller]
fn assert_valid(validator: &Validator, value: &Value, context: &str) {
    let errors: Vec<_> = validator
        .iter_errors(value)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?} in {context}");
}
