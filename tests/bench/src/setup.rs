use std::collections::BTreeMap;
use std::path::PathBuf;

use local::Deployment;
use serde_json::{Value, json};
use tests::Stack;

use crate::binaries::{self, Build};
use crate::candidate::Candidate;
use crate::endpoint::Endpoint;
use crate::workload::{self, Task};

/// The function that also exists in Python and in Node.
pub(crate) const COMPARED_FUNCTION: &str = "ask-rating";

/// The bare runtime of Rust, on one thread.
pub(crate) const BARE: &str = "hello, one thread";

/// The programs to measure, and their environment.
pub(crate) struct Setup {
    /// The endpoint for all calls to AWS.
    pub(crate) aws: Endpoint,
    /// The product's functions by name.
    pub(crate) functions: BTreeMap<String, Candidate>,
    /// Functions without calls to AWS: one with the runtime only, and one with `lambda_http`.
    pub(crate) hello: Candidate,
    pub(crate) hello_http: Candidate,
    /// The runtime only, on one thread as in the product's functions.
    pub(crate) bare: Candidate,
    /// The program that sends [`COMPARED_FUNCTION`]'s request to AWS without a runtime.
    pub(crate) limit: PathBuf,
    /// The file that contains this request.
    pub(crate) request: PathBuf,
    stack: Stack,
    deployment: Deployment,
}

impl Setup {
    /// Builds all programs, always including [`COMPARED_FUNCTION`], and records the responses of AWS.
    pub(crate) async fn prepare(build: &Build) -> Self {
        let options = Stack::options_for_platforms();
        let deployment = Deployment::load(&options).expect("the template is valid");
        let stack = Stack::start_with(options).await;
        let mut tasks = workload::tasks(&stack, &deployment).await;
        let aws = Endpoint::start(stack.url()).await;
        let build = build.with(COMPARED_FUNCTION);
        let binaries = build.functions(deployment.functions());

        let mut functions = BTreeMap::new();
        for (function, path) in binaries {
            let task = tasks.remove(&function);
            let task = task.or_else(|| workload::task_by_example(&deployment, &function));
            let task = task.unwrap_or_else(|| panic!("src/workload.rs has no task for {function}"));
            let environment = deployment.environment(&function, &aws.url());
            let environment = environment.expect("the template has the function");
            let name = match task.variant {
                Some(variant) => format!("{function}, {variant}"),
                None => function,
            };
            let candidate = Candidate::new(&name, &path, environment, &task);
            functions.insert(name, candidate.trusting(&aws));
        }
        let floor = binaries::floor();
        let hello = functions[COMPARED_FUNCTION].task.event.clone();
        let hello = |name, path: &str| {
            let task = Task::request(hello.clone(), 200);
            Candidate::new(name, &floor.join(path), [].into(), &task)
        };
        let mut setup = Self {
            hello: hello("hello", "hello"),
            hello_http: hello("hello, lambda_http", "hello-http"),
            bare: hello(BARE, "bare"),
            limit: floor.join("limit"),
            request: aws.root().with_file_name("request.http"),
            aws,
            functions,
            stack,
            deployment,
        };
        setup.record_responses().await;
        setup
    }

    async fn record_responses(&mut self) {
        for (name, candidate) in &self.functions {
            let sandbox = candidate.start().await;
            candidate.handle_task(&sandbox).await;
            sandbox.kill().await;
            if name == COMPARED_FUNCTION {
                std::fs::write(&self.request, self.aws.last_request())
                    .expect("the request is written");
            }
        }
    }
}

impl Setup {
    /// The responses of a variant of [`COMPARED_FUNCTION`] and its transaction, without times and ids.
    pub(crate) async fn responses_of(&self, candidate: &Candidate) -> (Vec<Value>, Value) {
        let id = candidate.name.replace([' ', ','], "-");
        self.stack.conversation(&id).await;
        let voice = format!("voice-of-{id}");
        let path = format!("/v1/conversations/{voice}");
        let platform = self.stack.platform().await;
        platform
            .put(&path, json!({ "channel": "voice" }))
            .await
            .expect(201);

        let sandbox = candidate.start().await;
        let mut responses = Vec::new();
        let mut written = Value::Null;
        let unknown = format!("unknown-to-{id}");
        for (conversation, status) in [(&id, 201), (&id, 429), (&unknown, 404), (&voice, 409)] {
            let candidate = Candidate {
                task: workload::rating_request(&self.deployment, conversation, status),
                ..candidate.clone()
            };
            let response = candidate.response(&sandbox).await;
            assert!(
                candidate.task.accepts(&response),
                "{}: {response}",
                candidate.name
            );
            let mut response: Value = serde_json::from_str(&response).expect("JSON");
            let body = response["body"].as_str().unwrap_or_default();
            response["body"] = serde_json::from_str(body).expect("a body is JSON");
            responses.push(comparable(&response, &id));
            if status == 201 {
                let body = serde_json::from_slice(&self.aws.last_body()).expect("JSON");
                written = comparable(&body, &id);
            }
        }
        sandbox.kill().await;
        (responses, written)
    }
}

/// The parts of `value` that are the same in two runs: `name` is removed, digits become zero, and ids
/// of at least 32 hexadecimal digits become `(id)`.
fn comparable(value: &Value, name: &str) -> Value {
    match value {
        Value::String(text) => masked(&text.replace(name, "")).into(),
        Value::Array(values) => values.iter().map(|value| comparable(value, name)).collect(),
        Value::Object(members) => members
            .iter()
            // Some programs omit empty members.
            .filter(|(_, value)| !is_empty(value))
            .map(|(key, value)| (key.to_ascii_lowercase(), comparable(value, name)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn masked(text: &str) -> String {
    let is_part_of_id = |character: char| character.is_ascii_hexdigit() || character == '-';
    let words = text.split_inclusive(|character| !is_part_of_id(character));
    let words = words.map(|word| {
        let id = word.trim_end_matches(|character| !is_part_of_id(character));
        if id.len() >= 32 {
            word.replace(id, "(id)")
        } else {
            word.replace(|character: char| character.is_ascii_digit(), "0")
        }
    });
    words.collect()
}

impl Candidate {
    /// A candidate that trusts the endpoint's certificate as AWS's.
    fn trusting(self, aws: &Endpoint) -> Self {
        let root = aws.root().to_str().expect("a path in UTF-8");
        self.with_variable("AWS_CA_BUNDLE", root)
    }
}
