//! The cost of a conversation whose messages arrive as events of Chatwoot.

use local_chatwoot::{DeliveryPlan, Status};
use serde_json::json;
use tests::ChatPlatform;

use crate::cost::operations::{Operation, Scenario, request};

/// The number of messages of the conversation.
const MESSAGES: usize = 20;

impl Scenario {
    /// Receives the events of a conversation, and reads it from Chatwoot when it is resolved.
    pub(super) async fn receive_hooks(&mut self) {
        // The clock of the stack is ahead, so signatures would not be accepted.
        let platform = ChatPlatform::start_unsigned().await;
        let agent = self.stack.agent("team-lead").await;
        agent.put("/v1/settings", json!({})).await.expect(200);
        let connection = "/v1/connections/chatwoot/main";
        let connected = agent.put(connection, platform.connection()).await;
        connected.expect(201);
        let conversation = platform.start_conversation("Where is my parcel?");
        let chatwoot = &platform.chatwoot;
        for number in 1..MESSAGES {
            let text =
                format!("Message {number}: I look for it, and write to you within the hour.");
            let written = match number % 2 {
                0 => chatwoot.visitor_writes(conversation, &text),
                _ => chatwoot.agent_writes(conversation, platform.administrator, &text),
            };
            written.unwrap();
            deliver(&platform, DeliveryPlan::in_order()).await;
        }
        let deliveries = chatwoot.deliveries();
        let messages = deliveries.iter().filter(|it| it.event == "message_created");
        let messages = messages.count();
        println!(
            "A conversation of {MESSAGES} messages causes {messages} events of messages and {} of changes.",
            deliveries.len() - messages
        );
        let only_message = DeliveryPlan::in_order().losing_if(|hook| hook.message().is_none());
        let only_change = DeliveryPlan::in_order().losing_if(|hook| hook.message().is_some());
        for (name, plan) in [
            ("receive a message of Chatwoot", only_message),
            ("receive a change of Chatwoot", only_change),
        ] {
            // An answer of the agent also changes since when the visitor has waited.
            chatwoot
                .visitor_writes(conversation, "Is it here?")
                .unwrap();
            deliver(&platform, DeliveryPlan::in_order()).await;
            let agent = platform.administrator;
            let text = "It is here.";
            chatwoot.agent_writes(conversation, agent, text).unwrap();
            let (_, calls) = self.aws.calls_by_round_trip(deliver(&platform, plan)).await;
            self.add(request("receive-webhook", name), calls);
        }
        let resolved = chatwoot.set_status(conversation, platform.administrator, Status::Resolved);
        resolved.unwrap();
        deliver(&platform, DeliveryPlan::in_order()).await;
        let (_, calls) = self
            .aws
            .calls_by_round_trip(self.stack.deliver_events())
            .await;
        let operation = Operation {
            is_request: false,
            ..request(
                "call-platform",
                "read a resolved conversation from Chatwoot",
            )
        };
        self.add(operation, calls);
    }
}

async fn deliver(platform: &ChatPlatform, plan: DeliveryPlan) {
    platform.chatwoot.deliver_hooks(&plan).await;
}
