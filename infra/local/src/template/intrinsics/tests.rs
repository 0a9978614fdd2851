use super::*;
use crate::template::yaml::yaml_to_json;

fn resolved(expression: &str, given: &[(&str, &str)]) -> Value {
    let template = yaml_to_json(&format!(
        "Parameters:
  Prefix: {{Type: String, Default: ''}}
  Count: {{Type: Number, Default: 5}}
  Origins: {{Type: CommaDelimitedList, Default: 'a, b'}}
Conditions:
  Prefixed: !Not [!Equals [!Ref Prefix, '']]
  Both: !And [!Condition Prefixed, !Equals [!Ref Count, 5]]
Value: {expression}
"
    ))
    .unwrap();
    let given = given
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()));
    let resources = BTreeMap::from([("Table".to_owned(), "afterchat".to_owned())]);
    let scope = Scope::new(&template, &given.collect(), &resources).unwrap();
    scope.resolve(&template["Value"]).unwrap()
}

#[test]
fn a_parameter_has_its_default_or_the_given_value() {
    assert_eq!(resolved("!Ref Count", &[]), json!("5"));
    assert_eq!(resolved("!Ref Count", &[("Count", "7")]), json!("7"));
}

#[test]
fn a_list_parameter_is_a_list() {
    assert_eq!(resolved("!Ref Origins", &[]), json!(["a", "b"]));
}

#[test]
fn sub_replaces_parameters_resources_and_its_own_names() {
    assert_eq!(
        resolved("!Sub '${Table}/${Count}/${!x}'", &[]),
        json!("afterchat/5/${x}")
    );
    assert_eq!(
        resolved("!Sub ['${A}b', {A: !Ref Count}]", &[]),
        json!("5b")
    );
}

#[test]
fn if_returns_the_branch_of_its_condition() {
    let expression = "!If [Both, !Sub '${Prefix}/x', x]";
    assert_eq!(resolved(expression, &[]), json!("x"));
    assert_eq!(resolved(expression, &[("Prefix", "p")]), json!("p/x"));
}

#[test]
fn a_rule_can_list_the_allowed_values() {
    let template = yaml_to_json("Parameters: {}").unwrap();
    let resources = BTreeMap::new();
    let scope = Scope::new(&template, &BTreeMap::new(), &resources).unwrap();
    for (regions, is_kept) in [("[eu-west-1, us-east-1]", true), ("[eu-west-1]", false)] {
        let rules = yaml_to_json(&format!(
            "Region:
  Assertions:
    - Assert: !Contains [{regions}, !Ref AWS::Region]
      AssertDescription: Not there.
Other:
  RuleCondition: !Equals [a, b]
  Assertions:
    - Assert: !Equals [a, b]
"
        ));
        let checked = scope.check_rules(&rules.unwrap());
        assert_eq!(checked.is_ok(), is_kept, "{checked:?}");
    }
}

#[test]
fn no_value_removes_its_property() {
    let expression = "{a: 1, b: !If [Prefixed, 2, !Ref 'AWS::NoValue']}";
    assert_eq!(resolved(expression, &[]), json!({"a": 1}));
}
