//! The real binary of `send-transcript` killed on its way.

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

/// Longer than a reserved transcript may still be on its way, in seconds.
const LEASE: u64 = 31;

/// A stack behind a proxy with all that a transcript needs, and the binary that is to be killed.
struct Scene {
    stack: Stack,
    aws: AwsProxy,
    agent: Caller,
    deployment: Deployment,
    sandbox: Sandbox,
}

impl Scene {
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

    /// Has the binary send a transcript under [`KEY`], and kills it when the call has come that
    /// waits for `held`.
    async fn kill_when_held(self, held: &Held) -> Survivors {
        let event = self.event();
        tokio::select! {
            outcome = self.sandbox.invoke(event.to_string(), deadline()) => {
                panic!("it came to its end: {outcome:?}")
            }
            () = held.arrived() => {}
        }
        let ended = self.sandbox.kill().await;
        assert_eq!(ended.status.signal(), Some(SIGKILL));
        Survivors {
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
        event.expect("the route is there")
    }
}

#[expect(clippy::disallowed_methods, reason = "a deadline is in real time")]
fn deadline() -> Timestamp {
    Timestamp::now() + Duration::from_secs(29)
}

/// What is left when the binary is gone.
struct Survivors {
    stack: Stack,
    aws: AwsProxy,
    agent: Caller,
}

impl Survivors {
    /// The one transcript in the table.
    async fn transcript(&self) -> Value {
        let items = self.stack.items().await;
        let is_transcript =
            |item: &&Value| item["sk"]["S"].as_str().unwrap().starts_with("TRANSCRIPT#");
        let mut transcripts = items.iter().filter(is_transcript);
        let transcript = transcripts.next().expect("it was reserved").clone();
        assert_eq!(transcripts.count(), 0);
        transcript
    }

    /// Asserts that the transcript stays reserved, that its key sends nothing more, and that the
    /// agent may have another one sent. So many mails went out for the key.
    async fn assert_sends_nothing_more(&self, mails: usize) {
        assert_eq!(self.transcript().await["state"]["S"], "reserved");
        let again = self.agent.send_transcript_once("c1", KEY).await;
        again.expect_problem(409, "idempotency_key_in_use");

        self.stack.advance(LEASE).await;
        for _ in 0..2 {
            let late = self.agent.send_transcript_once("c1", KEY).await;
            assert_eq!(late.header("idempotent-replayed"), "true");
            late.expect_problem(504, "email_outcome_unknown");
        }
        assert_eq!(self.stack.outbox().await.len(), mails);
        assert_eq!(self.transcript().await["state"]["S"], "reserved");

        self.agent.send_transcript("c1").await.expect(201);
        self.agent
            .send_transcript_once("c1", "another")
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
async fn killed_before_the_send_its_key_sends_nothing() {
    let scene = Scene::new().await;
    let held = scene.aws.hold(sends);
    let left = scene.kill_when_held(&held).await;
    left.assert_sends_nothing_more(0).await;
}

#[tokio::test]
async fn killed_while_the_mail_is_on_its_way_to_ses_its_key_sends_no_second() {
    let scene = Scene::new().await;
    let held = Held::default();
    scene
        .aws
        .inject(1, sends, FaultInjection::Delay(held.clone()));
    let left = scene.kill_when_held(&held).await;
    held.release();
    held.passed().await;
    left.assert_sends_nothing_more(1).await;
}

#[tokio::test]
async fn killed_between_the_send_and_its_record_its_key_sends_no_second() {
    let scene = Scene::new().await;
    let held = scene.aws.hold(records);
    let left = scene.kill_when_held(&held).await;
    left.assert_sends_nothing_more(1).await;
}

#[tokio::test]
async fn what_a_killed_send_leaves_tells_the_key_of_the_event_that_is_missing() {
    let scene = Scene::new().await;
    let held = scene.aws.hold(records);
    let left = scene.kill_when_held(&held).await;
    let calls = left.aws.calls();
    let record = calls.iter().find(|call| records(call)).unwrap();
    let items = record.body["TransactItems"].as_array().unwrap();
    let event = items
        .iter()
        .find_map(|item| item["Put"].get("Item"))
        .unwrap();

    let reserved = left.transcript().await;
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
    assert!(left.agent.events("c1", "transcript_sent").await.is_empty());
}
