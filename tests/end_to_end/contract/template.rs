use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use local::{Deployment, Route};
use serde_json::{Map, Value, json};
use tests::{Contract, Stack};

use crate::repository::root;

const SOURCE: &str = include_str!("../../../infra/template.yaml");

fn deployment() -> Deployment {
    Deployment::load(&Stack::options()).unwrap()
}

fn template() -> Value {
    local::yaml_to_json(SOURCE).unwrap()
}

/// The logical ids and declarations of all resources of `kind`.
fn resources<'a>(template: &'a Value, kind: &str) -> BTreeMap<&'a str, &'a Value> {
    let resources = template["Resources"].as_object().unwrap().iter();
    let of_kind = resources.filter(|(_, resource)| resource["Type"] == kind);
    of_kind
        .map(|(id, resource)| (id.as_str(), resource))
        .collect()
}

/// The functions by their folders.
fn functions(template: &Value) -> BTreeMap<&str, &Map<String, Value>> {
    let functions = resources(template, "AWS::Serverless::Function").into_values();
    functions
        .map(|function| {
            let properties = function["Properties"].as_object().unwrap();
            let folder = properties["CodeUri"].as_str().unwrap();
            (
                folder.strip_prefix("../target/lambda/").unwrap(),
                properties,
            )
        })
        .collect()
}

/// Each statement's effect, actions and resources.
fn statements(function: &Map<String, Value>) -> Vec<&Value> {
    let policies = function["Policies"].as_array().unwrap().iter();
    policies
        .flat_map(|policy| policy["Statement"].as_array().unwrap())
        .collect()
}

fn one_or_many(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

fn allowed<'a>(function: &'a Map<String, Value>, action: &str) -> Vec<&'a Value> {
    let allowing = statements(function).into_iter().filter(|it| {
        it["Effect"] == "Allow" && one_or_many(&it["Action"]).contains(&&json!(action))
    });
    allowing
        .flat_map(|it| one_or_many(&it["Resource"]))
        .collect()
}

#[test]
fn the_contract_and_the_template_name_the_same_routes_functions_and_scopes() {
    let deployment = deployment();
    let unprefixed = |route: &Route| -> Option<Vec<String>> {
        let scopes = route.scopes.as_ref()?.iter();
        let prefix = deployment.scope_prefix();
        Some(
            scopes
                .map(|scope| scope.strip_prefix(prefix).unwrap().to_owned())
                .collect(),
        )
    };
    let deployed: BTreeSet<_> = deployment
        .routes()
        .iter()
        .map(|it| (it.key(), vec![it.function.clone()], unprefixed(it)))
        .collect();
    let contract = Contract::load();
    let described: BTreeSet<_> = contract
        .operations()
        .into_iter()
        .map(|it| (format!("{} {}", it.method, it.path), it.tags, it.scopes))
        .collect();
    assert_eq!(deployed, described);
}

#[test]
fn the_contract_describes_exactly_the_parameters_of_each_path() {
    for operation in Contract::load().operations() {
        let in_path: BTreeSet<_> = operation
            .path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let described = operation.parameters.iter();
        let described: BTreeSet<_> = described
            .filter(|(_, place)| place == "path")
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(in_path, described, "{}", operation.id);
    }
}

#[test]
fn browsers_may_send_and_read_every_header_that_the_contract_names() {
    let template = template();
    let cors = &template["Resources"]["Api"]["Properties"]["CorsConfiguration"]["Fn::If"][1];
    let names = |list: &Value| -> BTreeSet<String> {
        let names = list.as_array().unwrap().iter();
        names
            .map(|name| name.as_str().unwrap().to_owned())
            .collect()
    };
    let contract = Contract::load();
    assert_eq!(names(&cors["ExposeHeaders"]), contract.response_headers());

    let operations = contract.operations();
    // The servers of chat platforms call hooks. Browsers do not.
    let from_browsers = operations
        .iter()
        .filter(|it| !it.path.starts_with("/v1/hooks/"));
    let parameters = from_browsers.flat_map(|it| &it.parameters);
    let sent = parameters.filter(|(_, place)| place == "header");
    let mut sent: BTreeSet<_> = sent.map(|(name, _)| name.to_lowercase()).collect();
    sent.extend(["authorization", "content-type"].map(str::to_owned));
    assert_eq!(names(&cors["AllowHeaders"]), sent);

    let methods = operations.into_iter().map(|it| it.method).collect();
    assert_eq!(names(&cors["AllowMethods"]), methods);
}

