use std::collections::BTreeMap;
use std::path::PathBuf;

use local::Deployment;
use serde_json::{Value, json};
use tests::Stack;

use crate::binaries::{self, Build};
use crate::candidate::Candidate;
use crate::endpoint::Endpoint;
use crate::workload::{self, Task};

/// The function that is written for Python and Node, too.
pub(crate) const RIVALLED: &str = "ask-rating";

/// The bare runtime of Rust, on one thread.
pub(crate) const BARE: &str = "hello, one thread";

/// Everything that is measured, ready to start.
pub(crate) struct Setting {
    /// Which answers all calls.
    pub(crate) aws: Endpoint,
    /// Afterchat's functions, by name.
    pub(crate) functions: BTreeMap<String, Candidate>,
    /// A function of the runtime alone, and one of `lambda_http`, that call nobody.
    pub(crate) hello: Candidate,
    pub(crate) hello_http: Candidate,
    /// A function of the runtime alone, on one thread as the functions are.
    pub(crate) bare: Candidate,
    /// What sends [`RIVALLED`]'s request to AWS, without a runtime.
    pub(crate) limit: PathBuf,
    /// The file of that request.
    pub(crate) request: PathBuf,
    stack: Stack,
    deployment: Deployment,
}

impl Setting {
    /// Builds all programs, [`RIVALLED`] in any case, and has the endpoint learn what AWS answers them.
    pub(crate) async fn prepare(build: &Build) -> Self {
        let options = Stack::options();
        let deployment = Deployment::load(&options).expect("the template is understood");
        let stack = Stack::start_with(options).await;
        let mut tasks = workload::tasks(&stack, &deployment).await;
        let aws = Endpoint::start(stack.url()).await;
        let build = build.with(RIVALLED);
        let binaries = build.functions(deployment.functions());

        let mut functions = BTreeMap::new();
        for (function, path) in binaries {
            let task = tasks.remove(&function);
            let task = task.or_else(|| workload::task_by_example(&deployment, &function));
            let task = task.unwrap_or_else(|| panic!("src/workload.rs has no task for {function}"));
            let environment = deployment.environment(&function, &aws.url());
            let environment = environment.expect("the template has the function");
            let name = match task.what {
                Some(what) => format!("{function}, {what}"),
                None => function,
            };
            let candidate = Candidate::new(&name, &path, environment, &task);
            functions.insert(name, candidate.believing(&aws));
        }
        let floor = binaries::floor();
        let hello = functions[RIVALLED].task.event.clone();
        let hello = |name, path: &str| {
            let task = Task::request(hello.clone(), 200);
            Candidate::new(name, &floor.join(path), [].into(), &task)
        };
        let mut setting = Self {
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
        setting.learn().await;
        setting
    }

    async fn learn(&mut self) {
        for (name, candidate) in &self.functions {
            let sandbox = candidate.start().await;
            candidate.ask(&sandbox).await;
            sandbox.kill().await;
            if name == RIVALLED {
                std::fs::write(&self.request, self.aws.last_request()).expect("it is written");
            }
        }
    }
}

impl Setting {
    /// What a candidate for [`RIVALLED`] answers, and what it writes, without what differs each time.
    pub(crate) async fn answers_of(&self, candidate: &Candidate) -> (Vec<Value>, Value) {
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
        let mut answers = Vec::new();
        let mut written = Value::Null;
        let unknown = format!("unknown-to-{id}");
        for (conversation, status) in [(&id, 201), (&id, 429), (&unknown, 404), (&voice, 409)] {
            let candidate = Candidate {
                task: workload::ask(&self.deployment, conversation, status),
                ..candidate.clone()
            };
            let response = candidate.response(&sandbox).await;
            assert!(
                candidate.task.is_done_by(&response),
                "{}: {response}",
                candidate.name
            );
            let mut response: Value = serde_json::from_str(&response).expect("JSON");
            let body = response["body"].as_str().unwrap_or_default();
            response["body"] = serde_json::from_str(body).expect("a body is JSON");
            answers.push(comparable(&response, &id));
            if status == 201 {
                let body = serde_json::from_slice(&self.aws.last_body()).expect("JSON");
                written = comparable(&body, &id);
            }
        }
        sandbox.kill().await;
        (answers, written)
    }
}

/// `value` with all digits zero, each id of 32 hexadecimal digits or more called that, and `name` left
/// out: what two runs of the same thing have in common.
fn comparable(value: &Value, name: &str) -> Value {
    match value {
        Value::String(text) => masked(&text.replace(name, "")).into(),
        Value::Array(values) => values.iter().map(|value| comparable(value, name)).collect(),
        Value::Object(members) => members
            .iter()
            // What says nothing, some leave out.
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
    /// The same, which takes the endpoint's certificate for AWS's.
    fn believing(self, aws: &Endpoint) -> Self {
        let root = aws.root().to_str().expect("a path in UTF-8");
        self.with_variable("AWS_CA_BUNDLE", root)
    }
}
