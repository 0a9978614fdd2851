//! Generates a year of ratings until now for the report. They are written as the functions would
//! have written them, and the stack counts them like any others.

mod history;
mod items;
mod reasons;
mod texts;

use std::sync::{Arc, Mutex, PoisonError};

use aws::{Environment, EnvironmentError};
use domain::{OrganisationId, ReportDay, ReportTimeZone, Timestamp};
use dynamodb::Table;
use history::{Chat, DAY_SECONDS, chats_of};
use items::Writer;
use reasons::choose;
use serde::Serialize;
use serde_json::Value;
use store::key;
use texts::Texts;

use crate::aws::dynamodb_import::TableImport;
use crate::aws::iam::OWNER;
use crate::demo::DemoError;
use crate::functions::environment;
use crate::options::Options;
use crate::template::Template;

/// The function whose environment configures rating requests.
const ASKING: &str = "ask-rating";

const DAYS: i32 = 365;

/// The number of chats that are written together.
const CHATS_TOGETHER: usize = 100;

/// Generates ratings.
pub(crate) struct YearOfRatings {
    table: Table,
    import: TableImport,
    time_zone: ReportTimeZone,
    progress: Arc<Mutex<Progress>>,
}

/// The progress of the generation.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Progress {
    /// The first day with ratings.
    from: Option<ReportDay>,
    /// The last day with ratings, which is today.
    to: Option<ReportDay>,
    /// The total number of rating requests.
    requests: usize,
    /// The number of rating requests that are in the table.
    written: usize,
    /// Whether the generation failed.
    failed: bool,
}

impl YearOfRatings {
    /// Creates a generator that writes to the functions' table.
    pub(crate) fn new(
        template: &Template,
        import: TableImport,
        options: &Options,
    ) -> Result<Self, EnvironmentError> {
        let variables = template
            .functions
            .get(ASKING)
            .map(|function| environment(function, OWNER, "", &options.variables));
        let environment = Environment::from_variables(variables.unwrap_or_default());
        Ok(Self {
            table: Table::from_environment(&environment)?,
            import,
            time_zone: lambda::settings::report_time_zone(&environment)?,
            progress: Arc::default(),
        })
    }

    /// The progress of the latest generation.
    pub(crate) fn progress(&self) -> Progress {
        self.lock().clone()
    }

    /// Starts to write the year that ends at `now`, unless this is already running. Existing chats
    /// are not changed.
    ///
    /// # Errors
    /// If the texts of the ratings break a rule.
    pub(crate) fn begin(
        self: &Arc<Self>,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<Progress, DemoError> {
        let mut progress = self.lock();
        if progress.written < progress.requests && !progress.failed {
            return Ok(progress.clone());
        }
        let today = self.time_zone.day_of(now);
        let chats = chats(now)?;
        *progress = Progress {
            from: Some(today.plus_days(1 - DAYS)),
            to: Some(today),
            requests: chats.iter().map(|chat| chat.past_requests.len()).sum(),
            written: 0,
            failed: false,
        };
        let year = Arc::clone(self);
        tokio::task::spawn_blocking(move || {
            if let Err(error) = year.write(&organisation, &chats, now) {
                tracing::error!(%error, "the year of ratings was not written to its end");
                year.lock().failed = true;
            }
        });
        Ok(progress.clone())
    }

    fn write(
        &self,
        organisation: &OrganisationId,
        chats: &[Chat],
        now: Timestamp,
    ) -> Result<(), DemoError> {
        for together in chats.chunks(CHATS_TOGETHER) {
            let (mut streamed, mut others) = (Vec::new(), Vec::new());
            for chat in together {
                if self.import.has(key::conversation(organisation, &chat.id))? {
                    continue;
                }
                let writer = Writer {
                    table: &self.table,
                    organisation,
                    time_zone: &self.time_zone,
                    chat,
                    now,
                };
                let items = writer.items()?;
                streamed.extend(items.streamed);
                others.extend(items.others);
            }
            // The conversations are written last. If one exists, all items of its chat exist.
            self.import.put(others, false)?;
            self.import.put(streamed, true)?;
            let past_requests = together.iter().map(|chat| chat.past_requests.len());
            self.lock().written += past_requests.sum::<usize>();
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The reasons of the shop, as the settings contain them.
///
/// # Errors
/// If the texts of the ratings break a rule.
pub(crate) fn reason_settings() -> Result<Vec<Value>, DemoError> {
    let texts = Texts::read().map_err(|error| DemoError(error.to_string()))?;
    Ok(texts.reasons.iter().map(|it| it.to_setting()).collect())
}

/// All chats of the year until `now`.
fn chats(now: Timestamp) -> Result<Vec<Chat>, DemoError> {
    let texts = Texts::read().map_err(|error| DemoError(error.to_string()))?;
    let today = now.epoch_seconds() / DAY_SECONDS;
    let mut chats = Vec::new();
    for day in today + 1 - i64::from(DAYS)..=today {
        chats.extend(chats_of(day, now, &texts)?);
    }
    let past_requests = chats.iter_mut().flat_map(|chat| &mut chat.past_requests);
    for answer in past_requests.flat_map(|past| &mut past.answers) {
        answer.reasons = choose(&texts.reasons, answer.score, answer.at);
    }
    Ok(chats)
}
