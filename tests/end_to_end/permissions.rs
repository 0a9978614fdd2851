//! IAM permissions of the functions. Every stack of the tests enforces them, so a missing one fails a
//! test. These tests find unused permissions and check what must stay forbidden.

use std::collections::BTreeSet;

use local::Permission;
use local_chatwoot::Status;
use serde_json::{Value, json};
use tests::{
    AwsCall, AwsError, AwsProxy, Callers, Contract, FaultInjection, Reply, SENDER, SeededRequest,
    Stack, mail_event, message, note, transcript_with_faces,
};

use crate::chatwoot::{CONNECTION, Team};

/// A stack behind a proxy, after every kind of AWS call that the functions make. A permission that is
/// unused here is never used.
async fn stack_after_every_kind_of_call() -> (Stack, AwsProxy) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let (platform, agent) = (stack.platform().await, stack.agent("kim").await);

    stack.verified_sender().await;
    agent.get("/v1/senders").await.expect(200);
    // Releasing an address deletes the SES identity that its claim created.
    agent
        .put("/v1/senders/a@example.net", json!({}))
        .await
        .expect(201);
    agent.delete("/v1/senders/a@example.net").await.expect(204);

    let visitor = stack.conversation("c1").await;
    let notes = json!({ "messages": [note("n1", "2026-01-05T09:01:00Z", "A private note")] });
    let messages = "/v1/conversations/c1/messages";
    platform.post(messages, notes).await.expect(200);

    let request = agent.ask_for_id("c1").await;
    visitor.rating_request().await;
    visitor
        .rate(&request, json!({ "score": 4 }))
        .await
        .expect(201);
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect(200);
    agent.conversation("c1").await;

    agent.send_transcript("c1").await.expect(201);
    stack.next_sends(&["reject"]).await;
    agent
        .send_transcript("c1")
        .await
        .expect_problem(502, "email_refused");
    stack.next_sends(&["error"]).await;
    agent
        .send_transcript("c1")
        .await
        .expect_problem(504, "email_outcome_unknown");
    stack.conversation("c2").await;
    let sent = agent
        .send_transcript_as("c2", transcript_with_faces())
        .await
        .expect(201);
    assert!(sent["rating_request"]["id"].is_string(), "{sent}");

    let transcript = sent["transcript"]["id"].as_str().unwrap();
    let bounced = mail_event("mail-bounced", "c2", transcript);
    stack.put_mail_events(&[bounced]).await;

    // If the write of a rating request fails on every attempt, the function reads the conversation.
    stack.conversation("c3").await;
    let conflict = FaultInjection::Refuse(AwsError::TransactionConflict);
    aws.inject_always(|call| call.is("dynamodb:TransactWriteItems"), conflict);
    agent
        .ask("c3")
        .await
        .expect_problem(503, "storage_unavailable");
    aws.stop_faults();

    let request = SeededRequest::new("r1", "2026-11-02T09:00:00.000Z", "kim").rated(5);
    stack.seed(&[request]).await;
    for path in [
        "/v1/satisfaction?group_by=day",
        "/v1/satisfaction?group_by=reason",
        "/v1/ratings?limit=10",
    ] {
        let path = format!("{path}&from=2026-11-02&to=2026-11-02");
        agent.get(&path).await.expect(200);
    }

    // A conversation is recorded again after it expired and its entries did not.
    stack.conversation("c4").await;
    stack.delete_expired("main#c4", "CONVERSATION").await;
    stack.conversation("c4").await;

    follow_up(&stack).await;

    // One conversation is erased by its id, one with its visitor, and one has expired before.
    agent.delete("/v1/conversations/c1").await.expect(200);
    for item in stack.items().await {
        if item["pk"]["S"] == "main#c2" {
            let sk = item["sk"]["S"].as_str().unwrap();
            stack.delete_expired("main#c2", sk).await;
        }
    }
    agent
        .delete("/v1/visitors/ana@example.org")
        .await
        .expect(200);
    agent
        .post("/v1/visitors/erase", json!({ "email": "ana@example.org" }))
        .await
        .expect(200);

    // The requests are counted, and rolled up after their day has ended.
    assert!(stack.deliver_stream().await);
    stack.advance(2 * 24 * 60 * 60).await;
    assert!(stack.roll_up().await);
    (stack, aws)
}

