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
        let platform = ChatPlatform::start().await;
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
            chatwoot.visitor_writes(conversation, "Thank you.").unwrap();
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
