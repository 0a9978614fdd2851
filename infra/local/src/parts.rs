//! Starts the parts of the server that depend on its options.

use std::sync::Arc;

use lambda::clock::SharedClock;
use tokio::task::JoinHandle;

use crate::aws::dynamodb::{DynamoDb, Engine};
use crate::aws::dynamodb_import::TableImport;
use crate::aws::dynamodb_stream::TableStream;
use crate::aws::eventbridge::{EventBus, EventFeed, Pipe, StackBus};
use crate::aws::lambda::{EventSources, Schedules};
use crate::aws::scheduler::Scheduler;
use crate::aws::ses::{self, MailEvents, Ses};
use crate::background::BackgroundInvokers;
use crate::functions::Functions;
use crate::options::Options;
use crate::start_error::StartError;
use crate::storage::Storage;
use crate::template::{Bus, Template};

/// The running database, and what reads its stream.
pub(crate) struct Database {
    pub(crate) engine: Engine,
    pub(crate) client: DynamoDb,
    pub(crate) stream: TableStream,
    pub(crate) import: TableImport,
    pub(crate) events: EventFeed,
    pub(crate) webhook: Option<JoinHandle<()>>,
}

impl Database {
    /// Opens the database, and starts the webhook of its events.
    pub(crate) async fn open(options: &Options, template: &Template) -> Result<Self, StartError> {
        let (engine, client, stream, import) = Engine::start(&options.storage, &template.table)
            .await
            .map_err(StartError::part)?;
        let pipe = Pipe::new(&template.pipe).map_err(StartError::part)?;
        let events = EventFeed::new(stream.clone(), pipe);
        let webhook = match options.webhook.clone() {
            Some(webhook) => Some(webhook.start(&events).await),
            None => None,
        };
        Ok(Self {
            engine,
            client,
            stream,
            import,
            events,
            webhook,
        })
    }
}

/// Starts the functions. Returns `None` if the server runs only the AWS emulators.
pub(crate) fn start_functions(
    options: &Options,
    template: &Template,
    url: &str,
    clock: &SharedClock,
) -> Result<Option<Functions>, StartError> {
    if options.aws_only {
        return Ok(None);
    }
    let aws_endpoint = options.aws_endpoint.as_deref().unwrap_or(url);
    let functions = Functions::start(template, aws_endpoint, options, clock);
    functions.map(Some).map_err(StartError::part)
}

/// Prepares the background invocations of the functions, if the server runs functions.
pub(crate) async fn background_invokers(
    storage: &Storage,
    template: &Template,
    functions: Option<&Functions>,
    database: &Database,
    scheduler: &Arc<Scheduler>,
    clock: &SharedClock,
) -> Result<Option<BackgroundInvokers>, StartError> {
    let Some(functions) = functions else {
        return Ok(None);
    };
    let stream = database.stream.clone();
    let sources = EventSources::open(&template.event_sources, functions, stream.clone(), storage);
    let bus = EventBus::new(Bus::Stack, &template.rules, functions).map_err(StartError::part)?;
    let stack_bus = StackBus::open(bus, &database.events, storage);
    Ok(Some(BackgroundInvokers {
        sources: sources.await.map_err(StartError::Part)?,
        stack_bus: stack_bus.await.map_err(StartError::Part)?,
        scheduler: Arc::clone(scheduler),
        stream,
        schedules: Schedules::new(&template.schedules, functions, Arc::clone(clock)),
    }))
}

/// Opens SES. Its events invoke the functions, if the server runs functions.
pub(crate) fn open_ses(
    options: &Options,
    template: &Template,
    functions: Option<&Functions>,
    clock: SharedClock,
) -> Result<Arc<Ses>, StartError> {
    let bus = match functions {
        Some(functions) => {
            EventBus::new(Bus::Default, &template.rules, functions).map_err(StartError::part)?
        }
        None => EventBus::default(),
    };
    let events = MailEvents::new(
        bus,
        template.mail_events.clone(),
        options.publishes_mail_events,
    );
    let limits = ses::Limits {
        call_rate: options.ses_rate_limit,
        sandbox: options.ses_sandbox,
    };
    let ses = Ses::open(&options.storage, clock, events, limits);
    ses.map(Arc::new).map_err(StartError::part)
}
