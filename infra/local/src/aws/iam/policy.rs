//! Evaluates the statements of a role for a request.

use std::collections::BTreeMap;

use crate::aws::iam::required_permissions::RequiredPermission;
use crate::template::{Conditions, Effect, Statement, Values};

/// The result of the evaluation for one required permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision<'a> {
    /// Allowed, by this action and this resource of a statement.
    Allowed { action: &'a str, resource: &'a str },
    /// Explicitly denied by a statement. This overrides every allow.
    Denied,
    /// Implicitly denied: no statement applies.
    NotAllowed,
}

/// Evaluates all statements. An explicit deny overrides every allow, and without an allow the
/// result is an implicit deny.
pub(super) fn decide<'a>(statements: &'a [Statement], need: &RequiredPermission) -> Decision<'a> {
    let (action, resource) = (need.action.as_str(), need.resource.as_str());
    let of_effect = |effect| {
        let statements = statements.iter();
        let meant = statements.filter(|statement| statement.condition.is_met(need));
        meant.filter(move |statement| statement.effect == effect)
    };
    if of_effect(Effect::Deny).any(|statement| is_denied_by(statement, action, resource)) {
        return Decision::Denied;
    }
    of_effect(Effect::Allow)
        .find_map(|statement| {
            Some(Decision::Allowed {
                action: action_among(&statement.action, action)?,
                resource: resource_among(&statement.resource, resource)?,
            })
        })
        .unwrap_or(Decision::NotAllowed)
}

fn is_denied_by(statement: &Statement, action: &str, resource: &str) -> bool {
    let is_resource = if statement.not_resource.is_empty() {
        resource_among(&statement.resource, resource).is_some()
    } else {
        resource_among(&statement.not_resource, resource).is_none()
    };
    is_resource && action_among(&statement.action, action).is_some()
}

impl Conditions {
    fn is_met(&self, need: &RequiredPermission) -> bool {
        let all = |keys: &BTreeMap<String, Values>, is: fn(&str, &str) -> bool| {
            keys.iter().all(|(key, Values(wanted))| {
                let values = need.context.get(key.as_str());
                let mut values = values.into_iter().flatten();
                values.all(|value| wanted.iter().any(|wanted| is(value, wanted)))
            })
        };
        let any = |(key, Values(wanted)): (&String, &Values)| {
            let values = need.context.get(key.as_str());
            let mut values = values.into_iter().flatten();
            values.any(|value| wanted.iter().any(|wanted| is_like(value, wanted)))
        };
        let exists = |key: &String| {
            let values = need.context.get(key.as_str());
            values.is_some_and(|values| !values.is_empty())
        };
        let is_equal = |value: &str, wanted: &str| value == wanted;
        all(&self.like, is_like)
            && self.any_like.iter().all(any)
            && all(&self.one_of, is_equal)
            && all(&self.equal, is_equal)
            && self.required.keys().all(exists)
            && all(&self.required, is_equal)
    }
}

/// The pattern that matches an action. The match ignores case.
fn action_among<'a>(patterns: &'a [String], action: &str) -> Option<&'a str> {
    let action = action.to_ascii_lowercase();
    let mut patterns = patterns.iter().map(String::as_str);
    patterns.find(|pattern| is_like(&action, &pattern.to_ascii_lowercase()))
}

fn resource_among<'a>(patterns: &'a [String], resource: &str) -> Option<&'a str> {
    let mut patterns = patterns.iter().map(String::as_str);
    patterns.find(|pattern| is_like(resource, pattern))
}

