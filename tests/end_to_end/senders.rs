//! The addresses that transcripts come from: claimed, verified by SES, and given up.

use futures_util::future::join_all;
use local::Options;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{AwsCall, AwsError, AwsProxy, Caller, Meddling, Reply, SENDER, Stack, StillClock};

/// A stack behind a proxy, and an agent.
async fn stack() -> (Stack, AwsProxy, Caller) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let agent = stack.agent("kim").await;
    (stack, aws, agent)
}

/// A stack of several organisations behind a proxy, and an agent of `main`.
async fn stack_of_several() -> (Stack, AwsProxy, Caller) {
    let options = Options {
        organisations: true,
        ..Stack::options()
    };
    let (stack, aws) = Stack::start_behind_proxy(options).await;
    let agent = stack.agent("kim").await;
    (stack, aws, agent)
}

fn path_of(address: &str) -> String {
    format!("/v1/senders/{address}")
}

/// Claims [`SENDER`] as a new sender, and gives its verification.
async fn claim(agent: &Caller) -> Value {
    let claimed = agent.put(&path_of(SENDER), json!({})).await.expect(201);
    claimed["sender"]["verification"].clone()
}

/// All senders, as a listing shows them.
async fn list(agent: &Caller) -> Value {
    agent.get("/v1/senders").await.expect(200)["senders"].take()
}

/// The one sender's verification, as a listing shows it.
async fn listed(agent: &Caller) -> Value {
    let senders = list(agent).await;
    assert_eq!(senders.as_array().unwrap().len(), 1, "{senders}");
    senders[0]["verification"].clone()
}

/// Whether SES is asked about [`SENDER`].
fn asks(call: &AwsCall) -> bool {
    call.is("ses:GetEmailIdentity")
        && call
            .path
            .to_lowercase()
            .replace("%40", "@")
            .ends_with(SENDER)
}

fn creates(call: &AwsCall) -> bool {
    call.is("ses:CreateEmailIdentity")
}

fn deletes(call: &AwsCall) -> bool {
    call.is("ses:DeleteEmailIdentity")
}

fn away() -> Meddling {
    let message = "The service is unavailable.".to_owned();
    Meddling::Refuse(AwsError::Ses(503, "ServiceUnavailable", message))
}

#[tokio::test]
async fn a_new_address_is_pending_and_ses_is_to_verify_it() {
    let (_stack, aws, agent) = stack().await;
    let claimed = agent
        .put(&path_of(SENDER), json!({ "name": "Acme" }))
        .await
        .expect(201);
    let sender = json!({ "address": SENDER, "name": "Acme", "verification": "pending" });
    assert_eq!(claimed, json!({ "sender": sender }));
    assert_eq!(list(&agent).await, json!([sender]));
    let created: Vec<_> = aws.calls().into_iter().filter(creates).collect();
    assert_eq!(created.len(), 1);
    assert_eq!(created[0].body["EmailIdentity"], SENDER);
}

