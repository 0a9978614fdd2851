use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::{Bus, Template};

fn template() -> Template {
    let parameters = BTreeMap::from([
        ("JwtIssuer".to_owned(), "https://issuer.example".to_owned()),
        ("JwtAudience".to_owned(), "a,b".to_owned()),
    ]);
    let resources = BTreeMap::from([("Table".to_owned(), "afterchat".to_owned())]);
    Template::load(&parameters, &resources).unwrap()
}

#[test]
fn the_routes_of_agents_have_their_scope_with_its_prefix() {
    let template = template();
    let ask = template
        .routes
        .iter()
        .find(|route| route.path == "/v1/conversations/{conversation_id}/rating-requests")
        .unwrap();
    assert_eq!(
        (ask.method.as_str(), ask.function.as_str()),
        ("POST", "ask-rating")
    );
    let scope = format!("{}ratings:ask", template.scope_prefix);
    assert_eq!(ask.scopes.as_deref(), Some([scope].as_slice()));
}

#[test]
fn the_gateway_checks_no_token_on_the_routes_of_visitors() {
    let template = template();
    let visitors: Vec<_> = template
        .routes
        .iter()
        .filter(|route| route.path.starts_with("/v1/visitor/"))
        .collect();
    assert!(!visitors.is_empty());
    assert!(visitors.iter().all(|route| route.scopes.is_none()));
}

#[test]
fn a_given_issuer_replaces_the_user_pool() {
    let authorizer = template().authorizer;
    assert_eq!(authorizer.issuer, "https://issuer.example");
    assert_eq!(authorizer.audience, ["a", "b"]);
}

#[test]
fn the_table_has_its_index_its_stream_and_its_time_to_live() {
    let table = template().table;
    assert_eq!(table.name, "afterchat");
    assert_eq!(
        table.definition["LocalSecondaryIndexes"][0]["IndexName"],
        "public_thread"
    );
    assert_eq!(
        table.definition["StreamSpecification"]["StreamViewType"],
        "NEW_AND_OLD_IMAGES"
    );
    assert_eq!(table.time_to_live.as_deref(), Some("expires_at"));
}

#[test]
fn a_function_has_the_stacks_variables_and_its_own() {
    let template = template();
    let send = &template.functions["send-transcript"];
    assert_eq!(send.environment["TABLE_NAME"], "afterchat");
    assert_eq!(send.environment["AGENT_TRANSCRIPTS_PER_HOUR"], "100");
    assert_eq!(send.timeout, Duration::from_secs(29));
}

#[test]
fn a_rule_contains_the_configuration_set_of_the_stack() {
    let template = template();
    let mut rules = template.rules.iter();
    let rule = rules
        .find(|rule| rule.function == "track-delivery")
        .unwrap();
    let tags = &rule.pattern["detail"]["mail"]["tags"];
    assert_eq!(tags["ses:configuration-set"], json!(["ConfigurationSet"]));
    assert!(template.mail_events.contains("deliveryDelay"));
}

#[test]
fn event_sources_and_schedules_are_read() {
    let template = template();
    let [source] = template.event_sources.as_slice() else {
        panic!("one function reads the stream");
    };
    assert_eq!(source.function, "count-ratings");
    let [schedule] = template.schedules.as_slice() else {
        panic!("one function has a schedule");
    };
    assert_eq!(schedule.function, "roll-up-satisfaction");
    assert_eq!(schedule.interval, Duration::from_secs(3_600));
}

#[test]
fn every_scope_of_the_stack_is_read() {
    let scopes = template().scopes;
    assert!(scopes.contains("agents:act") && scopes.contains("ratings:ask"));
}

