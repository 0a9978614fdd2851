//! Reads who may assume a role, and what the role may do.

use serde::Deserialize;
use serde_json::Value;

use crate::template::decode::decoded;
use crate::template::error::TemplateError;
use crate::template::policy::{PolicyDocument, Statement};

/// The properties of an `AWS::IAM::Role`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RoleProperties {
    assume_role_policy_document: Value,
    #[serde(default)]
    policies: Vec<InlinePolicy>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InlinePolicy {
    /// Read only for roles that an emulator assumes, because other roles use conditions that the
    /// emulators do not support.
    policy_document: Value,
}

/// The properties of an `AWS::IAM::Policy`, which belongs to roles.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PolicyProperties {
    /// The names of the roles.
    #[serde(default)]
    pub(super) roles: Vec<String>,
    pub(super) policy_document: PolicyDocument,
}

impl RoleProperties {
    /// Whether the service may assume the role. The conditions of the statement are not checked.
    pub(super) fn trusts(&self, service: &str) -> bool {
        let statements = self.assume_role_policy_document.get("Statement");
        let statements = statements.and_then(Value::as_array);
        statements.into_iter().flatten().any(|statement| {
            let services = statement.pointer("/Principal/Service");
            let is_named = match services {
                Some(Value::Array(services)) => services.iter().any(|it| it == service),
                Some(one) => one == service,
                None => false,
            };
            is_named && statement.get("Effect").is_some_and(|it| it == "Allow")
        })
    }

    /// The statements of its inline policies.
    pub(super) fn statements(&self) -> Result<Vec<Statement>, TemplateError> {
        let mut statements = Vec::new();
        for policy in &self.policies {
            let document: PolicyDocument = decoded(&policy.policy_document)?;
            statements.extend(document.statement);
        }
        Ok(statements)
    }
}
