use std::ops::RangeInclusive;

use domain::{InvalidValue, PersonName};
use errors::{Refusal, RefusalCode};
use serde_json::{Map, Value};

use crate::http::warnings::Warnings;

/// The fields of a JSON object that have not been read yet.
///
/// Each field is taken out once, by the rule of its type. The fields that remain at the end are
/// unknown. A refusal names the field by its path from the body's root, such as
/// `messages[3].author.kind`.
#[derive(Debug)]
pub struct Fields {
    path: String,
    fields: Map<String, Value>,
}

impl Fields {
    /// The fields of a body.
    ///
    /// # Errors
    /// 400 if the body is not JSON, 422 if it is not an object.
    pub fn of_body(body: &[u8]) -> Result<Self, Refusal> {
        let value = serde_json::from_slice(body).map_err(|_| {
            Refusal::new(RefusalCode::InvalidJson, "The body must be JSON in UTF-8.")
        })?;
        match value {
            Value::Object(fields) => Ok(Self {
                path: String::new(),
                fields,
            }),
            _ => Err(Refusal::new(
                RefusalCode::InvalidRequest,
                "The body must be a JSON object.",
            )
            .with_member("field", "")),
        }
    }

    /// The fields of an optional body. An absent body is the same as `{}`.
    ///
    /// # Errors
    /// As [`Fields::of_body`].
    pub fn of_optional_body(body: &[u8]) -> Result<Self, Refusal> {
        if body.is_empty() {
            return Ok(Self {
                path: String::new(),
                fields: Map::new(),
            });
        }
        Self::of_body(body)
    }