/// Loads the template with these parameters and a local issuer, and returns the error.
fn problem(given: &[(&str, &str)]) -> String {
    let issuer = [
        ("JwtIssuer", "https://issuer.example"),
        ("JwtAudience", "a"),
    ];
    let parameters = issuer.iter().chain(given);
    let parameters = parameters.map(|(name, value)| (name.to_string(), value.to_string()));
    match Template::load(&parameters.collect(), &BTreeMap::new()) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_value_is_checked_by_its_parameters_declaration() {
    for (given, named) in [
        (("Organization", "x"), "Organization"),
        (("RetentionDays", "40000"), "MaxValue is 36500"),
        (("BrandName", ""), "AllowedPattern"),
        (
            ("LogLevel", "DEBUG"),
            "AllowedValues are [INFO, WARN, ERROR]",
        ),
    ] {
        let problem = problem(&[given]);
        assert!(problem.contains(given.0), "{problem}");
        assert!(problem.contains(named), "{problem}");
    }
    let good = [
        ("RetentionDays", "1"),
        ("BrandName", "Acme"),
        ("LogLevel", "WARN"),
    ];
    assert_eq!(problem(&good), "");
}

#[test]
fn values_are_checked_by_the_rules_section() {
    let neither = problem(&[("Organisation", "")]);
    let both = problem(&[("OrganisationClaim", "org")]);
    for problem in [neither, both] {
        assert!(problem.contains("OrganisationOrClaim"), "{problem}");
        assert!(problem.contains("Set either Organisation or"), "{problem}");
    }
    assert_eq!(
        problem(&[("Organisation", ""), ("OrganisationClaim", "org")]),
        ""
    );
    let half = problem(&[("JwtAudience", "")]);
    assert!(half.contains("IssuerAndAudience"), "{half}");
}

/// The template whose rule of the stack's bus names `bus` instead.
fn with_bus(bus: &str) -> Result<Template, super::TemplateError> {
    let named = format!("EventBusName: {bus}");
    let source = super::SOURCE.replacen("EventBusName: !Ref EventBus", &named, 1);
    let parameters = BTreeMap::from([
        ("JwtIssuer".to_owned(), "https://issuer.example".to_owned()),
        ("JwtAudience".to_owned(), "a".to_owned()),
    ]);
    Template::parse(&source, &parameters, &BTreeMap::new())
}

#[test]
fn functions_groups_roles_and_queues_have_the_arns_of_a_deployment() {
    let template = template();
    let function = &template.functions["follow-up"];
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:follow-up";
    assert_eq!(function.arn, arn);
    for (name, value) in [
        ("SCHEDULE_GROUP", "afterchat-follow-up"),
        (
            "SCHEDULER_ROLE_ARN",
            "arn:aws:iam::000000000000:role/SchedulerRole",
        ),
        (
            "SCHEDULE_DEAD_LETTERS_ARN",
            "arn:aws:sqs:us-east-1:000000000000:FollowUpDeadLetters",
        ),
    ] {
        assert_eq!(function.environment[name], value, "{name}");
    }
    let schedules = "arn:aws:scheduler:us-east-1:000000000000:schedule/afterchat-follow-up/*";
    let mut statements = function.policy.iter();
    assert!(statements.any(|statement| statement.resource == [schedules]));
}

#[test]
fn the_scheduler_has_the_groups_and_the_roles_that_trust_it() {
    let scheduler = template().scheduler;
    assert_eq!(scheduler.groups, ["afterchat-follow-up".to_owned()].into());
    let roles: Vec<_> = scheduler.roles.iter().collect();
    let [(role, statements)] = roles.as_slice() else {
        panic!("one role trusts the scheduler: {roles:?}");
    };
    assert_eq!(*role, "arn:aws:iam::000000000000:role/SchedulerRole");
    // The statements are in a policy of their own.
    assert_eq!(
        statements[0].resource,
        ["arn:aws:lambda:us-east-1:000000000000:function:follow-up"]
    );
}

#[test]
fn a_rule_belongs_to_the_bus_that_it_names() {
    let bus_of_rule = |named: &str| {
        let template = with_bus(named).unwrap();
        let mut rules = template.rules.into_iter();
        rules.find(|rule| rule.function == "follow-up").unwrap().bus
    };
    assert_eq!(bus_of_rule("default"), Bus::Default);
    assert_eq!(bus_of_rule("!Ref EventBus"), Bus::Stack);
    assert_eq!(bus_of_rule("!GetAtt EventBus.Arn"), Bus::Stack);
    let problem = with_bus("other").unwrap_err().to_string();
    assert!(problem.contains("no event bus other"), "{problem}");
    let rules = template().rules;
    let delivery = rules.iter().find(|rule| rule.function == "track-delivery");
    assert_eq!(delivery.unwrap().bus, Bus::Default);
}