#[test]
fn each_folder_in_functions_is_deployed() {
    let folders: BTreeSet<String> = fs::read_dir(root().join("functions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let template = template();
    let deployed = functions(&template)
        .into_keys()
        .map(str::to_owned)
        .collect();
    assert_eq!(folders, deployed);
}

#[test]
fn the_table_is_kept_when_the_stack_is_deleted_and_can_be_restored() {
    let template = template();
    let table = &template["Resources"]["Table"];
    for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
        assert_eq!(table[policy], "Retain", "{policy}");
    }
    let properties = &table["Properties"];
    assert_eq!(properties["DeletionProtectionEnabled"], true);
    let recovery = &properties["PointInTimeRecoverySpecification"];
    assert_eq!(recovery["PointInTimeRecoveryEnabled"], true);
    assert_eq!(properties["SSESpecification"]["SSEEnabled"], true);
}

#[test]
fn the_table_declares_its_keys_index_time_to_live_and_stream() {
    let template = template();
    let table = &template["Resources"]["Table"]["Properties"];
    let key = |sort_key: &str| {
        json!([
            { "AttributeName": "pk", "KeyType": "HASH" },
            { "AttributeName": sort_key, "KeyType": "RANGE" },
        ])
    };
    assert_eq!(table["BillingMode"], "PAY_PER_REQUEST");
    assert_eq!(table["KeySchema"], key("sk"));
    assert_eq!(
        table["LocalSecondaryIndexes"],
        json!([{
            "IndexName": "public_thread",
            "KeySchema": key("public_at"),
            "Projection": { "ProjectionType": "ALL" },
        }])
    );
    let time_to_live = json!({ "AttributeName": "expires_at", "Enabled": true });
    assert_eq!(table["TimeToLiveSpecification"], time_to_live);
    let stream = &table["StreamSpecification"];
    assert_eq!(stream["StreamViewType"], "NEW_AND_OLD_IMAGES");
}

#[test]
fn each_function_writes_only_to_its_own_log_group() {
    let template = template();
    let groups = resources(&template, "AWS::Logs::LogGroup");
    let functions = functions(&template);
    let mut written = BTreeSet::new();
    for (folder, function) in &functions {
        let group = function["LoggingConfig"]["LogGroup"]["Ref"]
            .as_str()
            .unwrap();
        assert!(written.insert(group), "{group} is shared");
        let name = &groups[group]["Properties"]["LogGroupName"]["Fn::Sub"];
        assert_eq!(*name, format!("/aws/lambda/${{AWS::StackName}}/{folder}"));
        let other_groups_denied = json!({
            "Effect": "Deny",
            "Action": "logs:*",
            "NotResource": { "Fn::GetAtt": [group, "Arn"] },
        });
        assert!(
            statements(function).contains(&&other_groups_denied),
            "{folder}"
        );
    }
    assert_eq!(written.len(), functions.len());
}

#[test]
fn the_parameters_set_the_throttling_of_the_api() {
    let template = template();
    let settings = &template["Resources"]["Api"]["Properties"]["DefaultRouteSettings"];
    let throttling = json!({
        "ThrottlingRateLimit": { "Ref": "ThrottlingRate" },
        "ThrottlingBurstLimit": { "Ref": "ThrottlingBurst" },
    });
    assert_eq!(*settings, throttling);
    for parameter in ["ThrottlingRate", "ThrottlingBurst"] {
        let parameter = &template["Parameters"][parameter];
        assert!(parameter["Default"].as_u64().unwrap() > 0, "{parameter}");
        // A rate of 0 would refuse every request.
        assert_eq!(parameter["MinValue"], 1, "{parameter}");
    }
}

#[test]
fn every_http_function_times_out_before_the_gateway() {
    let template = template();
    let default = &template["Globals"]["Function"]["Timeout"];
    let functions = functions(&template);
    for route in deployment().routes() {
        let folder = route.function.as_str();
        let function = functions[folder];
        let timeout = function.get("Timeout").unwrap_or(default);
        assert!(timeout.as_u64().unwrap() < 30, "{folder}: {timeout}");
    }
}

#[test]
fn every_log_group_has_a_retention_period() {
    let template = template();
    let groups = resources(&template, "AWS::Logs::LogGroup");
    assert!(!groups.is_empty());
    for (id, group) in groups {
        let days = &group["Properties"]["RetentionInDays"];
        assert_eq!(*days, json!({ "Ref": "LogRetentionDays" }), "{id}");
    }
}

#[test]
fn an_undelivered_event_is_kept_in_a_dead_letter_queue_for_two_weeks() {
    let template = template();
    let mut rules = 0;
    for (folder, function) in functions(&template) {
        let events = function["Events"].as_object().unwrap().iter();
        for (id, event) in events.filter(|(_, event)| event["Type"] == "EventBridgeRule") {
            rules += 1;
            // One queue for events that EventBridge cannot deliver and for those that the function cannot process.
            let queue = &event["Properties"]["DeadLetterConfig"]["Arn"];
            assert_eq!(function["DeadLetterQueue"]["TargetArn"], *queue, "{folder}");
            let queue = queue["Fn::GetAtt"][0].as_str().unwrap();
            let retention = &template["Resources"][queue]["Properties"]["MessageRetentionPeriod"];
            assert_eq!(*retention, 14 * 24 * 60 * 60);

            let policies = resources(&template, "AWS::SQS::QueuePolicy").into_values();
            let policies: Vec<_> = policies
                .map(|policy| &policy["Properties"])
                .filter(|policy| policy["Queues"] == json!([{ "Ref": queue }]))
                .collect();
            let [policy] = policies.as_slice() else {
                panic!("{queue} does not have exactly one policy");
            };
            let statement = &policy["PolicyDocument"]["Statement"][0];
            assert_eq!(statement["Principal"]["Service"], "events.amazonaws.com");
            let source = &statement["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::GetAtt"][0];
            let source = source.as_str().unwrap();
            assert!(source.ends_with(&format!("Function{id}")), "{source}");
        }
    }
    assert!(rules > 0);
}

#[test]
fn ses_publishes_delivery_events_and_no_open_events() {
    let template = template();
    let destinations = resources(&template, "AWS::SES::ConfigurationSetEventDestination");
    for destination in destinations.values() {
        let published = &destination["Properties"]["EventDestination"]["MatchingEventTypes"];
        let published: BTreeSet<_> = published
            .as_array()
            .unwrap()
            .iter()
            .map(|kind| kind.as_str().unwrap())
            .collect();
        let expected = [
            "send",
            "delivery",
            "deliveryDelay",
            "bounce",
            "complaint",
            "reject",
        ];
        assert_eq!(published, BTreeSet::from(expected));
    }
    assert_eq!(destinations.len(), 1);
}

#[test]
fn no_permission_has_a_wildcard_except_for_identities_and_schedules() {
    let template = template();
    for (folder, function) in functions(&template) {
        let statements = statements(function).into_iter();
        for statement in statements.filter(|it| it["Effect"] == "Allow") {
            for action in one_or_many(&statement["Action"]) {
                assert!(
                    !action.as_str().unwrap().contains('*'),
                    "{folder}: {action}"
                );
            }
            for resource in one_or_many(&statement["Resource"]) {
                // Identities and schedules are created at run time, and `ses:ListEmailIdentities` has no
                // resource.
                let resource = resource.to_string();
                let allowed = resource
                    .replace(":identity/*@*", "")
                    .replace(":schedule/${ScheduleGroup}/*", "")
                    .replace(":identity/*", "");
                let is_list = statement["Action"] == "ses:ListEmailIdentities";
                assert!(is_list || !allowed.contains('*'), "{folder}: {resource}");
            }
        }
    }
}

#[test]
fn functions_may_create_and_delete_identities_of_addresses_but_not_of_domains() {
    let template = template();
    let mut is_any_allowed = false;
    for (folder, function) in functions(&template) {
        let statements = statements(function).into_iter();
        for statement in statements.filter(|it| it["Effect"] == "Allow") {
            let changes = |action: &&Value| {
                *action == "ses:CreateEmailIdentity" || *action == "ses:DeleteEmailIdentity"
            };
            if one_or_many(&statement["Action"]).iter().any(changes) {
                is_any_allowed = true;
                for resource in one_or_many(&statement["Resource"]) {
                    let resource = resource.to_string();
                    assert!(resource.contains(":identity/*@*"), "{folder}: {resource}");
                }
            }
        }
    }
    assert!(is_any_allowed);
}

#[test]
fn every_permission_with_a_wildcard_has_a_comment() {
    let lines: Vec<_> = SOURCE.lines().map(str::trim).collect();
    let allows = |index: &usize| lines[*index] == "- Effect: Allow";
    let mut has_wildcard = false;
    for start in (0..lines.len()).filter(allows) {
        let statement = lines[start + 1..].iter();
        let statement = statement.take_while(|line| !line.starts_with("- Effect:"));
        let own: Vec<_> = statement
            .take_while(|line| **line != "Events:" && !line.is_empty())
            .collect();
        if own
            .iter()
            .any(|line| line.contains('*') && !line.starts_with('#'))
        {
            has_wildcard = true;
            assert!(lines[start - 1].starts_with("# "), "line {}", start + 1);
        }
    }
    assert!(has_wildcard);
}

#[test]
fn send_transcript_may_query_only_the_public_index() {
    let template = template();
    let send = functions(&template)["send-transcript"];
    let index = json!({ "Fn::Sub": "${Table.Arn}/index/public_thread" });
    assert_eq!(allowed(send, "dynamodb:Query"), [&index]);
}

#[test]
fn no_function_may_scan_the_table() {
    let template = template();
    for (folder, function) in functions(&template) {
        assert!(allowed(function, "dynamodb:Scan").is_empty(), "{folder}");
    }
}

#[test]
fn the_access_log_contains_the_route_and_not_the_path() {
    let template = template();
    let format = &template["Resources"]["Api"]["Properties"]["AccessLogSettings"]["Format"];
    let format = format.as_str().unwrap();
    assert!(format.contains("$context.routeKey"));
    assert!(!format.contains("$context.path"));
    serde_json::from_str::<Value>(format).expect("each line is JSON");
}
