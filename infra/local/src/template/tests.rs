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
    let [rule] = template.rules.as_slice() else {
        panic!("one rule is understood: {:?}", template.rules);
    };
    assert_eq!(rule.function, "track-delivery");
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

/// A function that creates schedules and receives events of the stack.
const FOLLOW_UP: &str = "
  FollowUpFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ../target/lambda/follow-up
      FunctionName: !Sub ${AWS::StackName}-follow-up
      Environment:
        Variables:
          SCHEDULE_GROUP: !Ref Schedules
          SCHEDULE_ROLE: !GetAtt ScheduleRole.Arn
          DEAD_LETTERS: !GetAtt Letters.Arn
          OTHER_FUNCTION: !GetAtt AskRatingFunction.Arn
      Policies:
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: [scheduler:CreateSchedule, scheduler:DeleteSchedule]
              Resource: !Sub arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/${Schedules}/*
            - Effect: Allow
              Action: iam:PassRole
              Resource: !GetAtt ScheduleRole.Arn
              Condition:
                StringEquals:
                  iam:PassedToService: scheduler.amazonaws.com
      Events:
        StackEvent:
          Type: EventBridgeRule
          Properties:
            EventBusName: BUS
            Pattern:
              source: [afterchat]
  Letters:
    Type: AWS::SQS::Queue
  Schedules:
    Type: AWS::Scheduler::ScheduleGroup
    Properties:
      Name: !Ref AWS::StackName
  ScheduleRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal:
              Service: scheduler.amazonaws.com
            Condition:
              StringEquals:
                aws:SourceAccount: !Ref AWS::AccountId
      Policies:
        - PolicyName: invoke
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: lambda:InvokeFunction
                Resource: !GetAtt FollowUpFunction.Arn
";

/// The template with [`FOLLOW_UP`], whose rule names this bus.
fn with_follow_up(bus: &str) -> Result<Template, super::TemplateError> {
    let resources = format!("\nResources:\n{}", FOLLOW_UP.replace("BUS", bus));
    let source = super::SOURCE.replacen("\nResources:\n", &resources, 1);
    let parameters = BTreeMap::from([
        ("JwtIssuer".to_owned(), "https://issuer.example".to_owned()),
        ("JwtAudience".to_owned(), "a".to_owned()),
    ]);
    Template::parse(&source, &parameters, &BTreeMap::new())
}

#[test]
fn functions_groups_roles_and_queues_have_the_arns_of_a_deployment() {
    let template = with_follow_up("default").unwrap();
    let function = &template.functions["follow-up"];
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:afterchat-follow-up";
    assert_eq!(function.arn, arn);
    for (name, value) in [
        ("SCHEDULE_GROUP", "afterchat"),
        (
            "SCHEDULE_ROLE",
            "arn:aws:iam::000000000000:role/ScheduleRole",
        ),
        ("DEAD_LETTERS", "arn:aws:sqs:us-east-1:000000000000:Letters"),
        (
            "OTHER_FUNCTION",
            "arn:aws:lambda:us-east-1:000000000000:function:ask-rating",
        ),
    ] {
        assert_eq!(function.environment[name], value, "{name}");
    }
    assert_eq!(
        function.policy[0].resource,
        ["arn:aws:scheduler:us-east-1:000000000000:schedule/afterchat/*"]
    );
}

#[test]
fn the_scheduler_has_the_groups_and_the_roles_that_trust_it() {
    let scheduler = with_follow_up("default").unwrap().scheduler;
    assert_eq!(scheduler.groups, ["afterchat".to_owned()].into());
    let roles: Vec<_> = scheduler.roles.iter().collect();
    let [(role, statements)] = roles.as_slice() else {
        panic!("one role trusts the scheduler: {roles:?}");
    };
    assert_eq!(*role, "arn:aws:iam::000000000000:role/ScheduleRole");
    assert_eq!(
        statements[0].resource,
        ["arn:aws:lambda:us-east-1:000000000000:function:afterchat-follow-up"]
    );
}

#[test]
fn a_rule_belongs_to_the_bus_that_it_names() {
    let bus_of_rule = |named: &str| {
        let template = with_follow_up(named).unwrap();
        let mut rules = template.rules.into_iter();
        rules.find(|rule| rule.function == "follow-up").unwrap().bus
    };
    assert_eq!(bus_of_rule("default"), Bus::Default);
    assert_eq!(bus_of_rule("!Ref EventBus"), Bus::Stack);
    assert_eq!(bus_of_rule("!GetAtt EventBus.Arn"), Bus::Stack);
    let problem = with_follow_up("other").unwrap_err().to_string();
    assert!(problem.contains("no event bus other"), "{problem}");
    let delivery = template().rules.remove(0);
    assert_eq!(
        (delivery.function.as_str(), delivery.bus),
        ("track-delivery", Bus::Default)
    );
}
