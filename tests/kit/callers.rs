use reqwest::RequestBuilder;

use crate::{Caller, Operation, Stack};

/// The callers of one stack: an agent, and the visitor of the conversation `c1`.
pub struct Callers {
    /// An agent with all scopes but `agents:act`.
    pub agent: Caller,
    /// The visitor of `c1`.
    pub visitor: Caller,
}

impl Callers {
    /// Records the conversation `c1` on `stack`.
    pub async fn of(stack: &Stack) -> Self {
        Self {
            visitor: stack.conversation("c1").await,
            agent: stack.agent("kim").await,
        }
    }

    /// The caller whose token an operation accepts.
    pub fn caller(&self, operation: &Operation) -> &Caller {
        match operation.scopes {
            Some(_) => &self.agent,
            None => &self.visitor,
        }
    }

    /// A request for `operation` to `path`, with the contract's example of a body.
    pub fn request(&self, operation: &Operation, path: &str) -> RequestBuilder {
        self.caller(operation).request_by_example(operation, path)
    }
}

impl Caller {
    /// A request for `operation` to `path`, with the contract's example of a body.
    pub fn request_by_example(&self, operation: &Operation, path: &str) -> RequestBuilder {
        let method = operation.method.parse().expect("an HTTP method");
        let request = self.request(method, path);
        match &operation.example_body {
            Some(body) => request.json(body),
            None => request,
        }
    }
}
