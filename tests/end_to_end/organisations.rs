use reqwest::Method;
use serde_json::{Value, json};
use tests::{Caller, Reply, SENDER, Stack, message, transcript};

/// A stack of several organisations. `red` has a verified sender and a conversation `c1` with a
/// rating request; of `blue` there are only an agent and the chat platform's server.
struct World {
    stack: Stack,
    red: Organisation,
    blue: Organisation,
    reds_visitor: Caller,
    reds_request: String,
}

struct Organisation {
    platform: Caller,
    agent: Caller,
}

impl World {
    async fn start() -> Self {
        let stack = Stack::start_with_organisations().await;
        let organisation = async |name| Organisation {
            platform: stack.platform_of(name).await,
            agent: stack.agent_of(name, "kim").await,
        };
        let (red, blue) = (organisation("red").await, organisation("blue").await);
        stack.identity(SENDER, true).await;
        let path = format!("/v1/senders/{SENDER}");
        let name = json!({ "name": "Red" });
        red.agent.put(&path, name).await.expect(201);
        let reds_visitor = stack.conversation_of("red", "c1").await;
        Self {
            reds_request: red.agent.asked("c1").await,
            reds_visitor,
            stack,
            red,
            blue,
        }
    }
}

/// The status and the body, but for the request's id.
fn told(reply: Reply) -> (u16, Value) {
    let mut body = reply.body;
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (reply.status, body)
}

async fn call(caller: &Caller, method: Method, path: &str, body: &Value) -> Reply {
    Reply::of(caller.request(method, path).json(body)).await
}

/// Every agents' route with a request that would be done if the conversation `id` were there.
fn routes_of_conversation(id: &str) -> [(Method, String, Value); 4] {
    let path = |rest: &str| format!("/v1/conversations/{id}{rest}");
    let messages = json!({ "messages": [message("m2", "2026-01-05T09:30:00Z", "Hi")] });
    [
        (Method::GET, path(""), json!({})),
        (Method::POST, path("/messages"), messages),
        (
            Method::POST,
            path("/rating-requests"),
            json!({ "agent": { "id": "kim" } }),
        ),
        (Method::POST, path("/transcripts"), {
            let mut body = transcript();
            body["agent"] = json!({ "id": "kim" });
            body
        }),
    ]
}

#[tokio::test]
async fn another_organisations_conversation_is_answered_as_one_that_does_not_exist() {
    let world = World::start().await;
    let before = world.stack.kept().await;
    let caller = &world.blue.platform;
    let foreign = routes_of_conversation("c1");
    let unknown = routes_of_conversation("c9");
    for ((method, foreign, body), (_, unknown, _)) in foreign.into_iter().zip(unknown) {
        let foreign = told(call(caller, method.clone(), &foreign, &body).await);
        let unknown = told(call(caller, method, &unknown, &body).await);
        assert_eq!(foreign, unknown);
        assert_eq!(foreign.0, 404);
        assert_eq!(foreign.1["code"], "conversation_not_found");
    }
    assert_eq!(world.stack.kept().await, before);
}

#[tokio::test]
async fn its_own_conversation_answers_on_all_of_these_routes() {
    let world = World::start().await;
    let platform = &world.red.platform;
    for (method, path, body) in routes_of_conversation("c1") {
        let mut body = body;
        if let Some(agent) = body.get_mut("agent") {
            agent["id"] = json!("lee");
        }
        call(platform, method, &path, &body).await.expect_success();
    }
}

#[tokio::test]
async fn one_id_in_two_organisations_is_two_conversations() {
    let world = World::start().await;
    let reds = world.red.agent.conversation("c1").await;
    let blues_visitor = world.stack.conversation_of("blue", "c1").await;
    world.blue.agent.asked("c1").await;
    let told = json!({ "status": "resolved", "visitor": { "name": "Bo" } });
    let path = "/v1/conversations/c1";
    world.blue.platform.put(path, told).await.expect(200);
    let note = tests::note("m2", "2026-01-05T09:30:00Z", "Of blue alone");
    let body = json!({ "messages": [note] });
    let path = "/v1/conversations/c1/messages";
    world.blue.platform.post(path, body).await.expect(200);
    assert_eq!(world.red.agent.conversation("c1").await, reds);

    let reds_request = &world.reds_request;
    let answer = json!({ "score": 1 });
    world
        .reds_visitor
        .rate(reds_request, answer)
        .await
        .expect(201);
    let blues = world.blue.agent.conversation("c1").await;
    assert_eq!(blues["rating"], Value::Null);
    assert_eq!(blues["conversation"]["visitor"]["name"], "Bo");
    assert_eq!(blues_visitor.rating_request().await["rating"], Value::Null);
}

