use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use jiff::{SignedDuration, Timestamp};
use local::{DynamoDbRules, Iam, Options, RuleViolation, Server, Storage};
use serde_json::{Value, json};

use crate::binary_host::BinaryHost;
use crate::engine::{self, Engine};
use crate::stoppable_clock::StoppableClock;
use crate::{Caller, Reply, message};

/// The verified sender of a stack.
pub const SENDER: &str = "support@example.com";

/// A whole stack in memory on a port of its own: the functions, the gateway and the stand-ins.
///
/// When it is dropped it panics if a function had asked AWS for what the template does not grant
/// it, unless the test took note of that in [`Iam::take_refused`]. It panics, too, if the embedded
/// DynamoDB got a request that DynamoDB would refuse as invalid, unless the test took the violation
/// with [`Stack::take_violations`].
pub struct Stack {
    server: Server,
    permissions: Permissions,
    rules: Rules,
    engine: Engine,
    /// What the functions' clock follows.
    clock: Arc<StoppableClock>,
    /// What it was started with.
    options: Options,
}

/// What the functions may do in AWS, and did.
struct Permissions(Arc<Iam>);

impl Drop for Permissions {
    fn drop(&mut self) {
        let refused = self.0.take_refused();
        if !thread::panicking() {
            assert!(refused.is_empty(), "not granted: {refused:#?}");
        }
    }
}

/// The requests that DynamoDB would refuse as invalid.
struct Rules(Arc<DynamoDbRules>);

impl Drop for Rules {
    #[expect(clippy::print_stderr, reason = "it explains why the test failed")]
    fn drop(&mut self) {
        let violations = self.0.take_violations();
        if !thread::panicking() {
            assert!(
                violations.is_empty(),
                "invalid in DynamoDB: {violations:#?}"
            );
        }
        // The test has failed already, perhaps because of them.
        for violation in violations {
            eprintln!("invalid in DynamoDB: {violation}");
        }
    }
}

impl Stack {
    /// What DynamoDB answers to whoever has an access key. A function's is its folder's name.
    pub async fn dynamodb_as(&self, access_key: &str, operation: &str, input: Value) -> Reply {
        self.engine().call(access_key, operation, input).await
    }

    /// A stack of the one organisation `main`.
    pub async fn start() -> Self {
        Self::start_with(Self::options()).await
    }

    /// A stack of several organisations.
    pub async fn start_with_organisations() -> Self {
        Self::start_with(Options {
            organisations: true,
            ..Self::options()
        })
        .await
    }

    /// A stack as `options` say.
    pub async fn start_with(mut options: Options) -> Self {
        let clock = StoppableClock::following(Arc::clone(&options.clock));
        options.clock = Arc::clone(&clock) as _;
        let variables = options.variables.clone();
        let server = Server::start(options.clone())
            .await
            .expect("the stack starts");
        let mut engine = Engine::new(server.url(), &variables);
        if let Some(url) = engine::asked_for() {
            let other = Engine::new(&url, &variables);
            other.copy_table(&engine).await;
            engine = other;
        }
        Self {
            permissions: Permissions(server.iam()),
            rules: Rules(server.dynamodb_rules()),
            engine,
            clock,
            server,
            options,
        }
    }

    /// Stops the stack and starts it again on the same data, with other values for these parameters
    /// of the template, as a deployment of a new version does. The other parameters and the clock
    /// stay as they are; the URL changes.
    ///
    /// The stack must keep its data in a [`DataDirectory`](crate::DataDirectory).
    pub async fn restart_with(self, parameters: &[(&str, &str)]) -> Self {
        let mut options = self.options.clone();
        assert_ne!(options.storage, Storage::Memory, "the data is kept");
        let parameters = parameters.iter().copied();
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
        options.parameters.extend(parameters);
        self.stop().await;
        Self::start_with(options).await
    }

    /// In memory, without the demo, on any free port, and in a region of its own: the SDK counts what
    /// may be tried again by service and region for the whole process, and the failures of one stack
    /// must not use up the retries of another. SES tells of a mail only when a
    /// test lets it, with [`Stack::put_mail_events`], and what runs runs_in_background waits for
    /// [`Stack::count`] and [`Stack::roll_up`].
    pub fn options() -> Options {
        static STACKS: AtomicUsize = AtomicUsize::new(1);
        let region = format!("test-{}", STACKS.fetch_add(1, Ordering::Relaxed));
        let region = ("AWS_REGION".to_owned(), region);
        let dynamodb = engine::asked_for().map(|url| (engine::ENDPOINT.to_owned(), url));
        Options {
            port: 0,
            storage: Storage::Memory,
            demo: false,
            variables: [region].into_iter().chain(dynamodb).collect(),
            host: BinaryHost::if_asked_for(),
            mail_events: false,
            runs_in_background: false,
            ..Options::default()
        }
    }

    /// Where the stack is.
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// What the functions may do in AWS, and did.
    pub fn iam(&self) -> &Iam {
        &self.permissions.0
    }

    /// The requests since this was called last that DynamoDB would refuse as invalid.
    pub fn take_violations(&self) -> Vec<RuleViolation> {
        self.rules.0.take_violations()
    }

    /// Where its table is.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Stops it.
    pub async fn stop(self) {
        self.server.stop().await;
    }

    /// A caller without a token.
    pub fn nobody(&self) -> Caller {
        Caller::new(self.url(), None)
    }

