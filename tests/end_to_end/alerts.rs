use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tests::Stack;

const TEMPLATE: &str = include_str!("../../infra/template.yaml");

/// The metrics that alarms watch, with their namespaces. The functions publish theirs in the stack's namespace.
const KNOWN: [(&str, &str); 18] = [
    ("AWS/ApiGateway", "5xx"),
    ("AWS/EventBridge/Pipes", "EventCount"),
    ("AWS/EventBridge/Pipes", "ExecutionFailed"),
    ("AWS/EventBridge/Pipes", "ExecutionPartiallyFailed"),
    ("AWS/EventBridge/Pipes", "ExecutionThrottled"),
    ("AWS/EventBridge/Pipes", "ExecutionTimeout"),
    ("AWS/Lambda", "Errors"),
    ("AWS/Lambda", "IteratorAge"),
    ("AWS/Lambda", "Throttles"),
    ("AWS/SES", "Reputation.BounceRate"),
    ("AWS/SES", "Reputation.ComplaintRate"),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
    ("AWS::StackName", "Answered"),
    ("AWS::StackName", "Asked"),
    ("AWS::StackName", "Refused"),
    ("AWS::StackName", "ScheduleFailed"),
    ("AWS::StackName", "Sent"),
    ("AWS::StackName", "TaskCreated"),
];

fn resources() -> Map<String, Value> {
    let mut template = local::yaml_to_json(TEMPLATE).unwrap();
    let Value::Object(resources) = template["Resources"].take() else {
        panic!("the template has no resources");
    };
    resources
}

/// The logical ids and declarations of all resources of `kind`.
fn resources_of_type(kind: &str) -> Vec<(String, Value)> {
    let resources = resources().into_iter();
    resources.filter(|(_, it)| it["Type"] == kind).collect()
}

#[test]
fn without_an_alert_address_there_is_no_topic_and_no_reference_to_one() {
    let template = local::yaml_to_json(TEMPLATE).unwrap();
    assert_eq!(template["Parameters"]["AlertEmail"]["Default"], "");
    let is_given = json!({ "Fn::Not": [{ "Fn::Equals": [{ "Ref": "AlertEmail" }, ""] }] });
    assert_eq!(template["Conditions"]["HasAlerts"], is_given);

    let (conditional, always): (Vec<_>, Vec<_>) = resources()
        .into_iter()
        .partition(|(_, resource)| resource["Condition"] == "HasAlerts");
    let conditional: BTreeSet<_> = conditional.into_iter().map(|(id, _)| id).collect();
    for (id, resource) in always {
        assert!(!resource["Type"].as_str().unwrap().starts_with("AWS::SNS::"));
        let referenced = references(&resource);
        assert!(referenced.is_disjoint(&conditional), "{id}: {referenced:?}");
    }
}

/// The resources that a value refers to if there is no address for alerts.
fn references(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(members) => match members.iter().next() {
            Some((function, Value::String(name))) if function == "Ref" => [name.clone()].into(),
            Some((function, arguments)) if function == "Fn::GetAtt" => {
                [arguments[0].as_str().unwrap().to_owned()].into()
            }
            Some((function, arguments)) if function == "Fn::If" && arguments[0] == "HasAlerts" => {
                references(&arguments[2])
            }
            _ => members.values().flat_map(references).collect(),
        },
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => BTreeSet::new(),
    }
}

/// Applies the rule's input transformer to an event. A placeholder outside quotes becomes the value as JSON, and one
/// inside quotes becomes the bare text.
fn transformed(event: &Value) -> Value {
    let rule = &resources()["NegativeRatingRule"]["Properties"];
    let transformer = &rule["Targets"][0]["InputTransformer"];
    let mut text = transformer["InputTemplate"].as_str().unwrap().to_owned();
    for (name, path) in transformer["InputPathsMap"].as_object().unwrap() {
        let path = path.as_str().unwrap().strip_prefix('$').unwrap();
        let value = event
            .pointer(&path.replace('.', "/"))
            .expect("the event has this path");
        let placeholder = format!("<{name}>");
        assert!(
            text.contains(&placeholder),
            "the template does not contain {placeholder}"
        );
        text = text.replace(&format!("\": {placeholder}"), &format!("\": {value}"));
        text = text.replace(&placeholder, value.as_str().unwrap());
    }
    serde_json::from_str(&text).expect("the result is JSON")
}

#[tokio::test]
async fn an_alert_contains_the_score_comment_conversation_and_agent() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = json!({ "sub": "kim", "name": "Kim \"K\" Lund" });
    let agent = stack.with_claims(agent).await;
    let mut listener = stack.listen().await;
    let request = agent.ask_for_id("c1").await;
    let comment = "Rude,\nand \"late\"";
    let answer = json!({ "score": 2, "comment": comment });
    visitor.rate(&request, answer).await.expect(201);
    let event = listener.take(2).await.remove(1).data;
    assert_eq!(
        transformed(&event),
        json!({
            "alert": "A visitor is dissatisfied: 2 of 5",
            "comment": comment,
            "conversation": "c1",
            "organisation": "main",
            "agent": "kim",
            "agent_name": "Kim \"K\" Lund",
            "at": event["detail"]["at"],
        })
    );
}

