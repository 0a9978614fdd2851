//! The secrets of a connection are out of reach of every other function.

use serde_json::json;

use crate::chatwoot::Team;

#[tokio::test]
async fn only_the_functions_that_call_platforms_read_the_secrets() {
    let team = Team::connected().await;
    let secrets = json!({
        "TableName": "afterchat",
        "Key": {"pk": {"S": "main#SECRET#CONNECTIONS"}, "sk": {"S": "chatwoot#main"}},
    });
    let batch = json!({"RequestItems": {"afterchat": {"Keys": [secrets["Key"]]}}});
    for function in [
        "ask-rating",
        "count-ratings",
        "erase-conversations",
        "follow-up",
        "manage-senders",
        "manage-settings",
        "read-conversation",
        "record-conversation",
        "report-satisfaction",
        "roll-up-satisfaction",
        "send-transcript",
        "submit-rating",
        "track-delivery",
    ] {
        for (operation, input) in [("GetItem", &secrets), ("BatchGetItem", &batch)] {
            let reply = team.stack.dynamodb_as(function, operation, input.clone());
            let reply = reply.await;
            assert_eq!(reply.status, 400, "{function} {operation}");
        }
    }
    team.stack.iam().take_denied();
    for function in ["receive-webhook", "call-platform", "manage-connections"] {
        let reply = team
            .stack
            .dynamodb_as(function, "BatchGetItem", batch.clone());
        assert_eq!(reply.await.status, 200, "{function}");
    }
    for function in ["receive-webhook", "call-platform"] {
        let item = json!({"TableName": "afterchat", "Item": secrets["Key"]});
        let reply = team.stack.dynamodb_as(function, "PutItem", item).await;
        assert_eq!(reply.status, 400, "{function}");
    }
    team.stack.iam().take_denied();
}
