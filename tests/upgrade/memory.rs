//! The memory of a report by agent in the real binary.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use domain::{DaySpan, OrganisationId, ReportDay};
use local::Deployment;
use serde_json::{Map, Value, json};
use store::key;
use tests::{AlternatingHost, Sandbox, Stack, Version, deadline_in};
use tokio::process::Command;

/// The agents of a large team. The report reads two years and the two years before.
const AGENTS: usize = 200;
const FOUR_YEARS: &str =
    "/v1/satisfaction?from=2024-01-01&to=2025-12-31&group_by=agent&compare=previous";

/// The number of attempts. On a busy machine the embedded engine may be too slow for the report.
const ATTEMPTS: usize = 5;

/// The limit of the report's memory. The rest of the function's 512 MB is for larger teams.
const KILOBYTES: u64 = 96 * 1024;

/// Stores the rolled-up counts of four years by agent. Returns the number of requests in two of them.
async fn store_years(stack: &Stack) -> u64 {
    let organisation = OrganisationId::parse("main").unwrap();
    let day = |text| ReportDay::parse(text).unwrap();
    let years = DaySpan::new(day("2021-12-31"), day("2025-12-31")).unwrap();
    let numbers = [9, 0, 1, 2, 3, 1].map(|number: u8| json!({ "N": number.to_string() }));
    let agents: Map<_, _> = (0..AGENTS)
        .map(|number| {
            let counts = json!({ "M": {
                "name": { "S": format!("Agent number {number}") },
                "channels": { "M": { "widget": { "L": numbers } } },
            } });
            (format!("agent-{number}"), counts)
        })
        .collect();
    let days: Vec<_> = years.days().collect();
    for days in days.chunks(25) {
        let puts = days.iter().map(|day| {
            let key = key::day_agents(&organisation, *day, 0);
            json!({ "PutRequest": { "Item": {
                "pk": { "S": key.pk }, "sk": { "S": key.sk },
                "day": { "S": day.to_string() }, "part": { "N": "0" }, "agents": { "M": agents },
            } } })
        });
        let puts: Vec<_> = puts.collect();
        let batch = json!({ "RequestItems": { "afterchat": puts } });
        let written = stack.dynamodb_as("owner", "BatchWriteItem", batch).await;
        written.expect(200);
    }
    731 * 9 * AGENTS as u64
}

/// Reads the report with the present binary. Returns the status, the body, and the peak memory of the
/// process in kilobytes.
async fn report(stack: &Stack) -> (u16, Value, u64) {
    let deployment = Deployment::load(&Stack::options()).expect("the template is valid");
    let function = "report-satisfaction";
    let environment = deployment.environment(function, stack.url());
    let mut program = Command::new(AlternatingHost::program(Version::Present, function));
    program.env_clear().envs(environment.expect("a function"));
    let sandbox = Sandbox::run(program, function).await;
    let claims = [("sub", "kim"), ("scope", "afterchat/ratings:read")];
    let claims: BTreeMap<_, _> = claims
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    let request = Request::get(FOUR_YEARS)
        .body(Bytes::new())
        .expect("a request");
    let event = deployment.event(request, Some(claims)).expect("a route");
    let reply = sandbox
        .answer(&event, deadline_in(Duration::from_secs(30)))
        .await;
    let status = fs::read_to_string(format!("/proc/{}/status", sandbox.process_id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak
        .and_then(|line| line.split_whitespace().next())
        .unwrap();
    (reply.status, reply.body, peak.parse().unwrap())
}

#[tokio::test]
async fn a_report_by_agent_of_four_years_keeps_only_its_sums_in_memory() {
    let stack = Stack::start().await;
    let requests = store_years(&stack).await;
    let mut attempts = 1;
    let (body, kilobytes) = loop {
        let (status, body, kilobytes) = report(&stack).await;
        if status == 200 {
            break (body, kilobytes);
        }
        assert_eq!(body["code"], "storage_unavailable");
        assert!(attempts < ATTEMPTS, "{body}");
        attempts += 1;
    };
    assert_eq!(body["total"]["requests"], requests);
    assert_eq!(body["previous"]["total"]["requests"], requests);
    assert_eq!(body["groups"].as_array().unwrap().len(), AGENTS);
    assert!(kilobytes < KILOBYTES, "{kilobytes} KB");
}