#[tokio::test]
async fn a_listing_asks_ses_about_a_pending_address_once_a_minute() {
    let (stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    stack.identity(SENDER, true).await;
    aws.forget();

    stack.advance(50).await;
    assert_eq!(listed(&agent).await, "pending");
    assert_eq!(aws.count(|call| asks(call)), 0, "the minute is not over");
    stack.advance(10).await;
    assert_eq!(listed(&agent).await, "verified");
    assert_eq!(aws.count(|call| asks(call)), 1);

    stack.advance(3_600).await;
    assert_eq!(listed(&agent).await, "verified");
    assert_eq!(aws.count(|call| asks(call)), 1, "it is verified for good");
}

#[tokio::test]
async fn listings_that_find_it_still_pending_wait_another_minute() {
    let (stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    aws.forget();
    for asked in [1, 2] {
        stack.advance(60).await;
        assert_eq!(listed(&agent).await, "pending");
        assert_eq!(listed(&agent).await, "pending");
        assert_eq!(aws.count(|call| asks(call)), asked);
    }
}

/// Claims [`SENDER`], and has ten listings find at once that it is due; gives how many asked SES.
async fn asked_by_listings_at_once(options: Options) -> usize {
    let (stack, aws) = Stack::start_behind_proxy(options).await;
    let agent = stack.agent("kim").await;
    assert_eq!(claim(&agent).await, "pending");
    stack.advance(60).await;
    aws.forget();
    for reply in join_all((0..10).map(|_| agent.get("/v1/senders"))).await {
        reply.expect(200);
    }
    aws.count(|call| asks(call))
}

#[tokio::test]
async fn of_listings_at_once_one_asks_ses() {
    assert_eq!(asked_by_listings_at_once(Stack::options()).await, 1);
}

#[tokio::test]
async fn of_listings_in_the_same_millisecond_one_asks_ses() {
    let options = Options {
        clock: StillClock::at("2026-01-05T09:30:00Z".parse().unwrap()),
        ..Stack::options()
    };
    assert_eq!(asked_by_listings_at_once(options).await, 1);
}

#[tokio::test]
async fn a_listing_that_loses_the_reply_to_its_note_asks_ses_all_the_same() {
    let (stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    stack.identity(SENDER, true).await;
    stack.advance(60).await;
    aws.forget();
    let notes = |call: &AwsCall| call.is("dynamodb:UpdateItem");
    aws.meddle(1, notes, Meddling::LoseReply);
    assert_eq!(listed(&agent).await, "verified");
    assert_eq!(aws.count(|call| asks(call)), 1);
    assert_eq!(aws.count(|call| notes(call)), 3);
}

#[tokio::test]
async fn a_pending_address_that_ses_does_not_know_has_failed() {
    let (stack, aws, agent) = stack().await;
    aws.meddle_always(creates, away());
    agent
        .put(&path_of(SENDER), json!({}))
        .await
        .expect_problem(503, "email_unavailable");
    stack.advance(60).await;
    assert_eq!(listed(&agent).await, "failed");
}

#[tokio::test]
async fn a_verified_domain_verifies_its_addresses_without_identities_of_their_own() {
    let (stack, aws, agent) = stack().await;
    stack.identity("example.com", true).await;
    assert_eq!(claim(&agent).await, "verified");
    assert_eq!(aws.count(|call| creates(call)), 0);

    stack.conversation("c1").await;
    agent.send_transcript("c1").await.expect(201);
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_pending_address_is_verified_once_its_domain_is() {
    let (stack, _aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    stack.identity("example.com", true).await;
    stack.advance(60).await;
    assert_eq!(listed(&agent).await, "verified");
}

#[tokio::test]
async fn in_a_stack_of_several_organisations_no_domain_verifies_an_address() {
    let (stack, aws, agent) = stack_of_several().await;
    stack.identity("example.com", true).await;
    assert_eq!(claim(&agent).await, "pending");
    assert_eq!(aws.count(|call| creates(call)), 1);
    stack.advance(60).await;
    assert_eq!(listed(&agent).await, "pending");

    stack.identity(SENDER, true).await;
    stack.advance(60).await;
    assert_eq!(listed(&agent).await, "verified");
}

#[tokio::test]
async fn an_address_that_is_given_up_takes_the_identity_along_that_was_made_for_it() {
    let (stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    stack.identity(SENDER, true).await;
    agent.delete(&path_of(SENDER)).await.expect(204);
    assert_eq!(aws.count(|call| deletes(call)), 1);
    assert_eq!(list(&agent).await, json!([]));

    stack.conversation("c1").await;
    agent
        .send_transcript("c1")
        .await
        .expect_problem(422, "sender_not_verified");
    assert_eq!(claim(&agent).await, "pending", "SES has to verify it anew");
}

#[tokio::test]
async fn an_address_that_is_given_up_leaves_the_identity_that_was_there_before() {
    let (stack, aws, agent) = stack().await;
    stack.identity(SENDER, true).await;
    assert_eq!(claim(&agent).await, "verified");
    agent.delete(&path_of(SENDER)).await.expect(204);
    assert_eq!(aws.count(|call| deletes(call)), 0);
    assert_eq!(claim(&agent).await, "verified");
}

#[tokio::test]
async fn giving_up_an_unknown_address_is_refused() {
    let (stack, aws, agent) = stack().await;
    agent
        .delete(&path_of("unknown@example.com"))
        .await
        .expect_problem(404, "sender_not_found");
    assert_eq!(claim(&agent).await, "pending");
    agent.delete(&path_of(SENDER)).await.expect(204);
    agent
        .delete(&path_of(SENDER))
        .await
        .expect_problem(404, "sender_not_found");
    assert_eq!(aws.count(|call| deletes(call)), 1);
    assert_eq!(stack.items().await, [] as [Value; 0]);
}

#[tokio::test]
async fn claiming_again_changes_the_name_only_where_one_is_told() {
    let (_stack, aws, agent) = stack().await;
    let path = path_of(SENDER);
    let named = json!({ "name": "Acme" });
    agent.put(&path, named).await.expect(201);
    let again = agent.put(&path, json!({})).await.expect(200);
    assert_eq!(again["sender"]["name"], "Acme");
    let renamed = agent.put(&path, json!({ "name": "Zoë" })).await.expect(200);
    assert_eq!(renamed["sender"]["name"], "Zoë");
    assert_eq!(list(&agent).await[0]["name"], "Zoë");
    assert_eq!(aws.count(|call| creates(call)), 1);
}

#[tokio::test]
async fn claiming_again_starts_a_failed_verification_anew() {
    let (stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    stack.identity(SENDER, false).await;
    stack.advance(60).await;
    assert_eq!(listed(&agent).await, "failed");

    let again = agent.put(&path_of(SENDER), json!({})).await.expect(200);
    assert_eq!(again["sender"]["verification"], "pending");
    assert_eq!(aws.count(|call| deletes(call)), 1);
    assert_eq!(aws.count(|call| creates(call)), 2);
    stack.identity(SENDER, true).await;
    stack.advance(60).await;
    assert_eq!(listed(&agent).await, "verified");
}

#[tokio::test]
async fn a_failed_identity_that_was_there_before_is_left_alone() {
    let (stack, aws, agent) = stack().await;
    stack.identity(SENDER, false).await;
    stack.identity(SENDER, false).await;
    assert_eq!(claim(&agent).await, "failed");
    assert_eq!(aws.count(|call| creates(call) || deletes(call)), 0);
}

#[tokio::test]
async fn a_claim_that_ses_was_away_for_is_finished_by_the_next() {
    let ses: [fn(&AwsCall) -> bool; 2] = [asks, creates];
    for cut_off in ses {
        let (stack, aws, agent) = stack().await;
        aws.meddle_always(cut_off, away());
        agent
            .put(&path_of(SENDER), json!({ "name": "Acme" }))
            .await
            .expect_problem(503, "email_unavailable");
        assert_eq!(listed(&agent).await, "pending");

        aws.stop_meddling();
        let again = agent.put(&path_of(SENDER), json!({})).await.expect(200);
        assert_eq!(again["sender"]["name"], "Acme");
        assert_eq!(again["sender"]["verification"], "pending");
        stack.identity(SENDER, true).await;
        stack.advance(60).await;
        assert_eq!(listed(&agent).await, "verified");
    }
}

#[tokio::test]
async fn a_claim_whose_replies_were_lost_is_made_once() {
    let (stack, aws, agent) = stack().await;
    let transacts = |call: &AwsCall| call.is("dynamodb:TransactWriteItems");
    aws.meddle(1, transacts, Meddling::LoseReply);
    aws.meddle(1, creates, Meddling::LoseReply);
    assert_eq!(claim(&agent).await, "pending");
    assert_eq!(aws.count(|call| creates(call)), 2);

    aws.meddle(1, deletes, Meddling::LoseReply);
    aws.meddle(1, transacts, Meddling::LoseReply);
    agent.delete(&path_of(SENDER)).await.expect(204);
    assert_eq!(stack.items().await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_listing_shows_what_it_knows_while_ses_is_away() {
    let (stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    stack.advance(60).await;
    aws.meddle_always(asks, away());
    assert_eq!(listed(&agent).await, "pending");
}

#[tokio::test]
async fn while_ses_is_away_an_address_is_not_given_up() {
    let (_stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    aws.meddle_always(deletes, away());
    agent
        .delete(&path_of(SENDER))
        .await
        .expect_problem(503, "email_unavailable");
    assert_eq!(listed(&agent).await, "pending");

    aws.stop_meddling();
    agent.delete(&path_of(SENDER)).await.expect(204);
}

#[tokio::test]
async fn an_address_belongs_to_the_organisation_that_claimed_it_first() {
    let (stack, aws, agent) = stack_of_several().await;
    assert_eq!(claim(&agent).await, "pending");
    let stranger = stack.agent_of("other", "kim").await;
    let before = stack.kept().await;
    aws.forget();
    for path in [path_of(SENDER), path_of("Support@EXAMPLE.com")] {
        stranger
            .put(&path, json!({ "name": "Theirs" }))
            .await
            .expect_problem(409, "sender_taken");
        stranger
            .delete(&path)
            .await
            .expect_problem(404, "sender_not_found");
    }
    assert_eq!(list(&stranger).await, json!([]));
    assert_eq!(stack.kept().await, before);
    assert_eq!(aws.count(|call| creates(call) || deletes(call)), 0);

    agent.delete(&path_of(SENDER)).await.expect(204);
    assert_eq!(claim(&stranger).await, "pending");
}

#[tokio::test]
async fn of_organisations_that_claim_at_once_one_wins() {
    let (stack, aws, _agent) = stack_of_several().await;
    let mut agents = Vec::new();
    for organisation in ["a", "b", "c", "d", "e"] {
        agents.push(stack.agent_of(organisation, "kim").await);
    }
    let path = path_of(SENDER);
    let claims = agents.iter().map(|agent| agent.put(&path, json!({})));
    let (won, lost): (Vec<_>, Vec<_>) = join_all(claims)
        .await
        .into_iter()
        .partition(|reply| reply.status == 201);
    assert_eq!(won.len(), 1);
    for reply in lost {
        reply.expect_problem(409, "sender_taken");
    }
    assert_eq!(aws.count(|call| creates(call)), 1);
}

#[tokio::test]
async fn an_address_is_the_same_in_upper_and_lower_case_and_percent_encoded() {
    let (_stack, _aws, agent) = stack().await;
    let claimed = agent
        .put("/v1/senders/Support%2BChat%40Example.COM", json!({}))
        .await
        .expect(201);
    assert_eq!(claimed["sender"]["address"], "support+chat@example.com");
    let again = agent.put("/v1/senders/support+chat@example.com", json!({}));
    again.await.expect(200);
    assert_eq!(list(&agent).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_address_that_can_be_claimed_can_be_released() {
    let (stack, _aws, agent) = stack().await;
    for (path, address) in [
        ("a+b%40example.com", "a+b@example.com"),
        ("a%2Bc@example.com", "a+c@example.com"),
        ("a%23b@example.com", "a#b@example.com"),
        ("%7Bo'neill%7D&x=y@example.com", "{o'neill}&x=y@example.com"),
        ("sales@xn--bcher-kva.example", "sales@xn--bcher-kva.example"),
    ] {
        let path = format!("/v1/senders/{path}");
        let claimed = agent.put(&path, json!({})).await.expect(201);
        assert_eq!(claimed["sender"]["address"], address);
        assert_eq!(agent.delete(&path).await.status, 204, "{address}");
    }
    assert_eq!(list(&agent).await, json!([]));
    assert_eq!(stack.items().await, [] as [Value; 0]);
}

#[tokio::test]
async fn an_address_that_a_path_cannot_carry_is_refused_when_it_is_claimed() {
    let (stack, aws, agent) = stack().await;
    for address in [
        "50%2541@example.com",
        "a%25b@example.com",
        "a%252Fb@example.com",
    ] {
        for method in [Method::PUT, Method::DELETE] {
            let path = format!("/v1/senders/{address}");
            let reply = Reply::of(agent.request(method, &path)).await;
            let problem = reply.expect_problem(422, "invalid_request");
            assert_eq!(problem["field"], "address", "{address}");
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains("%, / or ?"), "{detail}");
        }
    }
    // The gateway has no such route, or cuts the path off.
    let reply = agent.put("/v1/senders/a%2Fb@example.com", json!({})).await;
    assert_eq!(reply.status, 404);
    let reply = agent.put("/v1/senders/a%3Fb@example.com", json!({})).await;
    reply.expect_problem(422, "invalid_request");
    assert_eq!(stack.items().await, [] as [Value; 0]);
    assert_eq!(aws.calls().len(), 0);
}

#[tokio::test]
async fn what_is_no_address_or_no_name_is_refused() {
    let (stack, aws, agent) = stack().await;
    for address in [
        "nobody",
        "a@@example.com",
        "a%0D%0Ab@example.com",
        "%C3%A4@example.com",
    ] {
        let problem = agent
            .put(&path_of(address), json!({}))
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "address", "{address}");
    }
    for name in [
        "",
        "Acme\r\nBcc: a@example.net",
        "ceo@example.com",
        "\"Acme\"",
    ] {
        let problem = agent
            .put(&path_of(SENDER), json!({ "name": name }))
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "name", "{name}");
    }
    assert_eq!(stack.items().await, [] as [Value; 0]);
    assert_eq!(aws.calls().len(), 0);
}
