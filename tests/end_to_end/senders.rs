//! The addresses that transcripts come from: claimed, verified by SES, and given up.

use std::time::Duration;

use futures_util::future::{Either, join_all, select};
use futures_util::{StreamExt, stream};
use local::Options;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{
    AwsCall, AwsError, AwsProxy, Caller, FaultInjection, FrozenClock, Held, Reply, SENDER, Stack,
};

/// SES as it is in a new account.
fn options() -> Options {
    Options {
        ses_rate_limit: true,
        ses_sandbox: true,
        ..Stack::options()
    }
}

/// A stack behind a proxy, and an agent.
async fn stack() -> (Stack, AwsProxy, Caller) {
    let (stack, aws) = Stack::start_behind_proxy(options()).await;
    let agent = stack.agent("kim").await;
    (stack, aws, agent)
}

/// A stack of several organisations behind a proxy, and an agent of `main`.
async fn stack_of_several() -> (Stack, AwsProxy, Caller) {
    stack_of_several_as(options()).await
}

/// The same with other options.
async fn stack_of_several_as(options: Options) -> (Stack, AwsProxy, Caller) {
    let options = Options {
        organisations: true,
        ..options
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

/// Whether SES is asked about identities.
fn asks(call: &AwsCall) -> bool {
    call.is("ses:ListEmailIdentities") && !call.was_throttled()
}

fn creates(call: &AwsCall) -> bool {
    call.is("ses:CreateEmailIdentity") && !call.was_throttled()
}

fn deletes(call: &AwsCall) -> bool {
    call.is("ses:DeleteEmailIdentity") && !call.was_throttled()
}

fn away() -> FaultInjection {
    let message = "The service is unavailable.".to_owned();
    FaultInjection::Refuse(AwsError::Ses(503, "ServiceUnavailable", message))
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
    assert_eq!(asked_by_listings_at_once(options()).await, 1);
}

#[tokio::test]
async fn of_listings_in_the_same_millisecond_one_asks_ses() {
    let options = Options {
        clock: FrozenClock::at("2026-01-05T09:30:00Z".parse().unwrap()),
        // A second never passes.
        ses_rate_limit: false,
        ..options()
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
    aws.inject(1, notes, FaultInjection::LoseReply);
    assert_eq!(listed(&agent).await, "verified");
    assert_eq!(aws.count(|call| asks(call)), 1);
    assert_eq!(aws.count(|call| notes(call)), 3);
}

#[tokio::test]
async fn a_pending_address_that_ses_does_not_know_has_failed() {
    let (stack, aws, agent) = stack().await;
    aws.inject_always(creates, away());
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
    stack.identity("ana@example.org", true).await;
    agent.send_transcript("c1").await.expect(201);
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_new_account_mails_to_verified_addresses_only() {
    let (stack, _aws, agent) = stack().await;
    stack.identity("example.com", true).await;
    assert_eq!(claim(&agent).await, "verified");
    stack.conversation("c1").await;
    agent
        .send_transcript("c1")
        .await
        .expect_problem(502, "email_refused");
    stack.identity("example.org", true).await;
    agent.send_transcript("c1").await.expect(201);
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
        aws.inject_always(cut_off, away());
        agent
            .put(&path_of(SENDER), json!({ "name": "Acme" }))
            .await
            .expect_problem(503, "email_unavailable");
        assert_eq!(listed(&agent).await, "pending");

        aws.stop_faults();
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
    aws.inject(1, transacts, FaultInjection::LoseReply);
    aws.inject(1, creates, FaultInjection::LoseReply);
    assert_eq!(claim(&agent).await, "pending");
    assert_eq!(aws.count(|call| creates(call)), 2);

    aws.inject(1, deletes, FaultInjection::LoseReply);
    aws.inject(1, transacts, FaultInjection::LoseReply);
    agent.delete(&path_of(SENDER)).await.expect(204);
    assert_eq!(stack.items().await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_listing_shows_what_it_knows_while_ses_is_away() {
    let (stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    stack.advance(60).await;
    aws.inject_always(asks, away());
    assert_eq!(listed(&agent).await, "pending");
}

#[tokio::test]
async fn while_ses_is_away_an_address_is_not_given_up() {
    let (_stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    aws.inject_always(deletes, away());
    agent
        .delete(&path_of(SENDER))
        .await
        .expect_problem(503, "email_unavailable");
    assert_eq!(listed(&agent).await, "pending");

    aws.stop_faults();
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
async fn a_name_must_fit_into_the_from_header_beside_its_address() {
    let (stack, _aws, agent) = stack().await;
    let label = "d".repeat(60);
    let long = format!("{}@{label}.{label}.example.com", "l".repeat(60));
    let name = "a".repeat(128);
    for (address, name) in [(SENDER, "😊".repeat(128)), (long.as_str(), name.clone())] {
        let problem = agent
            .put(&path_of(address), json!({ "name": name }))
            .await
            .expect_problem(422, "invalid_sender_name");
        assert_eq!(problem["field"], "name", "{address}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("320 bytes"), "{detail}");
    }
    assert_eq!(stack.items().await, [] as [Value; 0]);
    let named = json!({ "name": name });
    agent.put(&path_of(SENDER), named).await.expect(201);
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

#[tokio::test]
async fn claims_at_once_succeed_although_ses_allows_one_call_a_second() {
    let (stack, aws, agent) = stack().await;
    let other = stack.agent("lee").await;
    let (first, second) = (path_of(SENDER), path_of("hello@example.net"));
    let (first, second) = tokio::join!(agent.put(&first, json!({})), other.put(&second, json!({})));
    for claimed in [first, second] {
        assert_eq!(claimed.expect(201)["sender"]["verification"], "pending");
    }
    assert!(aws.count(|call| call.was_throttled()) > 0);
    assert_eq!(stack.identities().await.len(), 2);
}

#[tokio::test]
async fn a_listing_asks_about_all_pending_addresses_in_one_call() {
    let (stack, aws, agent) = stack().await;
    let others = ["hello@example.net", "sales@example.com"].map(path_of);
    assert_eq!(claim(&agent).await, "pending");
    for path in &others {
        agent.put(path, json!({})).await.expect(201);
    }
    stack.identity("hello@example.net", true).await;
    stack.identity("sales@example.com", false).await;
    stack.advance(60).await;
    aws.forget();
    let listed = list(&agent).await;
    let listed: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["verification"].as_str().unwrap())
        .collect();
    assert_eq!(listed, ["verified", "failed", "pending"]);
    assert_eq!(aws.count(|call| call.is_to("ses")), 1);
}

#[tokio::test]
async fn an_address_is_found_among_the_identities_of_a_large_account() {
    let (stack, aws, agent) = stack().await;
    // They come before the sender, and fill the first page.
    let others: Vec<_> = (0..1_000).map(|n| format!("a{n:04}@example.com")).collect();
    let elsewhere = (0..10).map(|n| format!("a{n}.example.org"));
    for identity in others.into_iter().chain(elsewhere) {
        stack.identity(&identity, true).await;
    }
    stack.identity(SENDER, true).await;
    assert_eq!(claim(&agent).await, "verified");
    assert_eq!(aws.count(|call| asks(call)), 2);
    assert_eq!(aws.count(|call| creates(call)), 0);
}

/// What `first` and `second` answer. `second` begins while `held` holds a call of `first`, which goes
/// on once `second` is done or is seen to wait: it has tried its mark in vain, and tried it again.
async fn crossed(
    aws: &AwsProxy,
    first: impl Future<Output = Reply>,
    held: Held,
    second: impl Future<Output = Reply>,
    marks: fn(&AwsCall) -> bool,
) -> (Reply, Reply) {
    let second = async {
        held.arrived().await;
        aws.forget();
        let second = std::pin::pin!(second);
        let waits = std::pin::pin!(aws.reached(2, marks));
        match select(second, waits).await {
            Either::Left((reply, _)) => {
                held.release();
                reply
            }
            Either::Right(((), second)) => {
                held.release();
                second.await
            }
        }
    };
    tokio::join!(first, second)
}

/// Asserts that SES has no identity without a sender, whatever its owner does.
async fn assert_no_identity_is_left(stack: &Stack) {
    assert_eq!(stack.identities().await, []);
    assert_eq!(stack.items().await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_claim_waits_for_a_release_that_has_deleted_the_identity() {
    let (stack, aws, agent) = stack_of_several_as(Stack::options()).await;
    assert_eq!(claim(&agent).await, "pending");
    let removes =
        |call: &AwsCall| call.is("dynamodb:TransactWriteItems") && call.mentions("Delete");
    let path = path_of(SENDER);
    let (released, claimed) = crossed(
        &aws,
        agent.delete(&path),
        aws.hold(removes),
        agent.put(&path, json!({})),
        |call| call.mentions("SET made_identity = :true, creating_until"),
    )
    .await;
    released.expect(204);
    assert_eq!(claimed.expect(201)["sender"]["verification"], "pending");

    agent.delete(&path).await.expect(204);
    assert_no_identity_is_left(&stack).await;
}

#[tokio::test]
async fn a_release_waits_for_a_claim_that_makes_the_identity() {
    let (stack, aws, agent) = stack_of_several_as(Stack::options()).await;
    let path = path_of(SENDER);
    let (claimed, released) = crossed(
        &aws,
        agent.put(&path, json!({})),
        aws.hold(creates),
        agent.delete(&path),
        |call| call.mentions("SET releasing = :id"),
    )
    .await;
    claimed.expect(201);
    released.expect(204);
    assert_no_identity_is_left(&stack).await;
}

#[tokio::test]
async fn a_release_that_was_cut_off_is_finished_by_the_next_or_undone_by_a_claim() {
    let removes =
        |call: &AwsCall| call.is("dynamodb:TransactWriteItems") && call.mentions("Delete");
    for is_claimed in [false, true] {
        let (stack, aws, agent) = stack_of_several_as(Stack::options()).await;
        assert_eq!(claim(&agent).await, "pending");
        stack.identity(SENDER, true).await;
        stack.advance(60).await;
        assert_eq!(listed(&agent).await, "verified");
        aws.inject_always(removes, FaultInjection::LoseRequest);
        agent
            .delete(&path_of(SENDER))
            .await
            .expect_problem(503, "storage_unavailable");
        aws.stop_faults();
        assert_eq!(listed(&agent).await, "pending");

        let stranger = stack.agent_of("other", "kim").await;
        stranger
            .put(&path_of(SENDER), json!({}))
            .await
            .expect_problem(409, "sender_taken");
        if is_claimed {
            stack.advance(61).await;
            assert_eq!(listed(&agent).await, "failed", "its identity is gone");
            let again = agent.put(&path_of(SENDER), json!({})).await.expect(200);
            assert_eq!(again["sender"]["verification"], "pending");
        }
        agent.delete(&path_of(SENDER)).await.expect(204);
        assert_no_identity_is_left(&stack).await;
        assert_eq!(claim(&stranger).await, "pending");
    }
}

#[tokio::test]
async fn a_release_comes_after_a_claim_that_was_cut_off() {
    let (stack, aws, agent) = stack_of_several_as(Stack::options()).await;
    aws.inject_always(creates, FaultInjection::LoseReply);
    agent
        .put(&path_of(SENDER), json!({}))
        .await
        .expect_problem(503, "email_unavailable");
    aws.stop_faults();
    assert_eq!(stack.identities().await.len(), 1);
    stack.advance(61).await;
    agent.delete(&path_of(SENDER)).await.expect(204);
    assert_no_identity_is_left(&stack).await;
}

/// Has an organisation give an address up and claim it again at once, the claim so much later. Then
/// the owner follows every link that SES mailed, and another organisation claims it.
async fn give_up_and_claim_at_once(stack: &Stack, address: &str, later: Duration) {
    let ours = stack.agent("kim").await;
    let theirs = stack.agent_of("other", "kim").await;
    let path = path_of(address);
    ours.put(&path, json!({})).await.expect(201);
    let claim_again = async {
        tokio::time::sleep(later).await;
        ours.put(&path, json!({})).await
    };
    let (released, claimed) = tokio::join!(ours.delete(&path), claim_again);
    released.expect(204);
    claimed.expect_success();

    let identities = stack.identities().await;
    let exists = identities.iter().any(|(identity, _)| identity == address);
    let stands = list(&ours)
        .await
        .as_array()
        .unwrap()
        .iter()
        .any(|sender| sender["address"] == address);
    assert!(stands || !exists, "{address} has an identity and no owner");
    if exists {
        stack.identity(address, true).await;
    }
    let claimed = theirs.put(&path, json!({})).await;
    if stands {
        claimed.expect_problem(409, "sender_taken");
    } else {
        assert_eq!(claimed.expect(201)["sender"]["verification"], "pending");
    }
}

#[tokio::test]
async fn no_identity_outlives_its_sender_when_it_is_given_up_and_claimed_at_once() {
    let (stack, _aws, _agent) = stack_of_several_as(Stack::options()).await;
    let pairs = (0..150).map(|n| {
        let address = format!("support-{n}@example.com");
        (address, Duration::from_millis(n % 15))
    });
    stream::iter(pairs)
        .map(|(address, later)| {
            let stack = &stack;
            async move { give_up_and_claim_at_once(stack, &address, later).await }
        })
        .buffer_unordered(8)
        .collect::<()>()
        .await;
}
