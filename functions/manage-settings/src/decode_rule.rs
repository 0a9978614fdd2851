use domain::{Channel, GroupId, InvalidValue, Label, ResolvedBy};
use errors::Refusal;
use lambda::http::{Fields, flag, text, whole_number};
use serde_json::Value;
use settings::{Conditions, MinimumMessages, Rule, SamplePercent};

/// Reads the rule `on_resolve`, if there is one. Without `after_minutes` it acts after
/// `default_minutes`.
pub(crate) fn decode_rule(
    section: &mut Fields,
    default_minutes: u16,
) -> Result<Option<Rule>, Refusal> {
    let Some(mut rule) = section.optional_object("on_resolve")? else {
        return Ok(None);
    };
    let decoded = Rule {
        enabled: rule.optional("enabled", flag)?.unwrap_or(false),
        after_minutes: rule
            .optional("after_minutes", |value| {
                whole_number(value).and_then(Rule::parse_after_minutes)
            })?
            .unwrap_or(default_minutes),
        conditions: rule
            .optional_object("conditions")?
            .map(decode_conditions)
            .transpose()?
            .unwrap_or_default(),
    };
    rule.finish()?;
    Ok(Some(decoded))
}

fn decode_conditions(mut conditions: Fields) -> Result<Conditions, Refusal> {
    let labels = |value: &Value| Conditions::check_labels(texts(value, Label::parse)?);
    let groups = |value: &Value| Conditions::check_groups(texts(value, GroupId::parse)?);
    let decoded = Conditions {
        channels: conditions.optional("channels", |value| {
            Conditions::check_groups(texts(value, Channel::parse)?)
        })?,
        inboxes: conditions.optional("inboxes", groups)?,
        teams: conditions.optional("teams", groups)?,
        labels_any: conditions.optional("labels_any", labels)?,
        labels_none: conditions.optional("labels_none", labels)?,
        minimum_messages: conditions
            .optional_object("minimum_messages")?
            .map(decode_minimum_messages)
            .transpose()?
            .unwrap_or_default(),
        skip_resolved_by: conditions
            .optional("skip_resolved_by", |value| texts(value, ResolvedBy::parse))?
            .map(Conditions::distinct_resolved_by)
            .unwrap_or_default(),
        sample_percent: conditions.optional("sample_percent", |value| {
            whole_number(value).and_then(SamplePercent::parse)
        })?,
    };
    conditions.finish()?;
    Ok(decoded)
}

fn decode_minimum_messages(mut minimum: Fields) -> Result<MinimumMessages, Refusal> {
    let number = |value: &Value| whole_number(value).and_then(MinimumMessages::parse);
    let decoded = MinimumMessages {
        visitor: minimum.optional("visitor", number)?.flatten(),
        agent: minimum.optional("agent", number)?.flatten(),
    };
    minimum.finish()?;
    Ok(decoded)
}

/// Reads a list of texts, each by the rule of `parse`.
fn texts<T>(
    value: &Value,
    parse: impl Fn(&str) -> Result<T, InvalidValue>,
) -> Result<Vec<T>, InvalidValue> {
    let items = value
        .as_array()
        .ok_or_else(|| InvalidValue::new("must be a list of texts"))?;
    items.iter().map(|item| text(&parse)(item)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn decode(rule: Value) -> Result<Option<Rule>, Refusal> {
        let body = json!({ "on_resolve": rule }).to_string();
        decode_rule(&mut Fields::of_body(body.as_bytes())?, 15)
    }

    #[test]
    fn a_rule_is_off_until_it_is_enabled() {
        let rule = decode(json!({})).unwrap().unwrap();
        assert!(!rule.enabled);
        assert_eq!(rule.after_minutes, 15);
        assert!(rule.conditions.is_empty());
    }

    #[test]
    fn repeated_conditions_are_kept_once() {
        let conditions = json!({
            "inboxes": ["1", "1"],
            "skip_resolved_by": ["bot", "bot"],
            "minimum_messages": { "visitor": 0 },
        });
        let rule = decode(json!({ "conditions": conditions })).unwrap();
        assert_eq!(
            serde_json::to_value(rule).unwrap()["conditions"],
            json!({ "inboxes": ["1"], "skip_resolved_by": ["bot"] })
        );
    }

    #[test]
    fn an_error_names_the_condition() {
        for (rule, field) in [
            (json!({ "after_minutes": 10_081 }), "after_minutes"),
            (json!({ "after_minutes": 1.5 }), "after_minutes"),
            (json!({ "enabled": "yes" }), "enabled"),
            (
                json!({ "conditions": { "inboxes": [] } }),
                "conditions.inboxes",
            ),
            (
                json!({ "conditions": { "teams": [1] } }),
                "conditions.teams",
            ),
            (
                json!({ "conditions": { "channels": ["a b"] } }),
                "conditions.channels",
            ),
            (
                json!({ "conditions": { "labels_any": [] } }),
                "conditions.labels_any",
            ),
            (
                json!({ "conditions": { "labels_none": vec!["x"; 21] } }),
                "conditions.labels_none",
            ),
            (
                json!({ "conditions": { "minimum_messages": { "bot": 1 } } }),
                "conditions.minimum_messages.bot",
            ),
            (
                json!({ "conditions": { "skip_resolved_by": ["cat"] } }),
                "conditions.skip_resolved_by",
            ),
            (
                json!({ "conditions": { "sample_percent": 0 } }),
                "conditions.sample_percent",
            ),
            (
                json!({ "conditions": { "weekdays": [1] } }),
                "conditions.weekdays",
            ),
        ] {
            let refusal = decode(rule).unwrap_err();
            let mut members = refusal.members().iter();
            let (_, path) = members.find(|(name, _)| *name == "field").unwrap();
            assert_eq!(path.as_str(), Some(&*format!("on_resolve.{field}")));
        }
    }
}