    /// A caller with `token`, whatever it is.
    pub fn bearer(&self, token: &str) -> Caller {
        Caller::new(self.url(), Some(token.to_owned()))
    }

    /// A caller with the token that the local issuer makes of `claims`, as `POST /dev/token` takes them.
    pub async fn with_claims(&self, claims: Value) -> Caller {
        let reply = self.nobody().post("/dev/token", claims).await.expect(200);
        self.bearer(reply["token"].as_str().unwrap())
    }

    /// A caller with a token of exactly these claims, signed with the stack's own key.
    pub fn signed(&self, claims: &Value) -> Caller {
        let claims = claims.as_object().expect("claims are an object");
        self.bearer(&self.server.sign(claims).expect("the key signs"))
    }

    /// An agent of the organisation `main` with all of an agent's scopes.
    pub async fn agent(&self, id: &str) -> Caller {
        self.agent_of("main", id).await
    }

    /// An agent of an organisation with all of an agent's scopes.
    pub async fn agent_of(&self, organisation: &str, id: &str) -> Caller {
        self.with_claims(json!({ "sub": id, "org": organisation }))
            .await
    }

    /// The chat platform's server, which may record and act for agents.
    pub async fn platform(&self) -> Caller {
        self.platform_of("main").await
    }

    /// The chat platform's server of an organisation.
    pub async fn platform_of(&self, organisation: &str) -> Caller {
        self.with_claims(json!({
            "sub": "platform",
            "org": organisation,
            "scopes": [
                "conversations:write", "agents:act", "ratings:ask", "transcripts:send",
                "conversations:read", "senders:write",
            ],
        }))
        .await
    }

    /// Records a conversation in the widget with a visitor and one public message, and gives the
    /// visitor.
    pub async fn conversation(&self, id: &str) -> Caller {
        self.conversation_of("main", id).await
    }

    /// The same for an organisation.
    pub async fn conversation_of(&self, organisation: &str, id: &str) -> Caller {
        let platform = self.platform_of(organisation).await;
        let recorded = platform
            .put(
                &format!("/v1/conversations/{id}"),
                json!({
                    "channel": "widget",
                    "visitor": { "name": "Ana", "email": "ana@example.org" },
                }),
            )
            .await
            .expect(201);
        platform
            .post(
                &format!("/v1/conversations/{id}/messages"),
                json!({ "messages": [message("m1", "2026-01-05T09:00:00Z", "Hello")] }),
            )
            .await
            .expect(200);
        self.bearer(recorded["visitor_token"].as_str().unwrap())
    }

    /// Makes [`SENDER`] a verified sender of the organisation `main`.
    pub async fn verified_sender(&self) {
        self.identity(SENDER, true).await;
        let agent = self.agent("owner").await;
        let path = format!("/v1/senders/{SENDER}");
        let body = agent
            .put(&path, json!({ "name": "Acme" }))
            .await
            .expect(201);
        assert_eq!(body["sender"]["verification"], "verified");
    }

    /// Makes an SES identity, or changes whether it is verified.
    pub async fn identity(&self, identity: &str, verified: bool) {
        self.nobody()
            .post(
                "/dev/ses/identities",
                json!({ "identity": identity, "verified": verified }),
            )
            .await
            .expect_success();
    }

    /// The SES identities that exist, with their verification status.
    pub async fn identities(&self) -> Vec<(String, String)> {
        let body = self.nobody().get("/dev/ses/identities").await.expect(200);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let identities = body["identities"].as_array().unwrap().iter();
        identities
            .map(|it| (text(&it["identity"]), text(&it["verification_status"])))
            .collect()
    }

    /// Moves the functions' clock on.
    pub async fn advance(&self, seconds: u64) {
        self.nobody()
            .post("/dev/clock", json!({ "advance_seconds": seconds }))
            .await
            .expect(200);
    }

    /// What the functions' clock shows.
    pub async fn now(&self) -> String {
        let body = self
            .nobody()
            .post("/dev/clock", json!({ "advance_seconds": 0 }))
            .await
            .expect(200);
        body["now"].as_str().unwrap().to_owned()
    }

    /// Stops the functions' clock, so that however long the next requests take, they come at the same
    /// time. [`Stack::advance`] moves a stopped clock, too.
    pub fn stop_clock(&self) {
        self.clock.stop();
    }

    /// Stops the functions' clock exactly one second before `moment`. [`Stack::advance`] by 1 then
    /// leads to the moment itself.
    pub async fn stop_clock_a_second_before(&self, moment: &str) {
        self.stop_clock();
        let moment: Timestamp = moment.parse().expect("a time in RFC 3339");
        let now: Timestamp = self.now().await.parse().unwrap();
        let left = moment.duration_since(now) - SignedDuration::from_secs(1);
        assert!(!left.is_negative(), "{moment} has passed or is next");
        // Whole seconds are moved where a restart finds them.
        self.advance(left.as_secs().unsigned_abs()).await;
        self.clock
            .shift(SignedDuration::from_nanos(left.subsec_nanos().into()));
    }

    /// What the next sends meet.
    pub async fn next_sends(&self, faults: &[&str]) {
        self.nobody()
            .post("/dev/ses", json!({ "next": faults }))
            .await
            .expect_success();
    }

    /// The mails that SES accepted.
    pub async fn outbox(&self) -> Vec<Value> {
        let body = self.nobody().get("/dev/outbox").await.expect(200);
        body["emails"].as_array().unwrap().clone()
    }
}