/// Lets the rules of the settings act.
async fn follow_up(stack: &Stack) {
    let agent = stack.agent("kim").await;
    let rule = |minutes: u16| json!({ "enabled": true, "after_minutes": minutes });
    let settings = json!({
        "asking": { "on_resolve": rule(5), "expires_after_days": 1 },
        "transcripts": { "from": SENDER, "sender_name": "Acme", "on_resolve": rule(0) },
    });
    agent.put("/v1/settings", settings).await.expect(200);
    stack.conversation("c5").await;
    stack.settle().await;
    let status = |status: &str| json!({ "status": status });
    let path = "/v1/conversations/c5";
    // A mail that is certainly not sent gives its slot back.
    stack.next_sends(&["reject"]).await;
    for change in ["resolved", "open", "resolved"] {
        agent.put(path, status(change)).await.expect(200);
        stack.settle().await;
    }
    stack.advance(10 * 60).await;
    stack.settle().await;
    stack.advance(24 * 60 * 60).await;
    stack.settle().await;
}

/// The permissions that reading a conversation uses if `VisitorAskIntervalDays` is set.
async fn used_with_a_visitor_ask_interval() -> BTreeSet<Permission> {
    let options = Stack::options_with(&[("VisitorAskIntervalDays", "30")]);
    let stack = Stack::start_with(options).await;
    stack.conversation("c1").await;
    stack.agent("kim").await.conversation("c1").await;
    stack.iam().used()
}

/// What the functions use if each operation is called by the contract's example. A function that
/// needs more for its permissions is called in [`stack_after_every_kind_of_call`], too.
async fn used_by_the_examples_of_the_contract() -> BTreeSet<Permission> {
    let stack = Stack::start().await;
    let callers = Callers::of(&stack).await;
    for operation in Contract::load().operations() {
        let path = operation.example_path(&[("conversation_id", "c1")]);
        Reply::of(callers.request(&operation, &path)).await;
    }
    stack.iam().used()
}

/// What the functions for chat platforms use.
async fn used_by_a_connected_team() -> BTreeSet<Permission> {
    let team = Team::connected().await;
    team.set_sender().await;
    team.note("/ask-rating");
    team.deliver().await;
    // A mail that is certainly not sent gives its slot back.
    team.stack.next_sends(&["reject"]).await;
    team.note("/send-transcript");
    team.deliver().await;
    team.note("/send-transcript");
    team.deliver().await;
    let sent = team.admin.send_transcript(&team.id().await).await;
    sent.expect(201);
    // The conversation is recorded again after it expired and its entries did not.
    let partition = format!("main#{}", team.id().await);
    team.stack.delete_expired(&partition, "CONVERSATION").await;
    team.visitor_writes("Are you there?");
    team.deliver().await;
    team.set_status(Status::Resolved);
    team.deliver_hooks().await;
    team.stack.delete_expired(&partition, "CONVERSATION").await;
    team.deliver().await;
    team.admin.delete(CONNECTION).await.expect(204);
    team.stack.iam().used()
}

#[tokio::test]
async fn each_function_uses_every_permission_that_it_has() {
    let (stack, _aws) = stack_after_every_kind_of_call().await;
    let granted = stack.iam().granted();
    assert!(!granted.is_empty());
    let mut used = stack.iam().used();
    used.extend(used_with_a_visitor_ask_interval().await);
    used.extend(used_by_the_examples_of_the_contract().await);
    used.extend(used_by_a_connected_team().await);
    let unused: Vec<_> = granted.difference(&used).cloned().collect();
    assert!(unused.is_empty(), "granted and never used: {unused:#?}");
}

#[tokio::test]
async fn a_call_without_permission_is_refused_and_recorded() {
    let stack = Stack::start().await;
    let scan = json!({ "TableName": "afterchat" });
    let refused = stack.dynamodb_as("ask-rating", "Scan", scan).await;
    let problem = refused.expect(400);
    assert_eq!(
        problem["__type"],
        "com.amazon.coral.service#AccessDeniedException"
    );
    let expected = Permission {
        function: "ask-rating".to_owned(),
        action: "dynamodb:Scan".to_owned(),
        resource: "arn:aws:dynamodb:us-east-1:000000000000:table/afterchat".to_owned(),
    };
    assert_eq!(stack.iam().take_denied(), BTreeSet::from([expected]));
}