    /// Takes the field `name` and converts it with `read`.
    ///
    /// # Errors
    /// 422 if it is missing or breaks its rule.
    pub fn required<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Value) -> Result<T, InvalidValue>,
    ) -> Result<T, Refusal> {
        self.optional(name, read)?
            .ok_or_else(|| self.invalid(name, "is required"))
    }

    /// Takes the field `name` and converts it with `read`. Returns `None` if it is missing.
    ///
    /// # Errors
    /// 422 if it breaks its rule.
    pub fn optional<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Value) -> Result<T, InvalidValue>,
    ) -> Result<Option<T>, Refusal> {
        self.fields
            .remove(name)
            .map(|value| {
                read(&value).map_err(|rule| Refusal::invalid_field(&self.path_of(name), &rule))
            })
            .transpose()
    }

    /// Treats each of the fields `names` as absent if it is `null`, with a warning.
    pub fn drop_nulls(&mut self, names: &[&str], warnings: &mut Warnings) {
        for name in names {
            if self.fields.get(*name).is_some_and(Value::is_null) {
                self.fields.remove(*name);
                self.warn(name, "null is treated as an absent field.", warnings);
            }
        }
    }

    /// Treats the field `name` as absent if it is a blank name, with a warning.
    pub fn drop_blank_name(&mut self, name: &str, warnings: &mut Warnings) {
        let text = self.fields.get(name).and_then(Value::as_str);
        if text.is_some_and(PersonName::is_blank) {
            self.fields.remove(name);
            self.warn(
                name,
                "A blank name is treated as an absent field.",
                warnings,
            );
        }
    }

    /// Removes the field `name` if it is `null`, and returns whether it was.
    pub fn take_null(&mut self, name: &str) -> bool {
        let is_null = self.fields.get(name).is_some_and(Value::is_null);
        if is_null {
            self.fields.remove(name);
        }
        is_null
    }

    /// Warns that the field `name` was not recorded as it was sent.
    pub fn warn(&self, name: &str, detail: impl Into<String>, warnings: &mut Warnings) {
        warnings.add(self.path_of(name), detail);
    }

    /// The object in the field `name`.
    ///
    /// # Errors
    /// 422 if it is missing or not an object.
    pub fn required_object(&mut self, name: &str) -> Result<Self, Refusal> {
        self.optional_object(name)?
            .ok_or_else(|| self.invalid(name, "is required"))
    }

    /// The object in the field `name`, or `None` if it is missing.
    ///
    /// # Errors
    /// 422 if it is not an object.
    pub fn optional_object(&mut self, name: &str) -> Result<Option<Self>, Refusal> {
        self.fields
            .remove(name)
            .map(|value| Self::of_value(value, self.path_of(name)))
            .transpose()
    }

    /// The objects in the array `name`, or `None` if it is missing.
    ///
    /// # Errors
    /// 422 if it is not an array of objects or its length is not within `length`.
    pub fn optional_objects(
        &mut self,
        name: &str,
        length: RangeInclusive<usize>,
    ) -> Result<Option<Vec<Self>>, Refusal> {
        let Some(value) = self.fields.remove(name) else {
            return Ok(None);
        };
        match value {
            Value::Array(elements) if length.contains(&elements.len()) => elements
                .into_iter()
                .enumerate()
                .map(|(index, element)| {
                    Self::of_value(element, format!("{}[{index}]", self.path_of(name)))
                })
                .collect::<Result<_, _>>()
                .map(Some),
            _ => {
                let (least, most) = (length.start(), length.end());
                let rule = format!("must be a list of {least} to {most} objects");
                Err(self.invalid(name, rule))
            }
        }
    }

    /// The objects in the array `name`.
    ///
    /// # Errors
    /// 422 if it is missing, or as [`Fields::optional_objects`].
    pub fn required_objects(
        &mut self,
        name: &str,
        length: RangeInclusive<usize>,
    ) -> Result<Vec<Self>, Refusal> {
        self.optional_objects(name, length)?
            .ok_or_else(|| self.invalid(name, "is required"))
    }

    /// The names of the fields that have not been read yet.
    pub fn names(&self) -> Vec<String> {
        self.fields.keys().cloned().collect()
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 422 if an unknown field remains.
    pub fn finish(self) -> Result<(), Refusal> {
        match self.fields.keys().next() {
            None => Ok(()),
            Some(unknown) => Err(self.invalid(unknown, "is not a recognized field")),
        }
    }

    /// A refusal of the field `name` by `rule`, for rules about several fields.
    pub fn invalid(&self, name: &str, rule: impl Into<String>) -> Refusal {
        Refusal::invalid_field(&self.path_of(name), &InvalidValue::new(rule.into()))
    }

    /// A refusal of the object itself by `rule`.
    pub fn invalid_object(&self, rule: impl Into<String>) -> Refusal {
        Refusal::invalid_field(&self.path, &InvalidValue::new(rule.into()))
    }

    fn of_value(value: Value, path: String) -> Result<Self, Refusal> {
        match value {
            Value::Object(fields) => Ok(Self { path, fields }),
            _ => Err(Refusal::invalid_field(
                &path,
                &InvalidValue::new("must be an object"),
            )),
        }
    }

    /// The path of the field `name`. A long name is cut, because the caller chose it and the
    /// refusal returns it.
    fn path_of(&self, name: &str) -> String {
        let name: String = name.chars().take(64).collect();
        if self.path.is_empty() {
            name
        } else {
            format!("{}.{name}", self.path)
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::AuthorKind;

    use super::*;
    use crate::http::json_values::text;

    fn field_of(refusal: &Refusal) -> &str {
        let mut members = refusal.members().iter();
        let (_, path) = members.find(|(name, _)| *name == "field").unwrap();
        path.as_str().unwrap()
    }

    #[test]
    fn a_refusal_names_the_field_by_its_path() {
        let body = br#"{"messages":[{"author":{"kind":"bot"}},{"author":{"kind":"cat"}}]}"#;
        let mut fields = Fields::of_body(body).unwrap();
        let messages = fields.required_objects("messages", 1..=2).unwrap();
        let refusal = messages
            .into_iter()
            .map(|mut message| {
                message
                    .required_object("author")?
                    .required("kind", text(AuthorKind::parse))
            })
            .collect::<Result<Vec<_>, _>>()
            .unwrap_err();
        assert_eq!(field_of(&refusal), "messages[1].author.kind");
    }

    #[test]
    fn an_unknown_field_is_refused() {
        let fields = Fields::of_body(br#"{"scroe":5}"#).unwrap();
        assert_eq!(field_of(&fields.finish().unwrap_err()), "scroe");
    }

    #[test]
    fn null_is_not_the_same_as_an_absent_field() {
        let mut fields = Fields::of_body(br#"{"name":null}"#).unwrap();
        assert!(fields.optional("name", text(|_| Ok(()))).is_err());
    }

    #[test]
    fn invalid_json_and_a_body_that_is_not_an_object_have_different_codes() {
        for body in [&b"{"[..], b"", b"\xff", b"{\"a\":01}"] {
            assert_eq!(
                Fields::of_body(body).unwrap_err().code(),
                RefusalCode::InvalidJson
            );
        }
        for body in [&b"[]"[..], b"null", b"1"] {
            assert_eq!(
                Fields::of_body(body).unwrap_err().code(),
                RefusalCode::InvalidRequest
            );
        }
    }

    #[test]
    fn json_nested_without_end_is_refused() {
        let bomb = "[".repeat(500_000);
        let refusal = Fields::of_body(bomb.as_bytes()).unwrap_err();
        assert_eq!(refusal.code(), RefusalCode::InvalidJson);
    }
}
