//! Asks for a rating, requested by a private note or an action URL.

use domain::{Agent, AgentId, ClockHour, Platform, RatingRequestId, Timestamp, UniqueId};
use dynamodb::get_unexpired;
use errors::{Failure, Fault, FaultCode, Refusal, RefusalCode};
use lambda::events::{EventOutcome, is_last_attempt};
use lambda::metrics::{self, Counter};
use settings::Settings;
use store::rating_request_creation::{CreateOutcome, NewRatingRequest, create_rating_request};
use store::{RatingRequestItem, get_conversation};

use crate::CallPlatform;
use crate::connected_conversation::ConnectedConversation;
use crate::notes;
use crate::out_of_reach::OutOfReach;
use crate::post::Post;
use crate::post_once::PostOutcome;

impl CallPlatform {
    /// Makes the rating request of the task `id`, once. Its event then posts the prompt. A refusal is posted
    /// as a note, with the time from which asking is possible.
    pub(crate) async fn ask(
        &self,
        connected: &ConnectedConversation,
        id: &str,
        agent: Option<Agent>,
    ) -> Result<EventOutcome, Fault> {
        if !connected.on_platform.can_post() {
            return Err(no_bot());
        }
        // After this note, a dead letter that is repeated asks nobody.
        let not_read = derived_id("not-read", connected, id).to_string();
        if is_last_attempt(connected.event_at, connected.now)
            && self.get_post_item(connected, &not_read).await?.is_some()
        {
            return Ok(EventOutcome::unchanged("not_read_before"));
        }
        let rating_request_id: RatingRequestId =
            derived_id("rating-request-by-task", connected, id).into();
        let request_key = connected.request_key(&rating_request_id);
        let existing = get_unexpired::<RatingRequestItem>(&self.table, request_key, connected.now);
        if existing.await?.is_some() {
            return Ok(EventOutcome::unchanged("asked_before"));
        }
        // An answer to the earlier request that was not read yet would not count after this one.
        let read = self.record_whole(connected).await;
        let agent = self.acting_agent(connected, agent).await?;
        let read = match read {
            Ok(Ok(read)) => read,
            Ok(Err(reason)) => return self.note_out_of_reach(connected, &agent, reason).await,
            Err(fault) => return self.note_not_read(connected, not_read, fault).await,
        };
        if let Some(closes_at) = read.survey_closes_at {
            let refusal = refuse_beside_survey(connected.platform, closes_at);
            return self.note_not_asked(connected, &agent, &refusal).await;
        }
        let new_request = NewRatingRequest {
            organisation: connected.organisation.clone(),
            conversation: connected.conversation.clone(),
            agent: agent.clone(),
            rating_request_id,
            // A retry of the task is then a retry of the same request.
            payload_fingerprint: Some("task".to_owned()),
            link: None,
            visitor_interval: self.visitor_interval,
            report_time_zone: self.report_time_zone.clone(),
            snapshot: None,
            round: None,
            details: None,
            now: connected.now,
        };
        let outcome = create_rating_request(&self.table, &new_request).await?;
        if matches!(outcome, CreateOutcome::Created(_)) {
            metrics::count(Counter::Asked);
        }
        match outcome.into_request(connected.now) {
            Ok(created) if created.is_replay => Ok(EventOutcome::unchanged("asked_before")),
            Ok(_) => Ok(EventOutcome::applied("asked")),
            Err(Failure::Faulted(fault)) => Err(fault),
            Err(Failure::Refused(refusal)) => {
                self.note_not_asked(connected, &agent, &refusal).await
            }
        }
    }

    pub(crate) async fn note_not_asked(
        &self,
        connected: &ConnectedConversation,
        agent: &Agent,
        refusal: &Refusal,
    ) -> Result<EventOutcome, Fault> {
        let code = refusal.code().as_str();
        let marker = refusal_marker("ask", connected, Some(agent), code);
        let note = Post::note(marker, notes::not_asked(refusal));
        self.post_once(connected, note).await?;
        Ok(EventOutcome::unchanged(code))
    }