/// Whether `text` matches `pattern`. A `*` matches any characters and a `?` matches one.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut rest = pattern.chars();
    let mut characters = text.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('*') => {
            is_like(text, rest.as_str())
                || (characters.next().is_some() && is_like(characters.as_str(), pattern))
        }
        Some(one) => {
            let character = characters.next();
            let is_one = character == Some(one) || (one == '?' && character.is_some());
            is_one && is_like(characters.as_str(), rest.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn statements() -> Vec<Statement> {
        serde_json::from_value(json!([
            {
                "Effect": "Allow",
                "Action": ["dynamodb:GetItem", "dynamodb:Query"],
                "Resource": "arn:aws:dynamodb:r:1:table/t",
            },
            { "Effect": "Allow", "Action": "ses:*", "Resource": "arn:aws:ses:r:1:identity/*" },
            {
                "Effect": "Deny",
                "Action": "logs:*",
                "NotResource": ["arn:aws:logs:r:1:own"],
            },
            { "Effect": "Deny", "Action": "ses:SendEmail", "Resource": "*/secret@example.com" },
        ]))
        .unwrap()
    }

    fn decided(action: &str, resource: &str) -> &'static str {
        match decide(&statements(), &RequiredPermission::new(action, resource)) {
            Decision::Allowed { .. } => "allowed",
            Decision::Denied => "denied",
            Decision::NotAllowed => "not allowed",
        }
    }

    fn is_allowed(action: &str, resource: &str) -> bool {
        decided(action, resource) == "allowed"
    }

    #[test]
    fn a_statement_allows_actions_only_on_its_resource() {
        assert!(is_allowed("dynamodb:Query", "arn:aws:dynamodb:r:1:table/t"));
        let index = "arn:aws:dynamodb:r:1:table/t/index/i";
        assert!(!is_allowed("dynamodb:Query", index));
        let table = "arn:aws:dynamodb:r:1:table/t";
        assert!(!is_allowed("dynamodb:Scan", table));
    }

    #[test]
    fn a_star_matches_any_characters() {
        assert!(is_allowed("ses:SendEmail", "arn:aws:ses:r:1:identity/a@b"));
        assert!(!is_allowed("ses:SendEmail", "arn:aws:ses:r:1:template/a"));
        assert!(is_like("abcde", "a*c*e") && !is_like("abcd", "a*c*e"));
        assert!(is_like("abc", "a?c") && !is_like("ac", "a?c"));
    }

    #[test]
    fn actions_are_case_insensitive() {
        assert!(is_allowed(
            "DynamoDB:getitem",
            "arn:aws:dynamodb:r:1:table/t"
        ));
    }

    #[test]
    fn a_deny_overrides_an_allow() {
        let resource = "arn:aws:ses:r:1:identity/secret@example.com";
        assert_eq!(decided("ses:SendEmail", resource), "denied");
        assert!(is_allowed("ses:DeleteEmailIdentity", resource));
    }

    #[test]
    fn a_deny_can_exclude_a_resource() {
        let own = decided("logs:PutLogEvents", "arn:aws:logs:r:1:own");
        assert_eq!(own, "not allowed");
        let other = decided("logs:PutLogEvents", "arn:aws:logs:r:1:other");
        assert_eq!(other, "denied");
    }

    #[test]
    fn a_deny_of_any_value_applies_to_one_of_several_keys_and_not_to_a_call_without_keys() {
        let statements: Vec<Statement> = serde_json::from_value(json!([
            { "Effect": "Allow", "Action": "dynamodb:*", "Resource": "arn:t" },
            {
                "Effect": "Deny",
                "Action": "dynamodb:*",
                "Resource": "arn:t*",
                "Condition": { "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": "*#SECRET#*" } },
            },
        ]))
        .unwrap();
        let decided = |keys: &[&str]| {
            let mut need = RequiredPermission::new("dynamodb:BatchGetItem", "arn:t");
            let keys: Vec<_> = keys.iter().map(|key| (*key).to_owned()).collect();
            need.context.insert("dynamodb:LeadingKeys", keys);
            decide(&statements, &need) == Decision::Denied
        };
        assert!(decided(&["a#SECRET#CONNECTIONS"]));
        assert!(decided(&["a#c", "a#SECRET#CONNECTIONS"]));
        assert!(!decided(&["a#c", "SECRET"]));
        assert!(!decided(&[]));
    }

    #[test]
    fn a_role_can_be_passed_only_to_the_service_of_the_condition() {
        let statements: Vec<Statement> = serde_json::from_value(json!([{
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": "arn:r",
            "Condition": { "StringEquals": { "iam:PassedToService": "scheduler.amazonaws.com" } },
        }]))
        .unwrap();
        let is_allowed = |service: Option<&str>| {
            let mut need = RequiredPermission::new("iam:PassRole", "arn:r");
            if let Some(service) = service {
                let values = vec![service.to_owned()];
                need.context.insert("iam:PassedToService", values);
            }
            decide(&statements, &need) != Decision::NotAllowed
        };
        assert!(is_allowed(Some("scheduler.amazonaws.com")));
        assert!(!is_allowed(Some("lambda.amazonaws.com")));
        assert!(!is_allowed(None));
    }

    #[test]
    fn a_condition_applies_to_every_value_of_a_request() {
        let statements: Vec<Statement> = serde_json::from_value(json!([{
            "Effect": "Allow",
            "Action": "dynamodb:Query",
            "Resource": "*",
            "Condition": {
                "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "*#DAYS#*" },
                "ForAllValues:StringEquals": { "dynamodb:Attributes": ["pk", "sk"] },
                "StringEqualsIfExists": { "dynamodb:Select": "SPECIFIC_ATTRIBUTES" },
            },
        }]))
        .unwrap();
        let is_allowed = |context: &[(&'static str, &[&str])]| {
            let mut need = RequiredPermission::new("dynamodb:Query", "arn:t");
            for (key, values) in context {
                let values = values.iter().map(ToString::to_string);
                need.context.insert(key, values.collect());
            }
            decide(&statements, &need) != Decision::NotAllowed
        };
        let (keys, attributes) = ("dynamodb:LeadingKeys", "dynamodb:Attributes");
        assert!(is_allowed(&[(keys, &["main#DAYS#1"])]));
        assert!(!is_allowed(&[(keys, &["main#DAYS#1", "main#c1"])]));
        assert!(is_allowed(&[(attributes, &["sk", "pk"])]));
        assert!(!is_allowed(&[(attributes, &["pk", "sk", "text"])]));
        assert!(!is_allowed(&[("dynamodb:Select", &["ALL_ATTRIBUTES"])]));
    }
}
