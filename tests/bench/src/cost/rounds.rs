//! The cost of a round: what the rules of the settings do after a conversation was resolved.

use serde_json::json;
use tests::SENDER;

use crate::cost::operations::{Operation, Scenario, request};

/// After how many minutes the rules act.
const AFTER_MINUTES: u64 = 15;

impl Scenario {
    /// Resolves a conversation, and lets a rule ask and another one send the transcript.
    pub(super) async fn follow_up(&mut self) {
        let agent = self.stack.agent("team-lead").await;
        let rule = json!({ "enabled": true, "after_minutes": AFTER_MINUTES });
        let asking = json!({ "asking": { "on_resolve": rule } });
        let sending = json!({
            "transcripts": { "from": SENDER, "sender_name": "Acme", "on_resolve": rule },
        });
        for (settings, conversation, resolve, plan, act, max_trips) in [
            (
                asking,
                "resolved-and-asked",
                "resolve a conversation",
                "schedule that a rule asks",
                "ask by the rule",
                // The reads, and one write.
                Some(2),
            ),
            (
                sending,
                "resolved-and-mailed",
                "resolve another conversation",
                "schedule that a rule sends the transcript",
                "mail the transcript by the rule",
                None,
            ),
        ] {
            agent.put("/v1/settings", settings).await.expect(200);
            // Functions use a copy of the settings for up to 60 seconds.
            self.stack.advance(61).await;
            self.stack.conversation(conversation).await;
            self.stack.settle().await;
            let path = format!("/v1/conversations/{conversation}");
            let resolved = agent.put(&path, json!({ "status": "resolved" }));
            let operation = Operation {
                events: 1,
                max_trips: Some(1),
                ..request("record-conversation", resolve)
            };
            self.measure_request(operation, resolved).await;
            let (_, calls) = self
                .aws
                .calls_by_round_trip(self.stack.deliver_events())
                .await;
            self.add(event(plan, None), calls);
            self.stack.advance(AFTER_MINUTES * 60 + 1).await;
            let (_, calls) = self
                .aws
                .calls_by_round_trip(self.stack.fire_due_schedules())
                .await;
            self.add(event(act, max_trips), calls);
        }
    }
}

/// An event of `follow-up`.
fn event(name: &'static str, max_trips: Option<u32>) -> Operation {
    Operation {
        is_request: false,
        max_trips,
        ..request("follow-up", name)
    }
}
