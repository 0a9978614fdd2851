//! The permissions that a request to AWS requires.

use std::collections::BTreeMap;

use axum::http::Method;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::aws::iam::{arn, context};
use crate::aws::query;
use crate::aws::scheduler::DEFAULT_GROUP;
use crate::aws::ses::Mailbox;

/// The path of a schedule, before its name.
const SCHEDULES: &str = "/schedules/";

/// The path of a function, before its name.
const FUNCTIONS: &str = "/2015-03-31/functions/";

/// A required action on a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RequiredPermission {
    pub(super) action: String,
    pub(super) resource: String,
    /// The context keys for conditions, by IAM's names.
    pub(super) context: BTreeMap<&'static str, Vec<String>>,
}

impl RequiredPermission {
    pub(super) fn new(action: impl Into<String>, resource: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            resource: resource.into(),
            context: BTreeMap::new(),
        }
    }

    fn with(mut self, context: BTreeMap<&'static str, Vec<String>>) -> Self {
        self.context = context;
        self
    }
}

/// All permissions that a request requires.
pub(super) fn of(parts: &Parts, body: &Value) -> Vec<RequiredPermission> {
    let target = parts.headers.get("x-amz-target");
    match target.and_then(|target| target.to_str().ok()) {
        Some(target) => {
            let operation = target.split('.').next_back().unwrap_or(target);
            of_dynamodb(operation, body)
        }
        None => {
            let path = parts.uri.path();
            if let Some(name) = path.strip_prefix(SCHEDULES) {
                of_scheduler(parts, name, body)
            } else if let Some(call) = path.strip_prefix(FUNCTIONS) {
                of_lambda(&parts.method, call)
            } else {
                of_ses(&parts.method, path, body)
            }
        }
    }
}

/// A schedule invokes its target with a role, so the caller needs permission to pass that role.
fn of_scheduler(parts: &Parts, name: &str, body: &Value) -> Vec<RequiredPermission> {
    let name = percent_decode_str(name).decode_utf8_lossy();
    let text = |pointer| body.pointer(pointer).and_then(Value::as_str);
    match parts.method.as_str() {
        "POST" => {
            let schedule = arn::schedule(text("/GroupName").unwrap_or(DEFAULT_GROUP), &name);
            let role = text("/Target/RoleArn").unwrap_or_default();
            let service = vec!["scheduler.amazonaws.com".to_owned()];
            let context = BTreeMap::from([("iam:PassedToService", service)]);
            vec![
                RequiredPermission::new("scheduler:CreateSchedule", schedule),
                RequiredPermission::new("iam:PassRole", role).with(context),
            ]
        }
        "DELETE" => {
            let group = query::parameter(&parts.uri, "groupName");
            let schedule = arn::schedule(group.as_deref().unwrap_or(DEFAULT_GROUP), &name);
            vec![RequiredPermission::new(
                "scheduler:DeleteSchedule",
                schedule,
            )]
        }
        method => vec![RequiredPermission::new(
            format!("scheduler:{method} {SCHEDULES}"),
            "*",
        )],
    }
}

fn of_lambda(method: &Method, call: &str) -> Vec<RequiredPermission> {
    vec![match (method.as_str(), call.split_once('/')) {
        ("POST", Some((name, "invocations"))) => {
            RequiredPermission::new("lambda:InvokeFunction", arn::function(name))
        }
        _ => RequiredPermission::new(format!("lambda:{method} {FUNCTIONS}{call}"), "*"),
    }]
}

/// A transaction requires the permissions that each of its items would require on its own.
fn of_dynamodb(operation: &str, body: &Value) -> Vec<RequiredPermission> {
    let actions: &[(&str, &str)] = match operation {
        "TransactGetItems" => &[("Get", "GetItem")],
        "TransactWriteItems" => &[
            ("ConditionCheck", "ConditionCheckItem"),
            ("Delete", "DeleteItem"),
            ("Put", "PutItem"),
            ("Update", "UpdateItem"),
        ],
        _ => &[],
    };
    let items = body.get("TransactItems").and_then(Value::as_array);
    if let (Some(items), false) = (items, actions.is_empty()) {
        let needs = items.iter().flat_map(|item| {
            actions
                .iter()
                .filter_map(|(field, action)| Some(on_table(action, item.get(field)?)))
        });
        return needs.collect();
    }
    let batch = body.get("RequestItems").and_then(Value::as_object);
    match batch {
        Some(tables) => tables
            .iter()
            .map(|(table, input)| {
                let need =
                    RequiredPermission::new(format!("dynamodb:{operation}"), arn::table(table));
                need.with(context::of(operation, input))
            })
            .collect(),
        None => vec![on_table(operation, body)],
    }
}

