//! What a function's `Policies` allow its role to do.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// A policy that is written out. SAM's policy templates and managed policies are not understood:
/// they would grant more than a function needs.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PolicyDocument {
    pub(super) statement: Vec<Statement>,
}

/// One statement.
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

/// What must hold of a request beside its action and its resource: of each value of each key that is
/// named, if it has any. Other conditions are not understood.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Conditions {
    /// It is like one of these patterns.
    #[serde(default, rename = "ForAllValues:StringLike")]
    pub(crate) like: BTreeMap<String, Values>,
    /// It is one of these.
    #[serde(default, rename = "ForAllValues:StringEquals")]
    pub(crate) one_of: BTreeMap<String, Values>,
    /// The one value there is is one of these.
    #[serde(default, rename = "StringEqualsIfExists")]
    pub(crate) equal: BTreeMap<String, Values>,
}

/// One value or several.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Values(#[serde(deserialize_with = "one_or_many")] pub(crate) Vec<String>);

/// What a statement says of the actions and resources that it names.
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
