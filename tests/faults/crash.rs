//! The real binary of `send-transcript`, killed while it handles a request.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use domain::{self, ConversationId, EntryId, OrganisationId, TranscriptId};
use jiff::Timestamp;
use local::Deployment;
use serde_json::Value;
use store::key;
use tests::{AwsCall, AwsProxy, Caller, FaultInjection, Held, Sandbox, Stack, transcript};

const PATH: &str = "/v1/conversations/c1/transcripts";
const KEY: &str = "k";
const SIGKILL: i32 = 9;

/// Longer than the time in which a reserved transcript may still be sent, in seconds.
const LEASE: u64 = 31;

/// A stack behind a proxy with everything that a transcript needs, and the binary that is killed.
struct Running {
    stack: Stack,
    aws: AwsProxy,
    agent: Caller,
    deployment: Deployment,
    sandbox: Sandbox,
}

impl Running {
    async fn new() -> Self {
        let options = Stack::options();
        let deployment = Deployment::load(&options).unwrap();
        let (stack, aws) = Stack::start_behind_proxy(options).await;
        stack.verified_sender().await;
        stack.conversation("c1").await;
        let agent = stack.agent("kim").await;
        let environment = deployment.environment("send-transcript", &aws.url());
        let sandbox = Sandbox::start("send-transcript", environment.unwrap()).await;
        Self {
            stack,
            aws,
            agent,
            deployment,
            sandbox,
        }
    }

    /// Sends a transcript with [`KEY`] through the binary, and kills the binary when its call reaches
    /// `held`.
    async fn kill_when_held(self, held: &Held) -> Killed {
        let event = self.event();
        tokio::select! {
            outcome = self.sandbox.invoke(event.to_string(), deadline()) => {
                panic!("the request ended before the kill: {outcome:?}")
            }
            () = held.arrived() => {}
        }
        let ended = self.sandbox.kill().await;
        assert_eq!(ended.status.signal(), Some(SIGKILL));
        Killed {
            stack: self.stack,
            aws: self.aws,
            agent: self.agent,
        }
    }

    fn event(&self) -> Value {
        let request = Request::post(PATH)
            .header("content-type", "application/json")
            .header("idempotency-key", KEY)
            .body(Bytes::from(transcript().to_string()))
            .unwrap();
        let claims = [("sub", "kim"), ("scope", "afterchat/transcripts:send")];
        let claims = claims.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let event = self.deployment.event(request, Some(BTreeMap::from(claims)));
        event.expect("the route exists")
    }
}

#[expect(clippy::disallowed_methods, reason = "a deadline is in real time")]
fn deadline() -> Timestamp {
    Timestamp::now() + Duration::from_secs(29)
}

/// The stack after the binary was killed.
struct Killed {
    stack: Stack,
    aws: AwsProxy,
    agent: Caller,
}

impl Killed {
    /// The only transcript in the table.
    async fn transcript(&self) -> Value {
        let items = self.stack.items().await;
        let is_transcript =
            |item: &&Value| item["sk"]["S"].as_str().unwrap().starts_with("TRANSCRIPT#");
        let mut transcripts = items.iter().filter(is_transcript);
        let transcript = transcripts.next().expect("it was reserved").clone();
        assert_eq!(transcripts.count(), 0);
        transcript
    }

    /// Asserts that the transcript stays reserved, that a retry sends nothing, and that the agent can
    /// send another transcript. `mails` is the number of mails that the key has sent.
    async fn assert_sends_nothing_more(&self, mails: usize) {
        assert_eq!(self.transcript().await["state"]["S"], "reserved");
        let retry = self.agent.send_transcript_with_key("c1", KEY).await;
        retry.expect_problem(409, "idempotency_key_in_use");

        self.stack.advance(LEASE).await;
        for _ in 0..2 {
            let late = self.agent.send_transcript_with_key("c1", KEY).await;
            assert_eq!(late.header("idempotent-replayed"), "true");
            late.expect_problem(504, "email_outcome_unknown");
        }
        assert_eq!(self.stack.outbox().await.len(), mails);
        assert_eq!(self.transcript().await["state"]["S"], "reserved");

        self.agent.send_transcript("c1").await.expect(201);
        self.agent
            .send_transcript_with_key("c1", "another")
            .await
            .expect(201);
        assert_eq!(self.stack.outbox().await.len(), mails + 2);
    }
}

fn sends(call: &AwsCall) -> bool {
    call.is("ses:SendEmail")
}

fn records(call: &AwsCall) -> bool {
    call.is("dynamodb:TransactWriteItems") && call.mentions("transcript_sent")
}

#[tokio::test]
async fn after_a_kill_before_the_send_a_retry_sends_nothing() {
    let running = Running::new().await;
    let held = running.aws.hold(sends);
    let killed = running.kill_when_held(&held).await;
    killed.assert_sends_nothing_more(0).await;
}

#[tokio::test]
async fn after_a_kill_during_the_send_a_retry_sends_no_second_mail() {
    let running = Running::new().await;
    let held = Held::default();
    running
        .aws
        .inject(1, sends, FaultInjection::HoldDetached(held.clone()));
    let killed = running.kill_when_held(&held).await;
    held.release();
    held.passed().await;
    killed.assert_sends_nothing_more(1).await;
}

#[tokio::test]
async fn after_a_kill_between_the_send_and_its_record_a_retry_sends_no_second_mail() {
    let running = Running::new().await;
    let held = running.aws.hold(records);
    let killed = running.kill_when_held(&held).await;
    killed.assert_sends_nothing_more(1).await;
}

#[tokio::test]
async fn the_key_of_the_missing_event_can_be_derived_from_the_transcript_of_a_killed_send() {
    let running = Running::new().await;
    let held = running.aws.hold(records);
    let killed = running.kill_when_held(&held).await;
    let calls = killed.aws.calls();
    let record = calls.iter().find(|call| records(call)).unwrap();
    let items = record.body["TransactItems"].as_array().unwrap();
    let event = items
        .iter()
        .find_map(|item| item["Put"].get("Item"))
        .unwrap();

    let reserved = killed.transcript().await;
    let attribute = |name: &str| reserved[name]["S"].as_str().unwrap();
    let id = TranscriptId::parse(attribute("transcript_id")).unwrap();
    let key = key::entry(
        &OrganisationId::parse("main").unwrap(),
        &ConversationId::parse("c1").unwrap(),
        domain::Timestamp::parse(attribute("sent_at")).unwrap(),
        &EntryId::of_event("transcript_sent", id.as_str()),
    );
    assert_eq!(event["pk"]["S"], key.pk);
    assert_eq!(event["sk"]["S"], key.sk);
    assert!(
        killed
            .agent
            .events("c1", "transcript_sent")
            .await
            .is_empty()
    );
}
