//! How IAM decides on a request by the statements of a role.

use crate::template::{Effect, Statement};

/// What the statements say of an action on a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision<'a> {
    /// Allowed, by this action and this resource of a statement.
    Allowed { action: &'a str, resource: &'a str },
    /// Denied by a statement, whatever others allow.
    Denied,
    /// No statement speaks of it.
    NotAllowed,
}

/// A denial outweighs every permission, and what nothing allows is not allowed.
pub(super) fn decide<'a>(
    statements: &'a [Statement],
    action: &str,
    resource: &str,
) -> Decision<'a> {
    let of_effect = |effect| {
        statements
            .iter()
            .filter(move |statement| statement.effect == effect)
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

/// The pattern of an action, in which case makes no difference.
fn action_among<'a>(patterns: &'a [String], action: &str) -> Option<&'a str> {
    let action = action.to_ascii_lowercase();
    let mut patterns = patterns.iter().map(String::as_str);
    patterns.find(|pattern| is_like(&action, &pattern.to_ascii_lowercase()))
}

fn resource_among<'a>(patterns: &'a [String], resource: &str) -> Option<&'a str> {
    let mut patterns = patterns.iter().map(String::as_str);
    patterns.find(|pattern| is_like(resource, pattern))
}

/// Whether `text` is `pattern`, in which a `*` stands for any characters and a `?` for one.
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

    fn is_allowed(action: &str, resource: &str) -> bool {
        matches!(
            decide(&statements(), action, resource),
            Decision::Allowed { .. }
        )
    }

    #[test]
    fn what_a_statement_allows_is_allowed_on_its_resource_alone() {
        assert!(is_allowed("dynamodb:Query", "arn:aws:dynamodb:r:1:table/t"));
        let index = "arn:aws:dynamodb:r:1:table/t/index/i";
        assert!(!is_allowed("dynamodb:Query", index));
        let table = "arn:aws:dynamodb:r:1:table/t";
        assert!(!is_allowed("dynamodb:Scan", table));
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        assert!(is_allowed("ses:SendEmail", "arn:aws:ses:r:1:identity/a@b"));
        assert!(!is_allowed("ses:SendEmail", "arn:aws:ses:r:1:template/a"));
        assert!(is_like("abcde", "a*c*e") && !is_like("abcd", "a*c*e"));
        assert!(is_like("abc", "a?c") && !is_like("ac", "a?c"));
    }

    #[test]
    fn an_action_is_compared_without_regard_to_case() {
        assert!(is_allowed(
            "DynamoDB:getitem",
            "arn:aws:dynamodb:r:1:table/t"
        ));
    }

    #[test]
    fn a_denial_outweighs_a_permission() {
        let resource = "arn:aws:ses:r:1:identity/secret@example.com";
        let statements = statements();
        let decision = decide(&statements, "ses:SendEmail", resource);
        assert_eq!(decision, Decision::Denied);
        assert!(is_allowed("ses:GetEmailIdentity", resource));
    }

    #[test]
    fn a_denial_may_spare_a_resource() {
        let statements = statements();
        let own = decide(&statements, "logs:PutLogEvents", "arn:aws:logs:r:1:own");
        assert_eq!(own, Decision::NotAllowed);
        let other = decide(&statements, "logs:PutLogEvents", "arn:aws:logs:r:1:other");
        assert_eq!(other, Decision::Denied);
    }
}
