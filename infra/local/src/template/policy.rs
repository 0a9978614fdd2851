//! Reads the permissions of a function's role from its `Policies`.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// An inline policy. SAM's policy templates and managed policies are not supported, because they
/// would grant more than a function needs.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PolicyDocument {
    pub(super) statement: Vec<Statement>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Statement {
    pub(crate) effect: Effect,
    #[serde(deserialize_with = "one_or_many")]
    pub(crate) action: Vec<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    pub(crate) resource: Vec<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    pub(crate) not_resource: Vec<String>,
    #[serde(default)]
    pub(crate) condition: Conditions,
}

/// The conditions of a statement. Each applies to all values of its condition keys, except
/// `ForAnyValue`. A key without values satisfies all of them except `StringEquals` and `ForAnyValue`.
/// Other conditions are not supported.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Conditions {
    /// Each value matches one of these patterns.
    #[serde(default, rename = "ForAllValues:StringLike")]
    pub(crate) like: BTreeMap<String, Values>,
    /// Each value equals one of these.
    #[serde(default, rename = "ForAllValues:StringEquals")]
    pub(crate) one_of: BTreeMap<String, Values>,
    /// At least one value matches one of these patterns.
    #[serde(default, rename = "ForAnyValue:StringLike")]
    pub(crate) any_like: BTreeMap<String, Values>,
    /// The single value, if it exists, equals one of these.
    #[serde(default, rename = "StringEqualsIfExists")]
    pub(crate) equal: BTreeMap<String, Values>,
    /// The single value exists, and equals one of these.
    #[serde(default, rename = "StringEquals")]
    pub(crate) required: BTreeMap<String, Values>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Values(#[serde(deserialize_with = "one_or_many")] pub(crate) Vec<String>);

/// Whether a statement allows or denies its actions and resources.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}
