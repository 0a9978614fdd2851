//! The options of a server.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use lambda::clock::{SharedClock, SystemClock};

use crate::host::Host;
use crate::storage::Storage;
use crate::webhook::Webhook;

/// The options of a server. The default equals `cargo run -p local`.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1, or 0 for any free port.
    pub port: u16,
    /// Where data is stored.
    pub storage: Storage,
    /// Whether the first start loads the demo conversation.
    pub demo: bool,
    /// Whether the stack serves several organisations, which the token claim `org` identifies.
    /// Otherwise it serves the single organisation of the template.
    pub organisations: bool,
    /// Whether only the AWS emulators run, for functions that run elsewhere.
    pub aws_only: bool,
    /// The webhook that each event is posted to, if any.
    pub webhook: Option<Webhook>,
    /// The endpoint for the functions' calls to AWS, or `None` for this server.
    pub aws_endpoint: Option<String>,
    /// The host that runs the functions, or `None` for the server's own process.
    pub host: Option<Arc<dyn Host>>,
    /// Whether SES publishes the events of a mail automatically, a moment after the mail. Otherwise
    /// `POST /dev/ses/events` puts them on the bus.
    pub publishes_mail_events: bool,
    /// Whether background functions run automatically. Functions on the table's stream or on the
    /// stack's event bus run a moment after a write, and scheduled functions run on their schedule.
    /// Otherwise `POST /dev/stream`, `POST /dev/events`, `POST /dev/scheduler/due` and
    /// `POST /dev/schedules` invoke them.
    pub runs_background_functions: bool,
    /// Whether SES limits all calls except sends to one per second of `clock`. AWS applies this
    /// limit for each account and region.
    pub ses_rate_limit: bool,
    /// Whether SES sends only to verified addresses and domains, as it does in a new account.
    pub ses_sandbox: bool,
    /// The clock that `POST /dev/clock` moves ahead. It is the system clock unless a test sets
    /// another.
    pub clock: SharedClock,
    /// Values that override the defaults of the template's parameters. The server does not start if
    /// one breaks a rule of the template.
    pub parameters: BTreeMap<String, String>,
    /// Values that override the functions' environment variables, both the template's and those
    /// that Lambda sets.
    pub variables: BTreeMap<String, String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 4000,
            storage: Storage::Directory(PathBuf::from(".local")),
            demo: true,
            organisations: false,
            aws_only: false,
            webhook: None,
            aws_endpoint: None,
            host: None,
            publishes_mail_events: true,
            runs_background_functions: true,
            ses_rate_limit: false,
            ses_sandbox: false,
            clock: Arc::new(SystemClock),
            parameters: BTreeMap::new(),
            variables: BTreeMap::new(),
        }
    }
}
