//! Reads the resources of the template.

use std::time::Duration;

use serde_json::{Value, json};

use crate::template::decode::decoded;
use crate::template::error::TemplateError;
use crate::template::function_properties::{
    FunctionGlobals, FunctionProperties, LAMBDA_DEFAULT_TIMEOUT,
};
use crate::template::intrinsics::Scope;
use crate::template::resources::{Function, SchedulerResources, Table};
use crate::template::role::{PolicyProperties, RoleProperties};

/// Reads resources with their intrinsic functions resolved.
pub(super) struct Reader<'a> {
    pub(super) template: &'a Value,
    pub(super) scope: Scope<'a>,
}

impl Reader<'_> {
    /// The logical IDs and resolved properties of all resources of type `kind`.
    pub(super) fn all(&self, kind: &str) -> Result<Vec<(String, Value)>, TemplateError> {
        let resources = self.template.get("Resources").and_then(Value::as_object);
        resources
            .into_iter()
            .flatten()
            .filter(|(_, resource)| resource.get("Type").is_some_and(|it| it == kind))
            .map(|(id, resource)| {
                let properties = resource.get("Properties").unwrap_or(&Value::Null);
                Ok((id.clone(), self.scope.resolve(properties)?))
            })
            .collect()
    }

    /// The logical ID and the resolved properties of the one resource of type `kind`.
    pub(super) fn only(&self, kind: &str) -> Result<(String, Value), TemplateError> {
        match self.all(kind)?.as_slice() {
            [resource] => Ok(resource.clone()),
            others => {
                let count = others.len();
                Err(TemplateError::new(format!(
                    "the template must have one {kind}, and has {count}"
                )))
            }
        }
    }

    /// The function with these properties and the template's `Globals`.
    pub(super) fn function(
        &self,
        id: &str,
        declared: FunctionProperties,
    ) -> Result<Function, TemplateError> {
        let globals = self
            .template
            .pointer("/Globals/Function")
            .unwrap_or(&Value::Null);
        let globals: FunctionGlobals = decoded(&self.scope.resolve(globals)?)?;
        let mut environment = globals.environment.variables;
        environment.extend(declared.environment.variables);
        let environment = environment
            .into_iter()
            .map(|(name, value)| match value {
                Value::String(text) => (name, text),
                other => (name, other.to_string()),
            })
            .collect();
        let seconds = declared
            .timeout
            .or(globals.timeout)
            .unwrap_or(LAMBDA_DEFAULT_TIMEOUT);
        let policies = declared.policies.into_iter();
        Ok(Function {
            arn: self.arn(id)?,
            timeout: Duration::from_secs(seconds),
            environment,
            policy: policies.flat_map(|it| it.statement).collect(),
        })
    }

    /// The names of the schedule groups, and the roles that the scheduler may assume.
    pub(super) fn scheduler_resources(&self) -> Result<SchedulerResources, TemplateError> {
        let mut found = SchedulerResources::default();
        for (id, _) in self.all("AWS::Scheduler::ScheduleGroup")? {
            found.groups.insert(self.name(&id)?);
        }
        for (id, properties) in self.all("AWS::IAM::Role")? {
            let role: RoleProperties = decoded(&properties)?;
            if role.trusts("scheduler.amazonaws.com") {
                let mut statements = role.statements()?;
                let name = self.name(&id)?;
                for (_, properties) in self.all("AWS::IAM::Policy")? {
                    let policy: PolicyProperties = decoded(&properties)?;
                    if policy.roles.contains(&name) {
                        statements.extend(policy.policy_document.statement);
                    }
                }
                found.roles.insert(self.arn(&id)?, statements);
            }
        }
        Ok(found)
    }

    /// The name and the ARN of each event bus.
    pub(super) fn event_buses(&self) -> Result<Vec<String>, TemplateError> {
        let mut names = Vec::new();
        for (id, _) in self.all("AWS::Events::EventBus")? {
            names.extend([self.name(&id)?, self.arn(&id)?]);
        }
        Ok(names)
    }

    fn name(&self, id: &str) -> Result<String, TemplateError> {
        decoded(&self.scope.resolve(&json!({ "Ref": id }))?)
    }

    fn arn(&self, id: &str) -> Result<String, TemplateError> {
        decoded(&self.scope.resolve(&json!({ "Fn::GetAtt": [id, "Arn"] }))?)
    }

    /// The table of the template.
    pub(super) fn table(&self) -> Result<Table, TemplateError> {
        let (id, properties) = self.only("AWS::DynamoDB::Table")?;
        let name: String = decoded(&self.scope.resolve(&json!({"Ref": id}))?)?;
        let mut definition = json!({"TableName": name});
        for property in [
            "AttributeDefinitions",
            "BillingMode",
            "KeySchema",
            "LocalSecondaryIndexes",
            "GlobalSecondaryIndexes",
        ] {
            if let (Some(value), Some(fields)) =
                (properties.get(property), definition.as_object_mut())
            {
                fields.insert(property.to_owned(), value.clone());
            }
        }
        if let (Some(view), Some(fields)) = (
            properties.pointer("/StreamSpecification/StreamViewType"),
            definition.as_object_mut(),
        ) {
            let stream = json!({"StreamEnabled": true, "StreamViewType": view});
            fields.insert("StreamSpecification".to_owned(), stream);
        }
        let time_to_live = properties
            .get("TimeToLiveSpecification")
            .filter(|it| it.get("Enabled").is_some_and(|enabled| enabled == true))
            .and_then(|it| it.get("AttributeName"))
            .map(decoded)
            .transpose()?;
        Ok(Table {
            name,
            definition,
            time_to_live,
        })
    }
}
