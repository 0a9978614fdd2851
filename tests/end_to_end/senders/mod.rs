//! The sender addresses of transcripts.

mod addresses_and_names;
mod claims;
mod overlapping_requests;
mod releases;
mod verification;

use local::Options;
use serde_json::{Value, json};
use tests::{AwsCall, AwsError, AwsProxy, Caller, FaultInjection, SENDER, Stack};

/// Options with the limits of a new SES account.
fn options() -> Options {
    Options {
        ses_rate_limit: true,
        ses_sandbox: true,
        ..Stack::options()
    }
}

/// A stack behind a proxy, and an agent.
async fn stack() -> (Stack, AwsProxy, Caller) {
    let (stack, aws) = Stack::start_behind_proxy(options()).await;
    let agent = stack.agent("kim").await;
    (stack, aws, agent)
}

/// A stack for several organisations behind a proxy, and an agent of `main`.
async fn stack_of_organisations() -> (Stack, AwsProxy, Caller) {
    stack_of_organisations_with(options()).await
}

/// A stack for several organisations with these options, behind a proxy, and an agent of `main`.
async fn stack_of_organisations_with(options: Options) -> (Stack, AwsProxy, Caller) {
    let options = Options {
        organisations: true,
        ..options
    };
    let (stack, aws) = Stack::start_behind_proxy(options).await;
    let agent = stack.agent("kim").await;
    (stack, aws, agent)
}

fn path_of(address: &str) -> String {
    format!("/v1/senders/{address}")
}

/// Claims [`SENDER`] as a new sender and returns its verification.
async fn claim(agent: &Caller) -> Value {
    let claimed = agent.put(&path_of(SENDER), json!({})).await.expect(201);
    claimed["sender"]["verification"].clone()
}

/// All senders of the listing.
async fn list(agent: &Caller) -> Value {
    agent.get("/v1/senders").await.expect(200)["senders"].take()
}

/// The verification of the only sender in the listing.
async fn listed_verification(agent: &Caller) -> Value {
    let senders = list(agent).await;
    assert_eq!(senders.as_array().unwrap().len(), 1, "{senders}");
    senders[0]["verification"].clone()
}

fn lists_identities(call: &AwsCall) -> bool {
    call.is("ses:ListEmailIdentities") && !call.was_throttled()
}

fn creates(call: &AwsCall) -> bool {
    call.is("ses:CreateEmailIdentity") && !call.was_throttled()
}

fn deletes(call: &AwsCall) -> bool {
    call.is("ses:DeleteEmailIdentity") && !call.was_throttled()
}

fn ses_unavailable() -> FaultInjection {
    let message = "The service is unavailable.".to_owned();
    FaultInjection::Refuse(AwsError::Ses(503, "ServiceUnavailable", message))
}
