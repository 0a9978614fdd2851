//! Reads from and posts to the chat platforms of connections.
//!
//! The stack's event bus invokes the function for each task that an event of a platform created, and for
//! each rating request, resolved conversation, and transcript that was sent or not sent, of a connected account.
//! Events can be late, repeated and out of order. What is posted has an id of its own, and is posted once.
//!
//! The functions that send transcripts or ask by a rule invoke it directly, and wait until the conversation is
//! recorded as it is on the platform.

mod answer;
mod ask;
mod connected_conversation;
mod event;
mod find_conversation;
mod link;
mod notes;
mod out_of_reach;
mod platform;
mod post;
mod post_once;
mod prompt;
mod read;
mod survey;
mod transcript_note;

use std::sync::Arc;

use aws::{Environment, EnvironmentError};
use domain::{PublicUrl, ReportTimeZone, Timestamp, VisitorAskInterval};
use dynamodb::{Table, get_unexpired};
use errors::Fault;
use futures_util::FutureExt;
use lambda::events::{EventHandler, EventInvocation, EventOutcome};
use platform_client::Targets;
use serde_json::Value;
use settings::Settings;
use settings_cache::SettingsCache;
use store::{PlatformTask, PlatformTaskItem, key};

use crate::connected_conversation::ConnectedConversation;
use crate::event::{EventKind, PlatformEvent};

/// Calls chat platforms.
#[derive(Clone, Debug)]
pub struct CallPlatform {
    table: Table,
    settings: SettingsCache,
    targets: Targets,
    visitor_interval: VisitorAskInterval,
    report_time_zone: ReportTimeZone,
    /// `BRAND_NAME`: the name of the brand if the settings have none.
    brand_name: Option<String>,
    /// The origin of the page `/rate`: `PUBLIC_URL`, or else `API_URL`.
    link_origin: String,
}

impl CallPlatform {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let public_url = environment.parsed("PUBLIC_URL", PublicUrl::parse)?;
        Ok(Self {
            table: Table::from_environment(environment)?,
            settings: SettingsCache::default(),
            targets: environment
                .parsed("PLATFORM_TARGETS", Targets::parse)?
                .unwrap_or_default(),
            visitor_interval: lambda::settings::visitor_ask_interval(environment)?,
            report_time_zone: lambda::settings::report_time_zone(environment)?,
            brand_name: environment.optional("BRAND_NAME"),
            link_origin: match public_url {
                Some(origin) => origin.as_str().to_owned(),
                None => environment.required("API_URL")?,
            },
        })
    }

    async fn read_settings(
        &self,
        connected: &ConnectedConversation,
    ) -> Result<Arc<Settings>, Fault> {
        let (organisation, now) = (&connected.organisation, connected.now);
        self.settings.read(&self.table, organisation, now).await
    }

    async fn handle_event(
        &self,
        event: &PlatformEvent,
        now: Timestamp,
    ) -> Result<EventOutcome, Fault> {
        let Some(connected) = self.find_conversation(event, now).await? else {
            return Ok(EventOutcome::unchanged("not_connected"));
        };
        match &event.kind {
            EventKind::Task(id) => self.perform(&connected, id).await,
            EventKind::Read => self.read_before_mail(&connected).await,
            EventKind::ReadBeforeAsking => self.read_before_asking(&connected).await,
            EventKind::Resolved => self.read_conversation(&connected).await,
            EventKind::Requested(id) => self.post_prompt(&connected, id).boxed().await,
            EventKind::TranscriptNotSent(id) => self.note_not_sent(&connected, id).boxed().await,
            EventKind::TranscriptSent(id) => self.post_transcript_note(&connected, id).await,
        }
    }

    async fn read_task(
        &self,
        connected: &ConnectedConversation,
        id: &str,
    ) -> Result<Option<PlatformTaskItem>, Fault> {
        let key = key::platform_task(&connected.organisation, &connected.conversation, id);
        get_unexpired(&self.table, key, connected.now).await
    }

    /// Performs the task `id`.
    async fn perform(
        &self,
        connected: &ConnectedConversation,
        id: &str,
    ) -> Result<EventOutcome, Fault> {
        let task = self.read_task(connected, id).await?;
        match task.map(|task| task.task) {
            None => Ok(EventOutcome::unchanged("no_task")),
            Some(PlatformTask::ReadMessage { message_id }) => {
                self.read_message(connected, &message_id).await
            }
            Some(PlatformTask::ReadThread) => self.read_conversation(connected).await,
            Some(PlatformTask::AskRating { agent }) => self.ask(connected, id, agent).boxed().await,
            Some(PlatformTask::Thank { rating_request_id }) => {
                self.thank(connected, &rating_request_id).boxed().await
            }
            // `follow-up` sends it.
            Some(PlatformTask::SendTranscript { .. }) => {
                Ok(EventOutcome::dropped("task_of_another_function"))
            }
        }
    }
}

impl EventHandler for CallPlatform {
    async fn handle(
        &self,
        event: Value,
        invocation: EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        let is_of_bus = event.get("detail-type").is_some();
        let Some(event) = PlatformEvent::decode(&event) else {
            if is_of_bus {
                return Ok(EventOutcome::dropped("unreadable_event"));
            }
            // The caller must not assume that the conversation was read.
            return Err(Fault::internal(
                "the event of another function is not known",
            ));
        };
        let outcome = self.handle_event(&event, invocation.now).boxed().await?;
        Ok(outcome.about(event.subject()))
    }
}