#[tokio::test]
async fn the_transcript_function_can_list_public_entries_and_no_others() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let notes = json!({ "messages": [
        note("n1", "2026-01-05T09:01:00Z", "A private note"),
        message("m2", "2026-01-05T09:02:00Z", "Anyone there?"),
    ]});
    let platform = stack.platform().await;
    platform
        .post("/v1/conversations/c1/messages", notes)
        .await
        .expect(200);

    let list = |index: Value| {
        let mut query = json!({
            "TableName": "afterchat",
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": { ":pk": { "S": "main#c1" } },
        });
        if !index.is_null() {
            query["IndexName"] = index;
        }
        query
    };
    let listed = stack
        .dynamodb_as("send-transcript", "Query", list(json!("public_thread")))
        .await;
    let listed = listed.expect(200);
    let texts: Vec<_> = listed["Items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["text"]["S"])
        .collect();
    assert_eq!(texts, ["Hello", "Anyone there?"]);

    let every = json!({ "TableName": "afterchat" });
    let forbidden = [
        ("Query", list(Value::Null)),
        ("Scan", every),
        (
            "Scan",
            json!({ "TableName": "afterchat", "IndexName": "public_thread" }),
        ),
        (
            "ExecuteStatement",
            json!({ "Statement": "SELECT * FROM afterchat" }),
        ),
    ];
    for (operation, input) in forbidden {
        let refused = stack.dynamodb_as("send-transcript", operation, input).await;
        let problem = refused.expect(400);
        let kind = problem["__type"].as_str().unwrap();
        assert!(
            kind.ends_with("#AccessDeniedException"),
            "{operation}: {problem}"
        );
    }
    assert_eq!(stack.iam().take_denied().len(), 4);
}

#[tokio::test]
async fn the_report_function_can_read_only_counts_and_ratings() {
    let stack = Stack::start().await;
    let request = SeededRequest::new("r1", "2026-11-02T09:00:00.000Z", "kim").rated(5);
    stack.seed(&[request]).await;
    // The second id makes the conversation's partition key resemble those of the counts.
    for conversation in ["c1", "SATISFACTION"] {
        stack.conversation(conversation).await;
    }
    let query = |partition: &str| {
        let query = json!({
            "TableName": "afterchat",
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": { ":pk": { "S": partition } },
        });
        ("Query", query)
    };
    let batch = |attributes: Option<&str>| {
        let key = json!({ "pk": { "S": "main#r1" }, "sk": { "S": "REQUEST#r1" } });
        let mut keys = json!({ "Keys": [key] });
        if let Some(attributes) = attributes {
            keys["ProjectionExpression"] = json!(attributes);
        }
        let batch = json!({ "RequestItems": { "afterchat": keys } });
        ("BatchGetItem", batch)
    };
    let get = |partition: &str| {
        let key = json!({ "pk": { "S": partition }, "sk": { "S": "CONVERSATION" } });
        ("GetItem", json!({ "TableName": "afterchat", "Key": key }))
    };
    let allowed = [
        query("main#SATISFACTION#DAYS"),
        batch(Some("answer, asked_by, details, pk")),
    ];
    for (operation, input) in allowed {
        let reply = stack
            .dynamodb_as("report-satisfaction", operation, input)
            .await;
        reply.expect(200);
    }
    let forbidden = [
        query("main#c1"),
        query("main#SATISFACTION"),
        query("main#ORGANISATION#SETTINGS"),
        get("main#c1"),
        get("main#SATISFACTION"),
        batch(None),
        batch(Some("answer, link")),
        batch(Some("answer, visitor_secret")),
    ];
    for (operation, input) in forbidden {
        let described = format!("{operation} {input}");
        let refused = stack
            .dynamodb_as("report-satisfaction", operation, input)
            .await;
        let problem = refused.expect(400);
        let kind = problem["__type"].as_str().unwrap();
        assert!(
            kind.ends_with("#AccessDeniedException"),
            "{described}: {problem}"
        );
    }
    assert!(!stack.iam().take_denied().is_empty());
}

#[tokio::test]
async fn the_transcript_function_reads_threads_only_through_the_public_index() {
    let (_stack, aws) = stack_after_every_kind_of_call().await;
    let calls = aws.calls();
    let by_it: Vec<_> = calls
        .iter()
        .filter(|call| call.function == "send-transcript")
        .collect();
    let all = |which: &str| -> Vec<&AwsCall> {
        by_it
            .iter()
            .copied()
            .filter(|call| call.is(which))
            .collect()
    };

    let queries = all("dynamodb:Query");
    assert!(!queries.is_empty());
    for query in queries {
        assert_eq!(query.body["IndexName"], "public_thread");
    }
    let reads = [all("dynamodb:GetItem"), all("dynamodb:BatchGetItem")];
    assert!(reads.iter().all(|calls| !calls.is_empty()));
    for read in reads.concat() {
        assert!(!read.mentions("ENTRY#"), "{}", read.body);
    }
    // None of its other operations returns an item.
    let operations: BTreeSet<_> = by_it.iter().map(|call| call.operation.as_str()).collect();
    let expected = [
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:TransactWriteItems",
        "dynamodb:UpdateItem",
        "ses:SendEmail",
    ];
    assert_eq!(operations, expected.into());
}
