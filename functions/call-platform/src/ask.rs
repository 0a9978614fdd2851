//! Asks for a rating, because a note or an action of the platform says so.

use domain::{Agent, AgentId, PersonName, RatingRequestId, UniqueId};
use dynamodb::get_unexpired;
use errors::{Failure, Fault, Refusal, RefusalCode};
use lambda::events::EventOutcome;
use lambda::metrics::{self, Counter};
use settings::Settings;
use store::rating_request_creation::{CreateOutcome, NewRatingRequest, create_rating_request};
use store::{RatingRequestItem, key};

use crate::notes;
use crate::opened_conversation::OpenedConversation;
use crate::post_once::Post;
use crate::{CallPlatform, platform_fault};

impl CallPlatform {
    /// Makes the rating request of the task `id`, once. Its event then posts the prompt. A refusal is posted
    /// as a note, with the time from which asking is possible.
    pub(crate) async fn ask(
        &self,
        opened: &OpenedConversation,
        id: &str,
        agent: Agent,
    ) -> Result<EventOutcome, Fault> {
        if opened.connection.bot_id.is_none() {
            return Ok(EventOutcome::unchanged("no_bot"));
        }
        let rating_request_id: RatingRequestId =
            derived_id("rating-request-by-task", opened, id).into();
        let request_key = key::rating_request(
            &opened.organisation,
            &opened.conversation,
            &rating_request_id,
        );
        let existing = get_unexpired::<RatingRequestItem>(&self.table, request_key, opened.now);
        if existing.await?.is_some() {
            return Ok(EventOutcome::unchanged("asked_before"));
        }
        if self.has_open_survey(opened).await? {
            let refusal = Refusal::new(
                RefusalCode::RatingAlreadyRequested,
                "Chatwoot's own survey is open in this conversation.",
            );
            return self.note_not_asked(opened, id, &refusal).await;
        }
        let settings = self
            .settings
            .read(&self.table, &opened.organisation, opened.now);
        let settings = settings.await?;
        let new_request = NewRatingRequest {
            organisation: opened.organisation.clone(),
            conversation: opened.conversation.clone(),
            agent: self.acting_agent(agent, &settings),
            rating_request_id,
            // It makes the request repeatable.
            payload_fingerprint: Some("task".to_owned()),
            link: None,
            visitor_interval: self.visitor_interval,
            report_time_zone: self.report_time_zone.clone(),
            snapshot: None,
            round: None,
            details: None,
            now: opened.now,
        };
        let outcome = create_rating_request(&self.table, &new_request).await?;
        if matches!(outcome, CreateOutcome::Created(_)) {
            metrics::count(Counter::Asked);
        }
        match outcome.into_request(opened.now) {
            Ok(created) if created.is_replay => Ok(EventOutcome::unchanged("asked_before")),
            Ok(_) => Ok(EventOutcome::applied("asked")),
            Err(Failure::Faulted(fault)) => Err(fault),
            Err(Failure::Refused(refusal)) => self.note_not_asked(opened, id, &refusal).await,
        }
    }

    async fn note_not_asked(
        &self,
        opened: &OpenedConversation,
        id: &str,
        refusal: &Refusal,
    ) -> Result<EventOutcome, Fault> {
        let note = notes::refused("The visitor was not asked for a rating", refusal);
        let note = Post::note(format!("{id}-refused"), note);
        self.post_once(opened, note).await?;
        Ok(EventOutcome::unchanged(refusal.code().as_str()))
    }

    /// Whether the conversation contains a survey of Chatwoot's own that the visitor has not answered.
    async fn has_open_survey(&self, opened: &OpenedConversation) -> Result<bool, Fault> {
        let thread = opened.client.read_thread(opened.display_id).await;
        let thread = thread.map_err(platform_fault)?;
        Ok(thread.iter().any(|message| {
            message.content_type.as_deref() == Some("input_csat")
                && message.attributes.submitted.is_empty()
                && !message.attributes.is_deleted
        }))
    }

    /// The name of the brand.
    pub(crate) fn brand<'a>(&'a self, settings: &'a Settings) -> Option<&'a str> {
        let brand = settings.brand.name.as_ref().map(|name| name.as_str());
        brand.or(self.brand_name.as_deref())
    }

    /// `agent`, or the brand if nobody is known.
    pub(crate) fn acting_agent(&self, agent: Agent, settings: &Settings) -> Agent {
        if agent.id != AgentId::automatic() {
            return agent;
        }
        let brand = self.brand(settings);
        Agent {
            name: brand.and_then(|name| PersonName::parse(name).ok()),
            ..agent
        }
    }
}

/// The id of what a task makes. It is always the same, so that it is made once.
pub(crate) fn derived_id(kind: &str, opened: &OpenedConversation, task: &str) -> UniqueId {
    UniqueId::derived_from(&[
        kind,
        opened.organisation.as_str(),
        opened.conversation.as_str(),
        task,
    ])
}
