use jsonschema::Validator;
use serde_json::{Map, Value, json};

const SOURCE: &str = include_str!("../../../infra/openapi.yaml");

/// The document of the contract, with its references.
pub(super) struct Document(Value);

impl Document {
    pub(super) fn load() -> Self {
        Self(local::yaml_to_json(SOURCE).expect("infra/openapi.yaml is YAML"))
    }

    /// The value at a JSON pointer.
    pub(super) fn at(&self, pointer: &str) -> &Value {
        let found = self.0.pointer(pointer);
        found.unwrap_or_else(|| panic!("{pointer} is not in the contract"))
    }

    /// The value that `value` refers to, or `value` itself.
    pub(super) fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref") {
            Some(reference) => self.at(text(reference).trim_start_matches('#')),
            None => value,
        }
    }

    /// The examples beside a schema, in the order of their names.
    pub(super) fn examples<'a>(&'a self, described: &'a Value) -> Vec<&'a Value> {
        let one = described.get("example").into_iter();
        let named = described.get("examples").and_then(Value::as_object);
        let named = named.into_iter().flat_map(Map::values);
        one.chain(named.map(|example| &self.resolve(example)["value"]))
            .collect()
    }

    /// A validator of the schema at `pointer`.
    pub(super) fn validator(&self, pointer: &str) -> Validator {
        let mut schema = self.0.clone();
        let reference = pointer.replace('{', "%7B").replace('}', "%7D");
        schema["$ref"] = json!(format!("#{reference}"));
        jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap_or_else(|error| panic!("{pointer} is not a schema: {error}"))
    }

    /// Calls `visitor` with each value of the document and its JSON pointer.
    pub(super) fn visit<'a>(&'a self, visitor: &mut impl FnMut(&str, &'a Value)) {
        visit("", &self.0, visitor);
    }
}

fn visit<'a>(pointer: &str, value: &'a Value, visitor: &mut impl FnMut(&str, &'a Value)) {
    visitor(pointer, value);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                visit(&format!("{pointer}/{}", escape(name)), member, visitor);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(&format!("{pointer}/{index}"), item, visitor);
            }
        }
        _ => {}
    }
}

/// Escapes a key for a JSON pointer.
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

pub(super) fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}

pub(super) fn array(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}