fn on_table(operation: &str, input: &Value) -> RequiredPermission {
    let text = |name| input.get(name).and_then(Value::as_str);
    let resource = match (text("TableName"), text("IndexName")) {
        (Some(table), Some(index)) => arn::index(table, index),
        (Some(table), None) => arn::table(table),
        (None, _) => "*".to_owned(),
    };
    let need = RequiredPermission::new(format!("dynamodb:{operation}"), resource);
    need.with(context::of(operation, input))
}

fn of_ses(method: &Method, path: &str, body: &Value) -> Vec<RequiredPermission> {
    let text = |name| body.get(name).and_then(Value::as_str);
    let path = path.strip_prefix("/v2/email/").unwrap_or(path);
    let (collection, name) = path.split_once('/').unwrap_or((path, ""));
    let name = percent_decode_str(name).decode_utf8_lossy();
    match (method.as_str(), collection, name.as_ref()) {
        ("POST", "outbound-emails", "") => {
            let from = text("FromEmailAddress").unwrap_or_default();
            let address = Mailbox::parse(from).map(|mailbox| mailbox.address.to_string());
            let identity = arn::identity(&address.unwrap_or_else(|_| from.to_owned()));
            let set = text("ConfigurationSetName").map(arn::configuration_set);
            let resources = std::iter::once(identity).chain(set);
            resources
                .map(|resource| RequiredPermission::new("ses:SendEmail", resource))
                .collect()
        }
        ("POST", "identities", "") => {
            let identity = arn::identity(text("EmailIdentity").unwrap_or_default());
            vec![RequiredPermission::new("ses:CreateEmailIdentity", identity)]
        }
        ("POST", "list-identities", "") => {
            vec![RequiredPermission::new("ses:ListEmailIdentities", "*")]
        }
        ("DELETE", "identities", name) => {
            vec![RequiredPermission::new(
                "ses:DeleteEmailIdentity",
                arn::identity(name),
            )]
        }
        _ => vec![RequiredPermission::new(format!("ses:{method} {path}"), "*")],
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use serde_json::json;

    use super::*;

    fn needs(request: axum::http::request::Builder, body: Value) -> Vec<(String, String)> {
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let needs = of(&parts, &body).into_iter();
        needs.map(|need| (need.action, need.resource)).collect()
    }

    fn dynamodb(operation: &str, body: Value) -> Vec<(String, String)> {
        let target = format!("DynamoDB_20120810.{operation}");
        needs(Request::post("/").header("x-amz-target", target), body)
    }

    fn need(action: &str, resource: &str) -> (String, String) {
        (action.to_owned(), resource.to_owned())
    }

    const TABLE: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/t";

    #[test]
    fn a_transaction_needs_the_permissions_of_its_items() {
        let body = json!({ "TransactItems": [
            { "Put": { "TableName": "t" } },
            { "ConditionCheck": { "TableName": "t" } },
            { "Update": { "TableName": "t" } },
            { "Delete": { "TableName": "t" } },
        ]});
        assert_eq!(
            dynamodb("TransactWriteItems", body),
            [
                need("dynamodb:PutItem", TABLE),
                need("dynamodb:ConditionCheckItem", TABLE),
                need("dynamodb:UpdateItem", TABLE),
                need("dynamodb:DeleteItem", TABLE),
            ]
        );
    }

    #[test]
    fn a_query_of_an_index_needs_the_index_and_not_the_table() {
        let index = format!("{TABLE}/index/i");
        let body = json!({ "TableName": "t", "IndexName": "i" });
        let expected = [need("dynamodb:Query", &index)];
        assert_eq!(dynamodb("Query", body), expected);
    }

    #[test]
    fn a_batch_needs_each_of_its_tables() {
        let body = json!({ "RequestItems": { "t": { "Keys": [] } } });
        let expected = [need("dynamodb:BatchGetItem", TABLE)];
        assert_eq!(dynamodb("BatchGetItem", body), expected);
    }

    #[test]
    fn a_mail_needs_its_sender_and_its_configuration_set() {
        let body = json!({
            "FromEmailAddress": "\"Acme, support\" <help@example.com>",
            "ConfigurationSetName": "set",
        });
        let ses = "arn:aws:ses:us-east-1:000000000000";
        assert_eq!(
            needs(Request::post("/v2/email/outbound-emails"), body),
            [
                need("ses:SendEmail", &format!("{ses}:identity/help@example.com")),
                need("ses:SendEmail", &format!("{ses}:configuration-set/set")),
            ]
        );
    }

    #[test]
    fn an_identity_is_named_in_the_path_or_in_the_body() {
        let identity = "arn:aws:ses:us-east-1:000000000000:identity/a@example.com";
        let deleted = Request::delete("/v2/email/identities/a%40example.com");
        let expected = [need("ses:DeleteEmailIdentity", identity)];
        assert_eq!(needs(deleted, Value::Null), expected);
        let made = Request::post("/v2/email/identities");
        let expected = [need("ses:CreateEmailIdentity", identity)];
        assert_eq!(
            needs(made, json!({ "EmailIdentity": "a@example.com" })),
            expected
        );
    }

    #[test]
    fn listing_identities_needs_permission_for_all_resources() {
        let listed = Request::post("/v2/email/list-identities");
        let expected = [need("ses:ListEmailIdentities", "*")];
        assert_eq!(needs(listed, json!({ "PageSize": 1000 })), expected);
    }

    #[test]
    fn a_new_schedule_needs_its_group_and_the_role_of_its_target() {
        let body = json!({ "GroupName": "g", "Target": { "RoleArn": "arn:aws:iam::1:role/r" } });
        let scheduler = "arn:aws:scheduler:us-east-1:000000000000:schedule";
        assert_eq!(
            needs(Request::post("/schedules/a.b"), body),
            [
                need("scheduler:CreateSchedule", &format!("{scheduler}/g/a.b")),
                need("iam:PassRole", "arn:aws:iam::1:role/r"),
            ]
        );
        let (parts, ()) = Request::post("/schedules/a").body(()).unwrap().into_parts();
        let needs = of(&parts, &json!({}));
        let service = &needs[1].context["iam:PassedToService"];
        assert_eq!(service, &["scheduler.amazonaws.com"]);
    }

    #[test]
    fn an_invocation_needs_its_function() {
        let function = "arn:aws:lambda:us-east-1:000000000000:function:f";
        assert_eq!(
            needs(
                Request::post("/2015-03-31/functions/f/invocations"),
                Value::Null
            ),
            [need("lambda:InvokeFunction", function)]
        );
        let deleted = needs(Request::delete("/2015-03-31/functions/f"), Value::Null);
        assert_eq!(
            deleted,
            [need("lambda:DELETE /2015-03-31/functions/f", "*")]
        );
    }

    #[test]
    fn a_deleted_schedule_needs_its_group() {
        let scheduler = "arn:aws:scheduler:us-east-1:000000000000:schedule";
        for (path, resource) in [
            ("/schedules/a?clientToken=t&groupName=g", "g/a"),
            ("/schedules/a?clientToken=t", "default/a"),
        ] {
            let expected = [need(
                "scheduler:DeleteSchedule",
                &format!("{scheduler}/{resource}"),
            )];
            assert_eq!(
                needs(Request::delete(path), Value::Null),
                expected,
                "{path}"
            );
        }
    }

    #[test]
    fn an_unknown_operation_needs_a_permission_that_no_role_has() {
        let body = json!({ "Statement": "SELECT * FROM t" });
        let expected = [need("dynamodb:ExecuteStatement", "*")];
        assert_eq!(dynamodb("ExecuteStatement", body), expected);
    }
}
