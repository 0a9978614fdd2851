use std::collections::BTreeSet;

use serde_json::Value;

use crate::contract::document::{Document, array, escape, object, text};

/// One method of one path.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// The method, in capital letters.
    pub method: String,
    /// The path, with its parameters in braces.
    pub path: String,
    /// The folders of the functions that handle it.
    pub tags: Vec<String>,
    /// The scopes that an agent's token needs. `None` if the operation accepts no agent's token.
    pub scopes: Option<Vec<String>>,
    /// The names of the parameters, each with its place: `path`, `query` or `header`.
    pub parameters: BTreeSet<(String, String)>,
    /// The body of the contract's first example of a request. `None` if there is no body.
    pub example_body: Option<Value>,
    /// The required parameters of the path and the query.
    required: Vec<Parameter>,
    /// The JSON pointer of the operation in the document.
    pub(super) pointer: String,
}

#[derive(Clone, Debug)]
struct Parameter {
    name: String,
    place: String,
    /// The contract's first example of a value.
    example: String,
}

impl Operation {
    /// Every operation of the contract. Those that delete come after the others, and those that
    /// erase conversations come last.
    pub(super) fn all(document: &Document) -> Vec<Self> {
        let paths = object(document.at("/paths"));
        let methods = paths.iter().flat_map(|(path, item)| {
            let methods = object(item).keys().filter(|key| *key != "parameters");
            methods.map(move |method| (path, method))
        });
        let mut all: Vec<_> = methods
            .map(|(path, method)| Self::read(document, path, method))
            .collect();
        all.sort_by_key(|it| {
            let scopes = it.scopes.iter().flatten();
            let erases = scopes
                .into_iter()
                .any(|scope| scope == "conversations:erase");
            (erases, it.method == "DELETE")
        });
        all
    }

    fn read(document: &Document, path: &str, method: &str) -> Self {
        let path_pointer = format!("/paths/{}", escape(path));
        let pointer = format!("{path_pointer}/{method}");
        let described = document.at(&pointer);
        let shared = &document.at(&path_pointer)["parameters"];
        let parameters = [shared, &described["parameters"]];
        let parameters = parameters.iter().filter_map(|list| list.as_array());
        let parameters: Vec<_> = parameters
            .flatten()
            .map(|it| document.resolve(it))
            .collect();
        let security = match array(&described["security"]) {
            [] => None,
            [one] => Some(one),
            _ => panic!("{method} {path} accepts more than one kind of token"),
        };
        let body = document.resolve(&described["requestBody"]);
        let body = body.pointer("/content/application~1json");
        Self {
            id: text(&described["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            tags: array(&described["tags"]).iter().map(text).collect(),
            scopes: security
                .and_then(|security| security.get("agent"))
                .map(|scopes| array(scopes).iter().map(text).collect()),
            parameters: parameters
                .iter()
                .map(|it| (text(&it["name"]), text(&it["in"])))
                .collect(),
            example_body: body.map(|body| {
                let examples = document.examples(body);
                let first = examples.first();
                (*first.unwrap_or_else(|| panic!("{method} {path} has no example of a body")))
                    .clone()
            }),
            required: parameters
                .iter()
                .filter(|it| it["required"] == true && it["in"] != "header")
                .map(|it| Parameter::read(document, it))
                .collect(),
            pointer,
        }
    }

    /// The path and the query of a request, with the contract's examples of the required
    /// parameters. A value in `values` replaces the example of the parameter with its name.
    pub fn example_path(&self, values: &[(&str, &str)]) -> String {
        let mut path = self.path.clone();
        let mut query = Vec::new();
        for parameter in &self.required {
            let replaced = values.iter().find(|(name, _)| *name == parameter.name);
            let value = replaced.map_or(parameter.example.as_str(), |(_, value)| *value);
            match parameter.place.as_str() {
                "path" => path = path.replace(&format!("{{{}}}", parameter.name), value),
                _ => query.push(format!("{}={value}", parameter.name)),
            }
        }
        match query.as_slice() {
            [] => path,
            query => format!("{path}?{}", query.join("&")),
        }
    }

    /// The path and the query of a request whose required parameters all have this value.
    pub fn path_with_all_parameters(&self, value: &str) -> String {
        let required = self.required.iter();
        let values: Vec<_> = required.map(|it| (it.name.as_str(), value)).collect();
        self.example_path(&values)
    }
}

impl Parameter {
    fn read(document: &Document, parameter: &Value) -> Self {
        let name = text(&parameter["name"]);
        let examples = document.examples(parameter);
        let example = examples.first();
        let example = example.unwrap_or_else(|| panic!("the parameter {name} has no example"));
        Self {
            example: text(example),
            place: text(&parameter["in"]),
            name,
        }
    }
}
