use std::collections::BTreeSet;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::Reply;

const SOURCE: &str = include_str!("../../infra/openapi.yaml");

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

/// Headers that an answer has only where the contract says so.
const SPECIAL_HEADERS: [&str; 6] = [
    "content-disposition",
    "idempotent-replayed",
    "link",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
];

/// The HTTP contract, as `infra/openapi.yaml` says it.
pub struct Contract {
    document: Value,
}

/// One method of one path.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its name.
    pub id: String,
    /// Its method, in capitals.
    pub method: String,
    /// Its path with the parameters in braces.
    pub path: String,
    /// The functions that it is sorted under.
    pub tags: Vec<String>,
    /// The scope that a token needs, or `None` where a visitor's token is asked for, or none.
    pub scopes: Option<Vec<String>>,
    /// The names of its parameters, each with its place: `path`, `query` or `header`.
    pub parameters: BTreeSet<(String, String)>,
    pointer: String,
}

/// An answer that the contract describes: one content type of one status.
struct Described<'a> {
    status: u16,
    content_type: Option<&'a str>,
    response: &'a Value,
    /// Where its schema stands.
    schema: Option<String>,
}

impl Contract {
    /// Reads the contract.
    pub fn load() -> Self {
        let document = local::yaml_to_json(SOURCE).expect("infra/openapi.yaml is YAML");
        Self { document }
    }

    /// Everything that can be asked.
    pub fn operations(&self) -> Vec<Operation> {
        let paths = object(&self.document["paths"]);
        let methods = paths.iter().flat_map(|(path, item)| {
            let methods = object(item).keys().filter(|key| *key != "parameters");
            methods.map(move |method| (path, method))
        });
        methods
            .map(|(path, method)| self.operation(path, method))
            .collect()
    }

    /// The names of all answers that are described: `askRating 201`, `askRating 400 invalid_json`,
    /// `askRating 401 gateway`.
    pub fn answers(&self) -> BTreeSet<String> {
        let operations = self.operations();
        let answers = operations.iter().flat_map(|operation| {
            let described = self.described(operation);
            described
                .into_iter()
                .flat_map(|answer| self.names(operation, &answer))
        });
        answers.collect()
    }

    /// All codes of problems with their statuses.
    pub fn problems(&self) -> BTreeSet<(u16, String)> {
        let problem = |name: String| {
            let mut words = name.split(' ').skip(1);
            let status = words.next()?.parse().ok()?;
            let code = words.next().filter(|code| *code != "gateway")?;
            Some((status, code.to_owned()))
        };
        self.answers().into_iter().filter_map(problem).collect()
    }

    /// Holds an answer to `operation` against the contract, and gives its name there.
    #[track_caller]
    pub fn recognise(&self, operation: &str, reply: &Reply) -> String {
        let operations = self.operations();
        let asked = operations.iter().find(|it| it.id == operation);
        let asked = asked.unwrap_or_else(|| panic!("the contract has no operation {operation}"));
        let told = format!("{operation}: {} {}", reply.status, reply.body);
        let content_type = match reply.header("content-type") {
            "" => None,
            // HEAD has the headers of a body that is not there.
            _ if asked.method == "HEAD" => None,
            // The charset is no part of what is described.
            content_type => content_type.split(';').next(),
        };
        let described = self.described(asked);
        let answer = described
            .iter()
            .find(|answer| answer.status == reply.status && answer.content_type == content_type)
            .unwrap_or_else(|| panic!("not described as {content_type:?}: {told}"));
        match &answer.schema {
            Some(schema) => assert_valid(&self.validator(schema), &reply.body, &told),
            None => assert_eq!(reply.body, Value::Null, "{told}"),
        }
        self.check_headers(answer, reply, &told);
        match (content_type, reply.body.get("code").and_then(Value::as_str)) {
            (Some(PROBLEM), Some(code)) => name(asked, answer.status, code),
            _ => self.names(asked, answer).remove(0),
        }
    }

    /// Every example of an answer or a request, with what is wrong with it.
    pub fn broken_examples(&self) -> Vec<String> {
        let mut broken = Vec::new();
        self.visit("", &self.document, &mut |pointer, value| {
            if value.get("schema").is_none() {
                return;
            }
            let validator = self.validator(&format!("{pointer}/schema"));
            for example in self.examples(value) {
                for error in validator.iter_errors(example) {
                    broken.push(format!("{pointer}: {error}"));
                }
            }
        });
        broken
    }

    /// Every problem that stands in the contract as an example.
    pub fn example_problems(&self) -> Vec<Value> {
        let mut problems = Vec::new();
        self.visit("", &self.document, &mut |_, value| {
            if let Some(content) = value.pointer("/content/application~1problem+json") {
                problems.extend(self.examples(content).into_iter().cloned());
            }
        });
        problems
    }

    /// The names of all headers that an answer may have.
    pub fn response_headers(&self) -> BTreeSet<String> {
        let operations = self.operations();
        let answers = operations.iter().flat_map(|it| self.described(it));
        let headers = answers.filter_map(|answer| answer.response.get("headers"));
        let names = headers.flat_map(|headers| object(headers).keys());
        names.map(|name| name.to_lowercase()).collect()
    }