#[tokio::test]
async fn a_visitor_reaches_its_own_organisations_conversation_only() {
    let world = World::start().await;
    let visitor = world.stack.conversation_of("blue", "c1").await;
    let before = world.stack.kept().await;
    assert_eq!(
        visitor.rating_request().await["rating_request"],
        Value::Null
    );
    let unknown = "0".repeat(32);
    let foreign = visitor
        .rate(&world.reds_request, json!({ "score": 1 }))
        .await;
    let unknown = visitor.rate(&unknown, json!({ "score": 1 })).await;
    assert_eq!(foreign.status, 404);
    assert_eq!(told(foreign), told(unknown));

    // Nor by another organisation's name in the token.
    let (_, rest) = visitor.token().split_once('.').unwrap();
    let (red, _) = world.reds_visitor.token().split_once('.').unwrap();
    let forger = world.stack.bearer(&format!("{red}.{rest}"));
    forger
        .get("/v1/visitor/rating-request")
        .await
        .expect_problem(401, "invalid_visitor_token");
    forger
        .rate(&world.reds_request, json!({ "score": 1 }))
        .await
        .expect_problem(401, "invalid_visitor_token");
    assert_eq!(world.stack.kept().await, before);
}

#[tokio::test]
async fn another_organisations_sender_cannot_be_claimed_seen_removed_or_used() {
    let world = World::start().await;
    world.stack.conversation_of("blue", "c1").await;
    let agent = &world.blue.agent;
    let before = world.stack.kept().await;
    for address in [SENDER, "Support@Example.COM"] {
        let path = format!("/v1/senders/{address}");
        let problem = agent
            .put(&path, json!({}))
            .await
            .expect_problem(409, "sender_taken");
        assert!(!problem.to_string().contains("red"));

        let foreign = told(agent.delete(&path).await);
        let unknown = told(agent.delete("/v1/senders/nobody@example.com").await);
        assert_eq!(foreign, unknown);
        assert_eq!(foreign.1["code"], "sender_not_found");

        let mut body = transcript();
        body["from"] = json!(address);
        let foreign = told(agent.send_transcript_as("c1", body.clone()).await);
        body["from"] = json!("nobody@example.com");
        let unknown = told(agent.send_transcript_as("c1", body).await);
        assert_eq!(foreign, unknown);
        assert_eq!(foreign.1["code"], "sender_not_verified");
    }
    let listed = agent.get("/v1/senders").await.expect(200);
    assert_eq!(listed, json!({ "senders": [] }));
    let read = agent.conversation("c1").await;
    assert_eq!(read["actions"]["send_transcript"]["senders"], json!([]));
    assert_eq!(world.stack.kept().await, before);
}

#[tokio::test]
async fn a_sender_that_was_given_up_is_free_for_another_organisation() {
    let world = World::start().await;
    let path = format!("/v1/senders/{SENDER}");
    world.red.agent.delete(&path).await.expect(204);
    world.blue.agent.put(&path, json!({})).await.expect(201);
    world
        .red
        .agent
        .put(&path, json!({}))
        .await
        .expect_problem(409, "sender_taken");
}

#[tokio::test]
async fn a_token_that_names_no_organisation_is_refused_on_every_route() {
    let world = World::start().await;
    let before = world.stack.kept().await;
    let sender = format!("/v1/senders/{SENDER}");
    let others = [
        (Method::PUT, "/v1/conversations/c1".to_owned(), json!({})),
        (Method::GET, "/v1/senders".to_owned(), json!({})),
        (Method::PUT, sender.clone(), json!({})),
        (Method::DELETE, sender, json!({})),
        (
            Method::DELETE,
            "/v1/visitors/ana@example.org".to_owned(),
            json!({}),
        ),
        (
            Method::POST,
            "/v1/visitors/erase".to_owned(),
            json!({ "email": "ana@example.org" }),
        ),
    ];
    let routes: Vec<_> = routes_of_conversation("c1")
        .into_iter()
        .chain(others)
        .collect();
    for organisation in [
        json!(null),
        json!(""),
        json!("red#c1"),
        json!("a".repeat(129)),
    ] {
        let caller = world
            .stack
            .with_claims(json!({
                "sub": "platform",
                "org": organisation,
                "scopes": [
                    "conversations:write", "conversations:read", "agents:act", "ratings:ask",
                    "transcripts:send", "senders:write", "conversations:erase",
                ],
            }))
            .await;
        for (method, path, body) in &routes {
            call(&caller, method.clone(), path, body)
                .await
                .expect_problem(403, "token_not_accepted");
        }
    }
    assert_eq!(world.stack.kept().await, before);
}

#[tokio::test]
async fn a_stack_of_one_organisation_serves_it_whatever_the_token_names() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    for organisation in [json!("other"), json!(null)] {
        let agent = stack
            .with_claims(json!({ "sub": "kim", "org": organisation }))
            .await;
        agent.conversation("c1").await;
    }
}
