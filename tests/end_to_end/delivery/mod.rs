//! The delivery of a transcript, as SES's events report it.

mod bounces;
mod faults;
mod lost_records;
mod ranks;
mod simulator;

use serde_json::Value;
use tests::{AwsCall, AwsProxy, Caller, SENDER, Stack, mail_event};

/// The sample events, each with the state that it leads to.
const SAMPLES: [(&str, &str); 8] = [
    ("mail-sent", "sent"),
    ("mail-delayed", "delayed"),
    ("mail-delivered", "delivered"),
    ("mail-automatic-reply", "sent"),
    ("mail-rejected", "rejected"),
    ("mail-bounced", "bounced"),
    ("mail-suppressed", "bounced"),
    ("mail-complained", "complained"),
];

/// All states, in the order of rank.
const STATES: [&str; 8] = [
    "reserved",
    "unknown",
    "sent",
    "delayed",
    "delivered",
    "rejected",
    "bounced",
    "complained",
];

/// The thread events of a transcript. Each may occur once.
const EVENTS: [&str; 3] = [
    "transcript_sent",
    "transcript_bounced",
    "transcript_complained",
];

/// A stack behind a proxy, in a new hour, with a verified sender, and an agent.
async fn stack() -> (Stack, AwsProxy, Caller) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    let agent = stack.agent("kim").await;
    (stack, aws, agent)
}

/// Whether it is the transaction that records that a mail was sent.
fn records_send(call: &AwsCall) -> bool {
    call.is("dynamodb:TransactWriteItems") && call.mentions("transcript_sent")
}

/// The one transcript of a conversation.
async fn transcript_of(agent: &Caller, conversation: &str) -> Value {
    let mut read = agent.conversation(conversation).await;
    let transcripts = read["transcripts"].as_array_mut().unwrap();
    assert_eq!(transcripts.len(), 1);
    transcripts.remove(0)
}

async fn state_of(agent: &Caller, conversation: &str) -> String {
    let transcript = transcript_of(agent, conversation).await;
    transcript["state"].as_str().unwrap().to_owned()
}

/// How often each of [`EVENTS`] occurs in a thread.
async fn count_events(agent: &Caller, conversation: &str) -> [usize; 3] {
    let mut counts = [0; 3];
    for (count, kind) in counts.iter_mut().zip(EVENTS) {
        *count = agent.events(conversation, kind).await.len();
    }
    counts
}

/// The sample event `name` of a conversation's one transcript.
async fn event_of(agent: &Caller, conversation: &str, name: &str) -> Value {
    let transcript = transcript_of(agent, conversation).await;
    mail_event(name, conversation, transcript["id"].as_str().unwrap())
}

/// Puts an event, and asserts that the function processes it at the first attempt.
async fn put(stack: &Stack, event: Value) {
    let deliveries = stack.put_mail_events(&[event]).await;
    assert_eq!(
        deliveries[0][0]["function"], "track-delivery",
        "{deliveries:?}"
    );
    assert_eq!(deliveries[0][0]["attempts"], 1, "{deliveries:?}");
    assert_eq!(deliveries[0][0]["succeeded"], true, "{deliveries:?}");
}

/// Creates a conversation whose one transcript is in this state.
async fn conversation_in(stack: &Stack, aws: &AwsProxy, agent: &Caller, id: &str, state: &str) {
    stack.conversation(id).await;
    match state {
        "reserved" => {
            let fault = tests::FaultInjection::Refuse(tests::AwsError::Internal);
            aws.inject_always(records_send, fault);
            agent.send_transcript(id).await.expect(201);
            aws.stop_faults();
        }
        "unknown" => {
            stack.next_sends(&["lost_reply"]).await;
            agent.send_transcript(id).await.expect(504);
        }
        "sent" => {
            agent.send_transcript(id).await.expect(201);
        }
        other => {
            agent.send_transcript(id).await.expect(201);
            let (sample, _) = SAMPLES.iter().find(|(_, to)| *to == other).unwrap();
            put(stack, event_of(agent, id, sample).await).await;
        }
    }
    assert_eq!(state_of(agent, id).await, state);
}

/// A transcript to an address other than the visitor's.
fn to(address: &str) -> Value {
    serde_json::json!({ "from": SENDER, "sender_name": "Acme support", "to": address })
}

fn rank(state: &str) -> usize {
    STATES.iter().position(|it| *it == state).unwrap()
}