    fn operation(&self, path: &str, method: &str) -> Operation {
        let pointer = format!("/paths/{}/{method}", escaped(path));
        let described = self.at(&pointer);
        let shared = &self.document["paths"][path]["parameters"];
        let parameters = [shared, &described["parameters"]];
        let parameters = parameters.iter().filter_map(|list| list.as_array());
        let parameters = parameters.flatten().map(|it| self.followed(it));
        let security = match array(&described["security"]) {
            [] => None,
            [one] => Some(one),
            _ => panic!("{method} {path} names more than one way to prove oneself"),
        };
        Operation {
            id: text(&described["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            tags: array(&described["tags"]).iter().map(text).collect(),
            scopes: security
                .and_then(|security| security.get("agent"))
                .map(|scopes| array(scopes).iter().map(text).collect()),
            parameters: parameters
                .map(|it| (text(&it["name"]), text(&it["in"])))
                .collect(),
            pointer,
        }
    }

    fn described(&self, operation: &Operation) -> Vec<Described<'_>> {
        let responses = format!("{}/responses", operation.pointer);
        let mut answers = Vec::new();
        for (status, response) in object(self.at(&responses)) {
            let pointer = match response.get("$ref") {
                Some(reference) => text(reference).trim_start_matches('#').to_owned(),
                None => format!("{responses}/{status}"),
            };
            let status = status.parse().expect("a status of HTTP");
            let response = self.at(&pointer);
            match response.get("content") {
                Some(content) => answers.extend(object(content).keys().map(|content_type| {
                    let schema = format!("{pointer}/content/{}/schema", escaped(content_type));
                    Described {
                        status,
                        content_type: Some(content_type),
                        response,
                        schema: Some(schema),
                    }
                })),
                None => answers.push(Described {
                    status,
                    content_type: None,
                    response,
                    schema: None,
                }),
            }
        }
        answers
    }

    /// What the answers of one description are called.
    fn names(&self, operation: &Operation, answer: &Described<'_>) -> Vec<String> {
        let status = answer.status;
        match (answer.content_type, &answer.schema) {
            (Some(PROBLEM), Some(schema)) => {
                let codes = self.codes(self.at(schema)).into_iter();
                codes.map(|code| name(operation, status, &code)).collect()
            }
            (Some(JSON), _) if status >= 400 => vec![name(operation, status, "gateway")],
            _ => vec![format!("{} {status}", operation.id)],
        }
    }

    /// The codes that a problem's schema admits. What stands beside a `$ref` narrows it.
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
            self.codes(self.followed(schema))
        }
    }

    fn check_headers(&self, answer: &Described<'_>, reply: &Reply, told: &str) {
        let described = answer.response.get("headers").cloned();
        let described = described.unwrap_or_else(|| json!({}));
        let described = object(&described);
        for special in SPECIAL_HEADERS {
            let is_described = described.keys().any(|it| it.eq_ignore_ascii_case(special));
            let is_there = !reply.header(special).is_empty();
            assert!(is_described || !is_there, "{special} is new: {told}");
        }
        for (name, header) in described {
            let schema = &self.followed(header)["schema"];
            let value = reply.header(name);
            if value.is_empty() {
                let may_be_absent =
                    name == "Idempotent-Replayed" || answer.content_type != Some(PROBLEM);
                assert!(may_be_absent, "{name} is missing: {told}");
                continue;
            }
            let value = match schema["type"].as_str() {
                Some("integer") => value.parse::<u64>().map_or(json!(value), |it| json!(it)),
                _ => json!(value),
            };
            let validator = jsonschema::draft202012::new(schema).expect("a schema");
            assert_valid(&validator, &value, &format!("{name}, {told}"));
        }
    }

    /// A validator of the schema at `pointer`, whose references lead into the whole document.
    fn validator(&self, pointer: &str) -> Validator {
        let mut schema = self.document.clone();
        let reference = pointer.replace('{', "%7B").replace('}', "%7D");
        schema["$ref"] = json!(format!("#{reference}"));
        jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap_or_else(|error| panic!("{pointer} is no schema: {error}"))
    }

    /// The examples beside a schema.
    fn examples<'a>(&'a self, described: &'a Value) -> Vec<&'a Value> {
        let one = described.get("example").into_iter();
        let named = described.get("examples").and_then(Value::as_object);
        let named = named.into_iter().flat_map(Map::values);
        one.chain(named.map(|example| &self.followed(example)["value"]))
            .collect()
    }

    fn visit<'a>(
        &'a self,
        pointer: &str,
        value: &'a Value,
        visitor: &mut impl FnMut(&str, &'a Value),
    ) {
        visitor(pointer, value);
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    self.visit(&format!("{pointer}/{}", escaped(name)), member, visitor);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.visit(&format!("{pointer}/{index}"), item, visitor);
                }
            }
            _ => {}
        }
    }

    /// What `value` refers to, or itself.
    fn followed<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref") {
            Some(reference) => self.at(text(reference).trim_start_matches('#')),
            None => value,
        }
    }

    fn at(&self, pointer: &str) -> &Value {
        let found = self.document.pointer(pointer);
        found.unwrap_or_else(|| panic!("{pointer} is not in the contract"))
    }
}

fn name(operation: &Operation, status: u16, code: &str) -> String {
    format!("{} {status} {code}", operation.id)
}

#[track_caller]
fn assert_valid(validator: &Validator, value: &Value, told: &str) {
    let errors: Vec<_> = validator
        .iter_errors(value)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?} in {told}");
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}