    /// Says in a note that the visitor was not asked, because an answer could not be read.
    async fn note_out_of_reach(
        &self,
        connected: &ConnectedConversation,
        agent: &Agent,
        reason: OutOfReach,
    ) -> Result<EventOutcome, Fault> {
        if reason == OutOfReach::NotVisible {
            let marker = refusal_marker("ask", connected, Some(agent), reason.as_str());
            let note = Post::note(marker, notes::not_visible());
            self.post_once(connected, note).await?;
        }
        Ok(reason.into_event())
    }

    /// Says in a note that the visitor was not asked, because the conversation could not be read in any attempt.
    ///
    /// # Errors
    /// The fault, if Lambda repeats the event, or if the note cannot be posted either.
    async fn note_not_read(
        &self,
        connected: &ConnectedConversation,
        marker: String,
        fault: Fault,
    ) -> Result<EventOutcome, Fault> {
        let is_final = fault.code() == FaultCode::PlatformUnavailable
            && is_last_attempt(connected.event_at, connected.now);
        if !is_final {
            return Err(fault);
        }
        let code = fault.code().as_str();
        let note = Post::note(marker, notes::not_read());
        match self.post_once(connected, note).await {
            Ok(PostOutcome::Posted | PostOutcome::PostedBefore) => {
                Ok(EventOutcome::unchanged(code))
            }
            Ok(_) | Err(_) => Err(fault),
        }
    }

    /// The name of the brand.
    pub(crate) fn brand<'a>(&'a self, settings: &'a Settings) -> Option<&'a str> {
        settings.brand.name_or(self.brand_name.as_deref())
    }

    /// The agent who acts: `agent`, or else the recorded assignee, or else the brand.
    pub(crate) async fn acting_agent(
        &self,
        connected: &ConnectedConversation,
        agent: Option<Agent>,
    ) -> Result<Agent, Fault> {
        if let Some(agent) = agent.filter(|agent| agent.id != AgentId::automatic()) {
            return Ok(agent);
        }
        let (conversation, settings) = tokio::try_join!(
            get_conversation(&self.table, connected.conversation_ref()),
            self.read_settings(connected),
        )?;
        let assignee = conversation.and_then(|it| it.assignee.value().cloned());
        Ok(assignee.unwrap_or_else(|| Agent::automatic(self.brand(&settings))))
    }
}

/// The fault of a question that no bot can post. Someone must know that the visitor does not see it.
pub(crate) fn no_bot() -> Fault {
    let cause = "the connection has no bot that posts the question";
    Fault::new(FaultCode::PlatformUnavailable, cause)
}

/// The refusal while a survey of the platform's own is open, until it closes.
pub(crate) fn refuse_beside_survey(platform: Platform, closes_at: Timestamp) -> Refusal {
    Refusal::new(
        RefusalCode::RatingAlreadyRequested,
        format!(
            "{}'s own survey is open in this conversation.",
            platform.name()
        ),
    )
    .with_member("available_at", closes_at)
}

/// The marker of the note about a refusal. The same refusal of one agent is noted once an hour, because a rule of the
/// platform may react to the note with the next command. The hour is that of the event, so that a repeated event does
/// not post it again.
pub(crate) fn refusal_marker(
    kind: &str,
    connected: &ConnectedConversation,
    agent: Option<&Agent>,
    code: &str,
) -> String {
    let agent = agent.map_or("", |agent| agent.id.as_str());
    let hour = ClockHour::of(connected.event_at);
    UniqueId::derived_from(&["refusal", kind, code, agent, &hour.to_string()]).to_string()
}

/// The id of what a task makes. It is always the same, so that it is made once.
pub(crate) fn derived_id(kind: &str, connected: &ConnectedConversation, task: &str) -> UniqueId {
    UniqueId::derived_from(&[
        kind,
        connected.organisation.as_str(),
        connected.conversation.as_str(),
        task,
    ])
}
