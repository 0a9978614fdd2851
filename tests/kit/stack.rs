use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use local::{Iam, Options, RuleViolation, Server, Storage};
use serde_json::{Value, json};

use crate::binary_host::BinaryHost;
use crate::checks::{PermissionCheck, RuleCheck};
use crate::dynamodb_endpoint::{self, DynamoDbEndpoint};
use crate::stoppable_clock::StoppableClock;
use crate::{Caller, Reply, message};

/// The verified sender of a stack.
pub const SENDER: &str = "support@example.com";

/// A whole stack in memory on its own port: the functions, the gateway and the AWS emulators.
///
/// Dropping it panics if a function made a call that the template does not allow, unless the test
/// removed it with [`Iam::take_denied`]. Dropping it also panics if the embedded DynamoDB received a
/// request that DynamoDB would refuse as invalid, unless the test removed the violation with
/// [`Stack::take_violations`].
pub struct Stack {
    server: Server,
    permissions: PermissionCheck,
    rules: RuleCheck,
    dynamodb: DynamoDbEndpoint,
    /// The clock from which the functions' clock derives its time.
    clock: Arc<StoppableClock>,
    /// The options with which it was started.
    options: Options,
}

impl Stack {
    /// Calls DynamoDB with an access key. The access key of a function is the name of its folder.
    pub async fn dynamodb_as(&self, access_key: &str, operation: &str, input: Value) -> Reply {
        self.dynamodb().call(access_key, operation, input).await
    }

    /// Starts a stack of the one organisation `main`.
    pub async fn start() -> Self {
        Self::start_with(Self::options()).await
    }

    /// Starts a stack of several organisations.
    pub async fn start_with_organisations() -> Self {
        Self::start_with(Options {
            organisations: true,
            ..Self::options()
        })
        .await
    }

    /// Starts a stack with these options.
    pub async fn start_with(mut options: Options) -> Self {
        let clock = StoppableClock::following(Arc::clone(&options.clock));
        options.clock = Arc::clone(&clock) as _;
        let variables = options.variables.clone();
        let server = Server::start(options.clone())
            .await
            .expect("the stack starts");
        let mut dynamodb = DynamoDbEndpoint::new(server.url(), &variables);
        if let Some(url) = dynamodb_endpoint::override_url() {
            let other = DynamoDbEndpoint::new(&url, &variables);
            other.copy_table(&dynamodb).await;
            dynamodb = other;
        }
        Self {
            permissions: PermissionCheck(server.iam()),
            rules: RuleCheck(server.dynamodb_rules()),
            dynamodb,
            clock,
            server,
            options,
        }
    }

    /// Stops the stack and starts it again on the same data, with other values for these parameters
    /// of the template, like a deployment. The other parameters and the clock stay as they are. The
    /// URL changes.
    ///
    /// The stack must keep its data in a [`DataDirectory`](crate::DataDirectory).
    pub async fn restart_with(self, parameters: &[(&str, &str)]) -> Self {
        let mut options = self.options.clone();
        assert_ne!(options.storage, Storage::Memory, "the data is kept");
        options.parameters.extend(parameter_values(parameters));
        self.stop().await;
        Self::start_with(options).await
    }

    /// The options of a stack in memory, without the demo, on a free port and in its own region. The
    /// SDK has one retry quota per service and region in the whole process, and the failures of one
    /// stack must not use up the retries of another.
    ///
    /// No function is invoked in the background: [`Stack::put_mail_events`] delivers the events of SES,
    /// [`Stack::deliver_stream`] the records of the table's stream, and [`Stack::roll_up`] runs the
    /// schedules.
    pub fn options() -> Options {
        static STACKS: AtomicUsize = AtomicUsize::new(1);
        let region = format!("test-{}", STACKS.fetch_add(1, Ordering::Relaxed));
        let region = ("AWS_REGION".to_owned(), region);
        let dynamodb = dynamodb_endpoint::override_url()
            .map(|url| (dynamodb_endpoint::VARIABLE.to_owned(), url));
        Options {
            port: 0,
            storage: Storage::Memory,
            demo: false,
            variables: [region].into_iter().chain(dynamodb).collect(),
            host: BinaryHost::if_requested(),
            publishes_mail_events: false,
            runs_background_functions: false,
            ..Options::default()
        }
    }

    /// [`Stack::options`] with these values for parameters of the template.
    pub fn options_with(parameters: &[(&str, &str)]) -> Options {
        Options {
            parameters: parameter_values(parameters).collect(),
            ..Self::options()
        }
    }

    /// [`Stack::options`] for a stack that may connect to chat platforms on this machine.
    pub fn options_for_platforms() -> Options {
        Self::options_with(&[("AllowPrivatePlatforms", "true")])
    }

    /// The URL of the stack.
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// The permissions that the functions have, used, and were denied.
    pub fn iam(&self) -> &Iam {
        &self.permissions.0
    }

    /// Removes and returns the requests that DynamoDB would refuse as invalid.
    pub fn take_violations(&self) -> Vec<RuleViolation> {
        self.rules.0.take_violations()
    }

    /// The clock of the functions.
    pub(crate) fn clock(&self) -> &StoppableClock {
        &self.clock
    }

    /// The DynamoDB that contains the stack's table.
    pub(crate) fn dynamodb(&self) -> &DynamoDbEndpoint {
        &self.dynamodb
    }

    /// Stops the stack.
    pub async fn stop(self) {
        self.server.stop().await;
    }

    /// A caller without a token.
    pub fn nobody(&self) -> Caller {
        Caller::new(self.url(), None)
    }

    /// A caller with `token`, valid or not.
    pub fn bearer(&self, token: &str) -> Caller {
        Caller::new(self.url(), Some(token.to_owned()))
    }

    /// A caller with a token of the local issuer. `claims` is the body of `POST /dev/token`.
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

    /// Records a conversation in the widget with a visitor and one public message, and returns the
    /// visitor.
    pub async fn conversation(&self, id: &str) -> Caller {
        self.conversation_of("main", id).await
    }

    /// The same in an organisation.
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
}

/// The names and values as [`Options::parameters`] contains them.
fn parameter_values(parameters: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    let parameters = parameters.iter().copied();
    parameters.map(|(name, value)| (name.to_owned(), value.to_owned()))
}
