use domain::Timestamp;
use serde_json::{Map, Value};

use crate::payload::error::DecodeError;

/// A JSON object, with its path within the payload.
///
/// Members are read one by one. An absent member and `null` are the same. A member of another type
/// is an error, because a message whose `private` is misread would become public.
#[derive(Clone, Debug)]
pub(super) struct Object<'a> {
    members: &'a Map<String, Value>,
    path: String,
}

impl<'a> Object<'a> {
    pub(super) fn of_payload(payload: &'a Value) -> Result<Self, DecodeError> {
        let members = payload.as_object().ok_or(DecodeError::NotAnObject)?;
        let path = String::new();
        Ok(Self { members, path })
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Whether the member exists, even as `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    pub(super) fn unreadable(&self, name: &str, expected: &'static str) -> DecodeError {
        let path = self.path_of(name);
        DecodeError::Unreadable { path, expected }
    }

    fn read<T>(
        &self,
        name: &str,
        expected: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, DecodeError> {
        self.get(name)
            .map(|value| read(value).ok_or_else(|| self.unreadable(name, expected)))
            .transpose()
    }

    /// The value of a member that must exist.
    pub(super) fn required<T>(&self, name: &str, value: Option<T>) -> Result<T, DecodeError> {
        let path = || self.path_of(name);
        value.ok_or_else(|| DecodeError::Missing { path: path() })
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, DecodeError> {
        self.read(name, "a string", Value::as_str)
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, DecodeError> {
        self.read(name, "a boolean", Value::as_bool)
    }

    pub(super) fn id(&self, name: &str) -> Result<Option<u64>, DecodeError> {
        self.read(name, "an id", |value| match value {
            Value::String(digits) => digits.parse().ok(),
            _ => value.as_u64(),
        })
    }

    pub(super) fn time(&self, name: &str) -> Result<Option<Timestamp>, DecodeError> {
        self.read(name, "a time", read_time)
    }

    pub(super) fn object(&self, name: &str) -> Result<Option<Self>, DecodeError> {
        let path = || self.path_of(name);
        self.read(name, "an object", |value| {
            let members = value.as_object()?;
            let path = path();
            Some(Self { members, path })
        })
    }

    /// An object that older servers send as a string of JSON, or as an empty list or string if it
    /// has no members.
    pub(super) fn loose_members(&self, name: &str) -> Result<Map<String, Value>, DecodeError> {
        let members = self.read(name, "an object", |value| match value {
            Value::Object(members) => Some(members.clone()),
            Value::Array(list) if list.is_empty() => Some(Map::new()),
            Value::String(text) if text.is_empty() => Some(Map::new()),
            Value::String(text) => serde_json::from_str(text).ok(),
            _ => None,
        })?;
        Ok(members.unwrap_or_default())
    }

    /// The objects of a list. `null` elements are left out.
    pub(super) fn objects(&self, name: &str) -> Result<Option<Vec<Self>>, DecodeError> {
        let Some(list) = self.read(name, "a list", Value::as_array)? else {
            return Ok(None);
        };
        let elements = list.iter().enumerate().filter(|(_, it)| !it.is_null());
        let objects = elements.map(|(position, element)| {
            let path = self.path_of(&format!("{name}[{position}]"));
            let expected = "an object";
            match element.as_object() {
                Some(members) => Ok(Self { members, path }),
                None => Err(DecodeError::Unreadable { path, expected }),
            }
        });
        objects.collect::<Result<_, _>>().map(Some)
    }

    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, DecodeError> {
        self.read(name, "a list of strings", |value| {
            let texts = value.as_array()?.iter();
            texts.map(|it| it.as_str().map(ToOwned::to_owned)).collect()
        })
    }
}

/// Reads a time in Unix seconds with or without decimals, or as text in RFC 3339 or Ruby's format.
fn read_time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(seconds) => Timestamp::from_epoch_seconds(seconds),
            None => from_decimal(number.as_f64()?),
        },
        Value::String(text) => Timestamp::parse(text)
            .ok()
            .or_else(|| {
                let (date, time) = text.strip_suffix(" UTC")?.split_once(' ')?;
                Timestamp::parse(&format!("{date}T{time}Z")).ok()
            })
            .or_else(|| from_decimal(text.parse().ok()?)),
        _ => None,
    }
}

/// Rounds to the nearest millisecond, because a decimal such as 1772442904.123 has no exact binary
/// form and may be slightly less.
fn from_decimal(seconds: f64) -> Option<Timestamp> {
    let milliseconds = (seconds * 1000.0).round();
    let is_in_range = (0.0..1e15).contains(&milliseconds);
    is_in_range
        .then_some(milliseconds as i64)
        .and_then(Timestamp::from_epoch_milliseconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn time(value: Value) -> Option<String> {
        read_time(&value).map(|time| time.to_string())
    }

    #[test]
    fn a_time_is_read_in_each_form_that_chatwoot_uses() {
        for (value, expected) in [
            (json!(1_772_442_904), "2026-03-02T09:15:04.000Z"),
            (json!(1_772_442_904.123_456), "2026-03-02T09:15:04.123Z"),
            (json!(1_772_442_904.999_6), "2026-03-02T09:15:05.000Z"),
            (
                json!("2026-03-02T09:15:04.123Z"),
                "2026-03-02T09:15:04.123Z",
            ),
            (
                json!("2026-03-02T10:15:04+01:00"),
                "2026-03-02T09:15:04.000Z",
            ),
            (json!("2026-03-02 09:15:04 UTC"), "2026-03-02T09:15:04.000Z"),
            (json!("1772442904"), "2026-03-02T09:15:04.000Z"),
            (json!("1772442904.5"), "2026-03-02T09:15:04.500Z"),
        ] {
            assert_eq!(time(value.clone()).as_deref(), Some(expected), "{value}");
        }
        for value in [
            json!(-1),
            json!(-0.5),
            json!(1e300),
            json!(u64::MAX),
            json!("nan"),
            json!("inf"),
            json!("yesterday"),
            json!(" UTC"),
            json!(""),
            json!([1]),
        ] {
            assert_eq!(time(value.clone()), None, "{value}");
        }
    }

    #[test]
    fn an_error_names_the_path_and_not_the_value() {
        let payload = json!({"a": {"b": [null, {"c": "secret"}], "n": null}});
        let payload = Object::of_payload(&payload).unwrap();
        let a = payload.object("a").unwrap().unwrap();
        let b = a.objects("b").unwrap().unwrap();
        assert_eq!(
            b[0].id("c").unwrap_err().to_string(),
            "`a.b[1].c` must be an id"
        );
        let missing = a.required("n", a.text("n").unwrap()).unwrap_err();
        assert_eq!(missing.to_string(), "`a.n` is required");
        assert!(a.has("n") && !a.has("o"));
        let unreadable = payload.text("a").unwrap_err();
        assert_eq!(unreadable.to_string(), "`a` must be a string");
    }

    #[test]
    fn an_id_is_a_number_or_a_text_of_digits() {
        let payload = json!({"number": 7, "text": "8", "negative": -1, "decimal": 1.5});
        let payload = Object::of_payload(&payload).unwrap();
        assert_eq!(payload.id("number"), Ok(Some(7)));
        assert_eq!(payload.id("text"), Ok(Some(8)));
        assert!(payload.id("negative").is_err());
        assert!(payload.id("decimal").is_err());
    }
}
