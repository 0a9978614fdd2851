//! Assembles the parts of the server and runs them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::{fmt, io};

use lambda::clock::{Clock, SharedClock};
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::aws::dynamodb::Engine;
use crate::aws::dynamodb_rules::DynamoDbRules;
use crate::aws::eventbridge::{DefaultBus, EventFeed, Pipe};
use crate::aws::iam::Iam;
use crate::aws::lambda::{EventSources, Schedules};
use crate::aws::ses::{self, MailEvents, Ses};
use crate::clock::AdjustableClock;
use crate::demo::{self, YearOfRatings};
use crate::dev::TokenIssuer;
use crate::functions::Functions;
use crate::gateway::Gateway;
use crate::options::Options;
use crate::router::{self, AwsEmulators, BackgroundInvokers};
use crate::storage::Storage;
use crate::template::{Template, TemplateError};
use crate::tokens::{AUDIENCE, ISSUER, TokenKey};
use crate::{listener, welcome};

/// The local names of the template's resources.
const RESOURCES: [(&str, &str); 3] = [
    ("Table", "afterchat"),
    (
        "Table.Arn",
        "arn:aws:dynamodb:us-east-1:000000000000:table/afterchat",
    ),
    ("ConfigurationSet", "afterchat"),
];

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

/// The error of a server that did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// Another process listens on the port.
    PortInUse(u16),
    /// The server could not listen on the port.
    Listener(io::Error),
    /// A part of the server did not start.
    Part(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PortInUse(port) => write!(
                f,
                "port {port} is in use: stop what listens there, or choose another with --port"
            ),
            Self::Listener(error) => write!(f, "the port cannot be listened to: {error}"),
            Self::Part(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StartError {}

impl StartError {
    pub(crate) fn part(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Part(Box::new(error))
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Starts a server. It accepts requests and the demo is loaded when this returns.
    ///
    /// # Errors
    /// If the port is in use, the data directory cannot be used, or the template does not match the
    /// functions.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let listener = listen(options.port).await?;
        let address = listener
            .local_addr()
            .map_err(StartError::Listener)?
            .to_string();
        let url = format!("http://{address}");

        let storage = &options.storage;
        storage.prepare().map_err(StartError::part)?;
        let template = load_template(&options).map_err(StartError::part)?;
        let key = Arc::new(TokenKey::open(storage).map_err(StartError::part)?);
        let tokens = Arc::new(TokenIssuer::new(Arc::clone(&key), &template));
        let clock = AdjustableClock::open(Arc::clone(&options.clock), storage.clone())
            .map_err(StartError::part)?;
        let clock = Arc::new(clock);
        let shared_clock: SharedClock = Arc::clone(&clock) as _;
        let (engine, dynamodb, stream, import) = Engine::start(storage, &template.table)
            .await
            .map_err(StartError::part)?;
        let pipe = Pipe::new(&template.pipe).map_err(StartError::part)?;
        let events = EventFeed::new(stream.clone(), pipe);
        let webhook = match options.webhook.clone() {
            Some(webhook) => Some(webhook.start(&events).await),
            None => None,
        };

        let iam = Arc::new(Iam::new(&template));
        let dynamodb_rules = Arc::new(DynamoDbRules::new(&template.table.definition));
        let year = YearOfRatings::new(&template, import, &options);
        let year = Arc::new(year.map_err(StartError::part)?);
        let functions = if options.aws_only {
            None
        } else {
            let aws_endpoint = options.aws_endpoint.as_deref().unwrap_or(&url);
            let functions = Functions::start(&template, aws_endpoint, &options, &shared_clock);
            Some(functions.map_err(StartError::part)?)
        };
        let background = match &functions {
            Some(functions) => Some(BackgroundInvokers {
                sources: EventSources::open(
                    &template.event_sources,
                    functions,
                    stream.clone(),
                    storage,
                )
                .await
                .map_err(StartError::Part)?,
                stream,
                schedules: Schedules::new(
                    &template.schedules,
                    functions,
                    Arc::clone(&shared_clock),
                ),
            }),
            None => None,
        };
        let bus = match &functions {
            Some(functions) => DefaultBus::new(&template.rules, functions),
            None => Ok(DefaultBus::default()),
        };
        let mail_events = MailEvents::new(
            bus.map_err(StartError::part)?,
            template.mail_events.clone(),
            options.mail_events,
        );
        let limits = ses::Limits {
            call_rate: options.ses_rate_limit,
            sandbox: options.ses_sandbox,
        };
        let ses =
            Ses::open(storage, shared_clock, mail_events, limits).map_err(StartError::part)?;
        let aws = AwsEmulators {
            dynamodb,
            ses: Arc::new(ses),
            events,
            iam: Arc::clone(&iam),
            dynamodb_rules: Arc::clone(&dynamodb_rules),
        };
        let running_background = background.clone().filter(|_| options.runs_in_background);
        let router = match functions.zip(background) {
            None => router::emulators_only(aws),
            Some((functions, background)) => router::whole(
                aws,
                Gateway::new(&template, key, functions, address),
                Arc::clone(&clock),
                Arc::clone(&tokens),
                year,
                background,
                options.demo,
            ),
        };

        let (stop, stopped) = oneshot::channel();
        let running_background =
            running_background.map(|background| tokio::spawn(background.run()));
        let running = tokio::spawn(async move {
            listener::serve(listener, router, stopped).await;
            if let Some(running) = running_background {
                running.abort();
            }
            if let Some(webhook) = webhook {
                webhook.abort();
            }
            engine.stop().await;
        });
        if options.demo && !options.aws_only {
            load_demo(storage, &url, &*clock).await;
        }
        let welcome = welcome::text(&url, &template, &options);
        Ok(Self {
            url,
            welcome,
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

async fn listen(port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => StartError::PortInUse(port),
            _ => StartError::Listener(error),
        })
}

pub(crate) fn load_template(options: &Options) -> Result<Template, TemplateError> {
    let mut parameters = BTreeMap::from([("JwtIssuer", ISSUER), ("JwtAudience", AUDIENCE)]);
    if options.organisations {
        parameters.extend([("Organisation", ""), ("OrganisationClaim", "org")]);
    }
    if options.demo {
        parameters.insert("BrandName", demo::BRAND);
    }
    let mut parameters = owned(parameters);
    parameters.extend(options.parameters.clone());
    Template::load(&parameters, &owned(RESOURCES))
}

fn owned<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, String> {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Loads the demo if it was not loaded before. The server also starts if this fails.
async fn load_demo(storage: &Storage, url: &str, clock: &dyn Clock) {
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