#[tokio::test]
async fn only_negative_ratings_send_an_alert_whether_new_or_changed() {
    let rule = &resources()["NegativeRatingRule"]["Properties"];
    assert_eq!(rule["EventBusName"], json!({ "Ref": "EventBus" }));
    let pattern = &rule["EventPattern"];
    let one_of = |list: &Value, value: &Value| list.as_array().unwrap().contains(value);
    let is_matched = |event: &Value| {
        one_of(&pattern["source"], &event["source"])
            && one_of(&pattern["detail-type"], &event["detail-type"])
            && one_of(
                &pattern["detail"]["sentiment"],
                &event["detail"]["sentiment"],
            )
    };
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let mut listener = stack.listen().await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    let mut matched = vec![is_matched(&listener.next().await.data)];
    for score in [2, 5, 3, 1, 4] {
        let answer = json!({ "score": score });
        visitor.rate(&request, answer).await.expect_success();
        matched.push(is_matched(&listener.next().await.data));
    }
    assert_eq!(matched, [false, true, false, false, true, false]);
}

#[test]
fn every_alarm_notifies_the_topic_and_watches_an_existing_metric() {
    let alarms = resources_of_type("AWS::CloudWatch::Alarm");
    assert!(!alarms.is_empty());
    let actions =
        json!({ "Fn::If": ["HasAlerts", [{ "Ref": "AlertTopic" }], { "Ref": "AWS::NoValue" }] });
    for (id, alarm) in &alarms {
        let properties = &alarm["Properties"];
        assert_eq!(properties["AlarmActions"], actions, "{id}");
        let watched: Vec<Value> = match &properties["Metrics"] {
            Value::Array(metrics) => metrics
                .iter()
                .filter_map(|it| it.get("MetricStat"))
                .map(|it| it["Metric"].clone())
                .collect(),
            _ => vec![properties.clone()],
        };
        assert!(
            (1..=10).contains(&watched.len()),
            "{id}: an alarm has 1 to 10 metrics"
        );
        for metric in watched {
            let namespace = &metric["Namespace"];
            let namespace = namespace.get("Ref").unwrap_or(namespace).as_str().unwrap();
            let name = metric["MetricName"].as_str().unwrap();
            assert!(
                KNOWN.contains(&(namespace, name)),
                "{id}: {namespace} {name}"
            );
        }
    }
}

#[test]
fn every_function_and_every_queue_has_alarms() {
    let watched = |alarm: &str| -> BTreeSet<String> {
        let properties = &resources()[alarm]["Properties"];
        let Some(metrics) = properties["Metrics"].as_array() else {
            let function = properties["Dimensions"][0]["Value"]["Ref"].as_str();
            return function.map(str::to_owned).into_iter().collect();
        };
        metrics
            .iter()
            .filter_map(|it| it["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"].as_str())
            .map(str::to_owned)
            .collect()
    };
    let functions = resources_of_type("AWS::Serverless::Function").into_iter();
    let functions: BTreeSet<_> = functions.map(|(id, _)| id).collect();
    // An alarm has at most ten metrics, so the functions are divided among several alarms.
    for alarms in [
        [
            "FunctionErrorsAlarm",
            "ReportErrorsAlarm",
            "FollowUpErrorsAlarm",
            "PlatformErrorsAlarm",
        ],
        [
            "FunctionThrottlesAlarm",
            "ReportThrottlesAlarm",
            "FollowUpThrottlesAlarm",
            "PlatformThrottlesAlarm",
        ],
    ] {
        let watched: BTreeSet<_> = alarms.into_iter().flat_map(watched).collect();
        assert_eq!(watched, functions, "{alarms:?}");
    }

    let alarms = resources_of_type("AWS::CloudWatch::Alarm");
    for (queue, _) in resources_of_type("AWS::SQS::Queue") {
        let name = json!({ "Fn::GetAtt": [queue, "QueueName"] });
        let is_watched = alarms
            .iter()
            .any(|(_, alarm)| alarm["Properties"]["Dimensions"][0]["Value"] == name);
        assert!(is_watched, "{queue}");
    }
}

#[test]
fn the_dashboard_shows_every_alarm() {
    let resources = resources();
    let body = &resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"];
    let body = body.as_str().unwrap();
    for (alarm, _) in resources_of_type("AWS::CloudWatch::Alarm") {
        assert!(body.contains(&format!("${{{alarm}.Arn}}")), "{alarm}");
    }
}
