//! Does what the rules of the settings say happens by itself after a conversation was resolved and
//! after a rating was requested. It also sends the transcripts that teammates request on a chat platform.
//!
//! The stack's event bus invokes the function for each such change. The function then schedules
//! what is due later with EventBridge Scheduler, which invokes it again. Both can deliver an event
//! late, more than once or out of order. Each decision is therefore a condition of the write that
//! acts: an event only says when to look.

mod answering_limit;
mod ask;
mod attempts;
mod due;
mod event;
mod expire;
mod given_up;
mod mail_by_rule;
mod mail_faces;
mod plan_request;
mod plan_round;
mod round;
mod schedules;
mod send_requested;
mod send_transcript;

use aws::{Environment, EnvironmentError};
use domain::{ReportTimeZone, VisitorAskInterval};
use dynamodb::Table;
use errors::Fault;
use futures_util::FutureExt;
use lambda::events::{EventHandler, EventInvocation, EventOutcome};
use platform_reader::PlatformReader;
use serde_json::Value;
use settings_cache::SettingsCache;
use transcripts::TranscriptSender;

use crate::due::{Due, DueAction};
use crate::event::FollowUpEvent;
use crate::schedules::Schedules;

/// How often a decision is made again because the conversation changed before the write.
const RETRIES: u32 = 5;

/// Acts by the rules of the settings.
#[derive(Clone, Debug)]
pub struct FollowUp {
    table: Table,
    schedules: Schedules,
    settings: SettingsCache,
    visitor_interval: VisitorAskInterval,
    report_time_zone: ReportTimeZone,
    sender: TranscriptSender,
    platform: PlatformReader,
    /// `BRAND_NAME`: the name of the brand if the settings have none.
    brand_name: Option<String>,
    /// `API_URL`: the origin of the page `/rate`, if `PUBLIC_URL` is empty.
    api_url: Option<String>,
}

impl FollowUp {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let table = Table::from_environment(environment)?;
        let settings = SettingsCache::default();
        let platform = PlatformReader::from_environment(environment)?;
        Ok(Self {
            schedules: Schedules::from_environment(environment)?,
            sender: TranscriptSender::from_environment(
                environment,
                table.clone(),
                settings.clone(),
                platform.clone(),
            )?,
            platform,
            table,
            settings,
            visitor_interval: lambda::settings::visitor_ask_interval(environment)?,
            report_time_zone: lambda::settings::report_time_zone(environment)?,
            brand_name: environment.optional("BRAND_NAME"),
            api_url: environment.optional("API_URL"),
        })
    }

    /// Follows up each of `dues`, and returns the outcome of the last; `nothing` if there are none. If one
    /// fails, the other is followed up nevertheless. A retry of the event repeats both.
    async fn follow_up_each(
        &self,
        dues: [Option<Due>; 2],
        nothing: EventOutcome,
        invocation: &EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        let mut outcome = Ok(nothing);
        for due in dues.into_iter().flatten() {
            let followed_up = self.follow_up(due, invocation).await;
            if outcome.is_ok() {
                outcome = followed_up;
            }
        }
        outcome
    }

    /// Does what is due, or schedules it if it is not due yet.
    async fn follow_up(
        &self,
        due: Due,
        invocation: &EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        if due.at > invocation.now {
            self.schedules.create(&due, invocation).await?;
            return Ok(EventOutcome::applied("scheduled").about(due.subject()));
        }
        // Boxed, because the futures of all actions together are too large for a thread's stack.
        let outcome = match &due.action {
            DueAction::Ask { round, .. } => self.ask(&due, round, invocation).boxed().await?,
            DueAction::SendTranscript { round, .. } => {
                let sent = self.send_transcript(&due, round, invocation);
                sent.boxed().await?
            }
            DueAction::MailFaces {
                rating_request_id, ..
            } => {
                let mailed = self.mail_faces(&due, rating_request_id, invocation);
                mailed.boxed().await?
            }
            DueAction::Expire { rating_request_id } => {
                let expired = self.expire(&due, rating_request_id, invocation.now);
                expired.boxed().await?
            }
        };
        Ok(outcome.about(due.subject()))
    }
}

impl EventHandler for FollowUp {
    async fn handle(
        &self,
        event: Value,
        invocation: EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        let Some(event) = FollowUpEvent::decode(&event) else {
            return Ok(EventOutcome::dropped("unreadable_event"));
        };
        match event {
            FollowUpEvent::Due(due) => {
                // The schedule that fired may still exist, so another one needs another name.
                let early = due.early + u8::from(due.at > invocation.now);
                self.follow_up(Due { early, ..due }, &invocation).await
            }
            FollowUpEvent::Resolved(resolved) => self.plan_round(resolved, &invocation).await,
            FollowUpEvent::Opened(opened) => self.cancel_round(opened).await,
            FollowUpEvent::OpenedWithoutRound => Ok(EventOutcome::unchanged("no_round")),
            FollowUpEvent::Requested(requested) => self.plan_request(requested, &invocation).await,
            FollowUpEvent::TranscriptRequested(requested) => {
                let sent = self
                    .send_requested(&requested, invocation.now)
                    .boxed()
                    .await?;
                Ok(sent.about(requested.task_id()))
            }
        }
    }
}
