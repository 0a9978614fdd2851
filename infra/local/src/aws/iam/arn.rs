//! The ARNs of resources.

use crate::template::{ACCOUNT, REGION};

pub(super) fn table(name: &str) -> String {
    if name.starts_with("arn:") {
        name.to_owned()
    } else {
        in_service("dynamodb", &format!("table/{name}"))
    }
}

pub(super) fn index(table_name: &str, name: &str) -> String {
    format!("{}/index/{name}", table(table_name))
}

pub(super) fn identity(name: &str) -> String {
    in_service("ses", &format!("identity/{name}"))
}

pub(super) fn configuration_set(name: &str) -> String {
    in_service("ses", &format!("configuration-set/{name}"))
}

pub(super) fn schedule(group: &str, name: &str) -> String {
    in_service("scheduler", &format!("schedule/{group}/{name}"))
}

pub(super) fn function(name: &str) -> String {
    in_service("lambda", &format!("function:{name}"))
}

/// The principal that runs a function: a session of its role.
pub(super) fn session(function: &str) -> String {
    format!("arn:aws:sts::{ACCOUNT}:assumed-role/{function}/{function}")
}

fn in_service(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}")
}
