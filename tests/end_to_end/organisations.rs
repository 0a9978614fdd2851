use reqwest::Method;
use serde_json::{Value, json};
use tests::{Caller, Reply, SENDER, Stack, message, transcript};

/// A stack for several organisations. `red` has a verified sender and a conversation `c1` with a
/// rating request; `blue` has only an agent and the chat platform's server.
struct TwoOrganisations {
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

impl TwoOrganisations {
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
            reds_request: red.agent.ask_for_id("c1").await,
            reds_visitor,
            stack,
            red,
            blue,
        }
    }
}

/// The status and the body without the `request_id`, which differs between any two responses.
fn comparable(reply: Reply) -> (u16, Value) {
    let mut body = reply.body;
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (reply.status, body)
}

async fn send(caller: &Caller, method: Method, path: &str, body: &Value) -> Reply {
    Reply::of(caller.request(method, path).json(body)).await
}

/// A valid request for each route that agents use in the conversation `id`.
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
async fn another_organisations_conversation_returns_the_same_404_as_a_nonexistent_one() {
    let setup = TwoOrganisations::start().await;
    let before = setup.stack.all_data().await;
    let caller = &setup.blue.platform;
    let foreign = routes_of_conversation("c1");
    let unknown = routes_of_conversation("c9");
    for ((method, foreign, body), (_, unknown, _)) in foreign.into_iter().zip(unknown) {
        let foreign = comparable(send(caller, method.clone(), &foreign, &body).await);
        let unknown = comparable(send(caller, method, &unknown, &body).await);
        assert_eq!(foreign, unknown);
        assert_eq!(foreign.0, 404);
        assert_eq!(foreign.1["code"], "conversation_not_found");
    }
    assert_eq!(setup.stack.all_data().await, before);
}

#[tokio::test]
async fn an_organisations_own_conversation_is_accessible_on_each_of_these_routes() {
    let setup = TwoOrganisations::start().await;
    let platform = &setup.red.platform;
    for (method, path, body) in routes_of_conversation("c1") {
        let mut body = body;
        if let Some(agent) = body.get_mut("agent") {
            agent["id"] = json!("lee");
        }
        send(platform, method, &path, &body).await.expect_success();
    }
}

#[tokio::test]
async fn the_same_id_in_two_organisations_means_two_conversations() {
    let setup = TwoOrganisations::start().await;
    let reds = setup.red.agent.conversation("c1").await;
    let blues_visitor = setup.stack.conversation_of("blue", "c1").await;
    setup.blue.agent.ask_for_id("c1").await;
    let change = json!({ "status": "resolved", "visitor": { "name": "Bo" } });
    let path = "/v1/conversations/c1";
    setup.blue.platform.put(path, change).await.expect(200);
    let note = tests::note("m2", "2026-01-05T09:30:00Z", "Of blue alone");
    let body = json!({ "messages": [note] });
    let path = "/v1/conversations/c1/messages";
    setup.blue.platform.post(path, body).await.expect(200);
    assert_eq!(setup.red.agent.conversation("c1").await, reds);

    let reds_request = &setup.reds_request;
    let answer = json!({ "score": 1 });
    setup
        .reds_visitor
        .rate(reds_request, answer)
        .await
        .expect(201);
    let blues = setup.blue.agent.conversation("c1").await;
    assert_eq!(blues["rating"], Value::Null);
    assert_eq!(blues["conversation"]["visitor"]["name"], "Bo");
    assert_eq!(blues_visitor.rating_request().await["rating"], Value::Null);
}

#[tokio::test]
async fn a_visitor_token_gives_access_only_to_a_conversation_of_its_own_organisation() {
    let setup = TwoOrganisations::start().await;
    let visitor = setup.stack.conversation_of("blue", "c1").await;
    let before = setup.stack.all_data().await;
    assert_eq!(
        visitor.rating_request().await["rating_request"],
        Value::Null
    );
    let unknown = "0".repeat(32);
    let foreign = visitor
        .rate(&setup.reds_request, json!({ "score": 1 }))
        .await;
    let unknown = visitor.rate(&unknown, json!({ "score": 1 })).await;
    assert_eq!(foreign.status, 404);
    assert_eq!(comparable(foreign), comparable(unknown));

    // The other organisation's name in the token gives no access either.
    let (_, rest) = visitor.token().split_once('.').unwrap();
    let (red, _) = setup.reds_visitor.token().split_once('.').unwrap();
    let forger = setup.stack.bearer(&format!("{red}.{rest}"));
    forger
        .get("/v1/visitor/rating-request")
        .await
        .expect_problem(401, "invalid_visitor_token");
    forger
        .rate(&setup.reds_request, json!({ "score": 1 }))
        .await
        .expect_problem(401, "invalid_visitor_token");
    assert_eq!(setup.stack.all_data().await, before);
}

#[tokio::test]
async fn another_organisations_sender_cannot_be_claimed_listed_released_or_used() {
    let setup = TwoOrganisations::start().await;
    setup.stack.conversation_of("blue", "c1").await;
    let agent = &setup.blue.agent;
    let before = setup.stack.all_data().await;
    for address in [SENDER, "Support@Example.COM"] {
        let path = format!("/v1/senders/{address}");
        let problem = agent
            .put(&path, json!({}))
            .await
            .expect_problem(409, "sender_taken");
        assert!(!problem.to_string().contains("red"));

        let foreign = comparable(agent.delete(&path).await);
        let unknown = comparable(agent.delete("/v1/senders/nobody@example.com").await);
        assert_eq!(foreign, unknown);
        assert_eq!(foreign.1["code"], "sender_not_found");

        let mut body = transcript();
        body["from"] = json!(address);
        let foreign = comparable(agent.send_transcript_as("c1", body.clone()).await);
        body["from"] = json!("nobody@example.com");
        let unknown = comparable(agent.send_transcript_as("c1", body).await);
        assert_eq!(foreign, unknown);
        assert_eq!(foreign.1["code"], "sender_not_verified");
    }
    let listed = agent.get("/v1/senders").await.expect(200);
    assert_eq!(listed, json!({ "senders": [] }));
    let read = agent.conversation("c1").await;
    assert_eq!(read["actions"]["send_transcript"]["senders"], json!([]));
    assert_eq!(setup.stack.all_data().await, before);
}

#[tokio::test]
async fn a_released_sender_can_be_claimed_by_another_organisation() {
    let setup = TwoOrganisations::start().await;
    let path = format!("/v1/senders/{SENDER}");
    setup.red.agent.delete(&path).await.expect(204);
    setup.blue.agent.put(&path, json!({})).await.expect(201);
    setup
        .red
        .agent
        .put(&path, json!({}))
        .await
        .expect_problem(409, "sender_taken");
}

#[tokio::test]
async fn a_token_without_a_valid_organisation_is_refused_on_every_route() {
    let setup = TwoOrganisations::start().await;
    let before = setup.stack.all_data().await;
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
        let caller = setup
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
            send(&caller, method.clone(), path, body)
                .await
                .expect_problem(403, "token_not_accepted");
        }
    }
    assert_eq!(setup.stack.all_data().await, before);
}

#[tokio::test]
async fn a_stack_of_one_organisation_ignores_the_organisation_in_the_token() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    for organisation in [json!("other"), json!(null)] {
        let agent = stack
            .with_claims(json!({ "sub": "kim", "org": organisation }))
            .await;
        agent.conversation("c1").await;
    }
}
