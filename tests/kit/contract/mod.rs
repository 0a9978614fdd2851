//! The HTTP contract, `infra/openapi.yaml`.

mod document;
mod operation;
mod response;

use std::collections::BTreeSet;

use serde_json::Value;

use self::document::Document;
pub use self::operation::Operation;
use self::response::{DescribedResponse, PROBLEM};
use crate::Reply;

/// The HTTP contract.
pub struct Contract {
    document: Document,
}

impl Contract {
    /// Reads `infra/openapi.yaml`.
    pub fn load() -> Self {
        Self {
            document: Document::load(),
        }
    }

    /// Every operation, in an order in which a test can call them on one stack: those that delete
    /// come after the others, and those that erase conversations come last.
    pub fn operations(&self) -> Vec<Operation> {
        Operation::all(&self.document)
    }

    /// The names of all described responses: `askRating 201`, `askRating 400 invalid_json`,
    /// `askRating 401 gateway`.
    pub fn response_names(&self) -> BTreeSet<String> {
        let operations = self.operations();
        let names = operations.iter().flat_map(|operation| {
            let described = DescribedResponse::all(&self.document, operation);
            described.into_iter().flat_map(|it| it.names(operation))
        });
        names.collect()
    }

    /// The codes of all problems, with their statuses.
    pub fn problems(&self) -> BTreeSet<(u16, String)> {
        let problem = |name: String| {
            let mut words = name.split(' ').skip(1);
            let status = words.next()?.parse().ok()?;
            let code = words.next().filter(|code| *code != "gateway")?;
            Some((status, code.to_owned()))
        };
        self.response_names()
            .into_iter()
            .filter_map(problem)
            .collect()
    }

    /// Compares a response with the contract, and returns its name.
    ///
    /// # Panics
    /// If the contract does not describe such a response of `operation`.
    #[track_caller]
    pub fn recognize(&self, operation: &str, reply: &Reply) -> String {
        let operations = self.operations();
        let found = operations.iter().find(|it| it.id == operation);
        let found = found.unwrap_or_else(|| panic!("the contract has no operation {operation}"));
        let context = format!("{operation}: {} {}", reply.status, reply.body);
        let content_type = match reply.header("content-type") {
            "" => None,
            // A response to HEAD has the headers of a body, but no body.
            _ if found.method == "HEAD" => None,
            // The contract does not describe the charset.
            content_type => content_type.split(';').next(),
        };
        let described = DescribedResponse::all(&self.document, found);
        let response = described
            .iter()
            .find(|it| it.status == reply.status && it.content_type == content_type)
            .unwrap_or_else(|| panic!("not described as {content_type:?}: {context}"));
        response.check(reply, &context);
        match (content_type, reply.body.get("code").and_then(Value::as_str)) {
            (Some(PROBLEM), Some(code)) => response.name(found, code),
            _ => response.names(found).remove(0),
        }
    }

    /// The errors of all examples that do not match their schemas.
    pub fn broken_examples(&self) -> Vec<String> {
        let mut broken = Vec::new();
        self.document.visit(&mut |pointer, value| {
            if value.get("schema").is_none() {
                return;
            }
            let validator = self.document.validator(&format!("{pointer}/schema"));
            for example in self.document.examples(value) {
                for error in validator.iter_errors(example) {
                    broken.push(format!("{pointer}: {error}"));
                }
            }
        });
        broken
    }

    /// All examples of problems.
    pub fn example_problems(&self) -> Vec<Value> {
        let mut problems = Vec::new();
        self.document.visit(&mut |_, value| {
            if let Some(content) = value.pointer("/content/application~1problem+json") {
                problems.extend(self.document.examples(content).into_iter().cloned());
            }
        });
        problems
    }

    /// The names of all headers that a response may have, in lower case.
    pub fn response_headers(&self) -> BTreeSet<String> {
        let operations = self.operations();
        let responses = operations
            .iter()
            .flat_map(|it| DescribedResponse::all(&self.document, it));
        responses.flat_map(|it| it.headers()).collect()
    }
}
