//! Stack parameters in the syntax of `sam deploy --parameter-overrides`.

use local::{Options, ParameterOverrides, Server};
use serde_json::Value;
use tests::Stack;

fn options(overrides: &str) -> Options {
    let overrides: ParameterOverrides = overrides.parse().unwrap();
    Options {
        parameters: overrides.into_iter().collect(),
        ..Stack::options()
    }
}

#[tokio::test]
async fn parameters_reach_the_functions() {
    let stack = Stack::start_with(options("BrandName=\"Acme Chat\" RetentionDays=1")).await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    agent.send_transcript("c1").await.expect(201);
    let mails = stack.outbox().await;
    let subject = mails[0]["subject"].as_str().unwrap();
    assert!(subject.contains("Acme Chat"), "{subject}");
    let items = stack.items().await;
    let conversation = items.iter().find(|item| item["sk"]["S"] == "CONVERSATION");
    assert_ne!(conversation.unwrap()["expires_at"], Value::Null);
}

#[tokio::test]
async fn a_value_that_violates_a_rule_of_the_template_prevents_the_start() {
    for (overrides, fragments) in [
        ("RetentionDays=-1", ["RetentionDays", "MinValue is 0"]),
        (
            "RetentionDays=36501",
            ["RetentionDays", "MaxValue is 36500"],
        ),
        ("RetentionDays=week", ["RetentionDays", "Type is Number"]),
        ("BrandName=", ["BrandName", "AllowedPattern"]),
        ("MailSubject={name}", ["MailSubject", "AllowedPattern"]),
        ("MailSubject={brand", ["MailSubject", "AllowedPattern"]),
        (
            "AllowOtherRecipients=yes",
            ["AllowOtherRecipients", "AllowedValues are [true, false]"],
        ),
        ("Retention=1", ["no parameter Retention", "RetentionDays"]),
        (
            "Organisation=",
            ["OrganisationOrClaim", "Set either Organisation or"],
        ),
        (
            "JwtAudience=",
            ["IssuerAndAudience", "Set JwtIssuer and JwtAudience"],
        ),
    ] {
        let refused = Server::start(options(overrides)).await.unwrap_err();
        let text = refused.to_string();
        for fragment in fragments {
            assert!(text.contains(fragment), "{overrides}: {text}");
        }
    }
}
