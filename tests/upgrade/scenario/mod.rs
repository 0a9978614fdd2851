//! Every task of the functions, while versions take turns.

mod conversations;
mod counts;
mod mails;
mod ratings;

use serde_json::Value;
use tests::{Caller, Stack};

const CONVERSATION: &str = "/v1/conversations/c1";

/// Texts that no mail may contain, and that an erasure deletes.
const NOTE: &str = "she may have a refund";
const HIDDEN: &str = "my card is 4111";

/// A stack and its callers.
pub(crate) struct Scenario {
    stack: Stack,
    platform: Caller,
    kim: Caller,
    jo: Caller,
}

/// Asserts that two responses are equal in all members that both have.
#[track_caller]
fn assert_agree(one: &Value, other: &Value) {
    match (one, other) {
        (Value::Object(members), Value::Object(others)) => {
            for (name, member) in members {
                if let Some(other) = others.get(name) {
                    assert_agree(member, other);
                }
            }
        }
        (Value::Array(members), Value::Array(others)) => {
            assert_eq!(members.len(), others.len(), "{one} {other}");
            for (member, other) in members.iter().zip(others) {
                assert_agree(member, other);
            }
        }
        (one, other) => assert_eq!(one, other),
    }
}

/// Reads four times, so that each turn answers. Asserts that the responses agree.
async fn read(caller: &Caller, path: &str) -> Value {
    let first = caller.get(path).await.expect(200);
    for _ in 0..3 {
        assert_agree(&first, &caller.get(path).await.expect(200));
    }
    first
}

impl Scenario {
    pub(crate) async fn new(stack: Stack) -> Self {
        Self {
            platform: stack.platform().await,
            kim: stack.agent("kim").await,
            jo: stack.agent("jo").await,
            stack,
        }
    }

    pub(crate) async fn run(self) {
        self.senders().await;
        let visitor = self.record().await;
        self.ask_and_rate(&visitor).await;
        self.withdraw().await;
        self.mail().await;
        self.limits().await;
        self.count_and_roll_up().await;
        self.report().await;
        self.erase(&visitor).await;
    }

    async fn senders(&self) {
        self.stack.verified_sender().await;
        let listed = read(&self.kim, "/v1/senders").await;
        assert_eq!(listed["senders"][0]["verification"], "verified");
    }
}
