//! Assembles the parts of the server and runs them.

use std::sync::Arc;
use std::{fmt, io};

use axum::Router;
use lambda::clock::{Clock, SharedClock};
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::aws::dynamodb::Engine;
use crate::aws::dynamodb_rules::DynamoDbRules;
use crate::aws::iam::Iam;
use crate::aws::lambda::InvokeApi;
use crate::aws::scheduler::Scheduler;
use crate::clock::AdjustableClock;
use crate::demo::{self, YearOfRatings};
use crate::dev::TokenIssuer;
use crate::gateway::Gateway;
use crate::load_template::load_template;
use crate::options::Options;
use crate::parts::{Database, background_invokers, open_ses, start_functions};
use crate::router::{self, AwsEmulators};
use crate::start_error::StartError;
use crate::tokens::TokenKey;
use crate::{listener, welcome};

/// The file that records that the demo was loaded.
const DEMO_FILE: &str = "demo.json";

/// A running server. Dropping it stops the server.
pub struct Server {
    url: String,
    welcome: String,
    tokens: Arc<TokenIssuer>,
    iam: Arc<Iam>,
    dynamodb_rules: Arc<DynamoDbRules>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Starts a server. When this returns, the server accepts requests and the demo is loaded.
    ///
    /// # Errors
    /// If the port is in use, the data directory cannot be used, or the template does not match the
    /// functions.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let (listener, address) = listen(options.port).await?;
        let url = format!("http://{address}");
        let storage = &options.storage;
        storage.prepare().map_err(StartError::part)?;
        let template = load_template(&options).map_err(StartError::part)?;
        let key = Arc::new(TokenKey::open(storage).map_err(StartError::part)?);
        let tokens = Arc::new(TokenIssuer::new(Arc::clone(&key), &template));
        let clock = AdjustableClock::open(Arc::clone(&options.clock), storage.clone());
        let clock = clock.map(Arc::new).map_err(StartError::part)?;
        let shared_clock: SharedClock = Arc::clone(&clock) as _;
        let database = Database::open(&options, &template).await?;
        let year = YearOfRatings::new(&template, database.import.clone(), &options);
        let year = Arc::new(year.map_err(StartError::part)?);
        let functions = start_functions(&options, &template, &url, &shared_clock)?;
        let scheduler = Scheduler::open(
            storage,
            Arc::clone(&shared_clock),
            &template,
            functions.as_ref(),
        );
        let scheduler = scheduler.map(Arc::new).map_err(StartError::part)?;
        let background = background_invokers(
            storage,
            &template,
            functions.as_ref(),
            &database,
            &scheduler,
            &shared_clock,
        )
        .await?;
        let ses = open_ses(
            &options,
            &template,
            functions.as_ref(),
            Arc::clone(&shared_clock),
        )?;
        let iam = Arc::new(Iam::new(&template));
        let dynamodb_rules = Arc::new(DynamoDbRules::new(&template.table.definition));
        let aws = AwsEmulators {
            dynamodb: database.client,
            ses,
            scheduler,
            lambda: InvokeApi::new(functions.clone().unwrap_or_default(), shared_clock),
            events: database.events,
            iam: Arc::clone(&iam),
            dynamodb_rules: Arc::clone(&dynamodb_rules),
        };
        let running_background = background
            .clone()
            .filter(|_| options.runs_background_functions);
        let router = match functions.zip(background) {
            None => router::emulators_only(aws),
            Some((functions, background)) => router::with_functions(
                aws,
                Gateway::new(&template, key, functions, address),
                Arc::clone(&clock),
                Arc::clone(&tokens),
                year,
                background,
                options.demo,
            ),
        };
        let background = running_background.map(|it| tokio::spawn(it.run()));
        let tasks = [background, database.webhook];
        let (stop, running) = run(listener, router, tasks, database.engine);
        load_demo(&options, &url, &*clock).await;
        Ok(Self {
            welcome: welcome::text(&url, &template, &options),
            url,
            tokens,
            iam,
            dynamodb_rules,
            stop,
            running,
        })
    }

    /// The base URL of the server, without a trailing slash.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The text to print after the start: the server's address and commands to try.
    pub fn welcome(&self) -> &str {
        &self.welcome
    }

    /// Returns a token with exactly these claims, signed with the server's key.
    ///
    /// # Errors
    /// If the token cannot be signed.
    pub fn sign(&self, claims: &Map<String, Value>) -> Result<String, StartError> {
        self.tokens.sign(claims).map_err(StartError::part)
    }

    /// The permissions that the functions have, used, and were denied.
    pub fn iam(&self) -> Arc<Iam> {
        Arc::clone(&self.iam)
    }

    /// DynamoDB's request rules, and the requests that broke one.
    pub fn dynamodb_rules(&self) -> Arc<DynamoDbRules> {
        Arc::clone(&self.dynamodb_rules)
    }

    /// Waits for running requests, and closes the database.
    pub async fn stop(self) {
        drop(self.stop);
        let _ = self.running.await;
    }
}

/// Serves `router` until the returned sender is dropped. Then stops `tasks` and the engine.
fn run(
    listener: TcpListener,
    router: Router,
    tasks: [Option<JoinHandle<()>>; 2],
    engine: Engine,
) -> (oneshot::Sender<()>, JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel();
    let running = tokio::spawn(async move {
        listener::serve(listener, router, stopped).await;
        for task in tasks.into_iter().flatten() {
            task.abort();
        }
        engine.stop().await;
    });
    (stop, running)
}

/// A listener on the port, with its address.
async fn listen(port: u16) -> Result<(TcpListener, String), StartError> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => StartError::PortInUse(port),
        _ => StartError::Listener(error),
    })?;
    let address = listener.local_addr().map_err(StartError::Listener)?;
    Ok((listener, address.to_string()))
}

/// Loads the demo if the options ask for it and it was not loaded before. The server also starts if
/// this fails.
async fn load_demo(options: &Options, url: &str, clock: &dyn Clock) {
    if !options.demo || options.aws_only {
        return;
    }
    let storage = &options.storage;
    let loaded = async {
        if storage.read(DEMO_FILE)?.is_none() {
            let now = clock.now();
            demo::load(url, now).await?;
            storage.write_json(DEMO_FILE, &now)?;
        }
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    };
    if let Err(error) = loaded.await {
        tracing::error!(%error, "the demo was not loaded");
    }
}
