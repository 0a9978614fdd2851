//! How a server is to run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use lambda::clock::{SharedClock, SystemClock};

use crate::host::Host;
use crate::storage::Storage;
use crate::webhook::Webhook;

/// How a server is to run. The default is what `cargo run -p local` does.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1, or 0 for any that is free.
    pub port: u16,
    /// Where data is kept.
    pub storage: Storage,
    /// Whether the demo conversation is loaded, the first time.
    pub demo: bool,
    /// Whether the stack serves several organisations, told apart by the tokens' claim `org`.
    /// Otherwise it serves the template's one.
    pub organisations: bool,
    /// Whether only the stand-ins for AWS run, for functions that run elsewhere.
    pub aws_only: bool,
    /// Where each event is posted, if anywhere.
    pub webhook: Option<Webhook>,
    /// Where the functions send their calls to AWS, or `None` for the server itself.
    pub aws_endpoint: Option<String>,
    /// Where the functions run, or `None` for the server's own process.
    pub host: Option<Arc<dyn Host>>,
    /// Whether SES's events of a mail come by themselves, a moment after it. Otherwise they wait until
    /// they are put on the bus by `POST /dev/ses/events`.
    pub mail_events: bool,
    /// Whether functions run that nobody asks for: those on the table's stream a moment after a write,
    /// those with a schedule when it is time. Otherwise they wait for `POST /dev/stream` and
    /// `POST /dev/schedules`.
    pub unasked: bool,
    /// Whether SES limits all calls but sends to one a second by `clock`, as it does in AWS for each
    /// account and region.
    pub ses_rate_limit: bool,
    /// Whether SES sends to verified addresses and domains only, as it does in a new account.
    pub ses_sandbox: bool,
    /// What `POST /dev/clock` moves ahead: the machine's own clock, unless a test has another.
    pub clock: SharedClock,
    /// Values for the template's parameters instead of their defaults. The server does not start if
    /// one breaks a rule of the template.
    pub parameters: BTreeMap<String, String>,
    /// Values for the functions' variables, in place of the template's and of those that Lambda sets.
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
            mail_events: true,
            unasked: true,
            ses_rate_limit: false,
            ses_sandbox: false,
            clock: Arc::new(SystemClock),
            parameters: BTreeMap::new(),
            variables: BTreeMap::new(),
        }
    }
}
