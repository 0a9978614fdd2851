use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{ConversationStatus, Retention, Timestamp};
use dynamodb::{attribute, number, string, update_expression};
use errors::Fault;
use serde::Serialize;
use store::{ConversationItem, Detail, ExpiryChange, OutboxEvent};

use crate::conversation::recording::ConversationRecording;

/// The single update that merges a recording into the conversation's item. It can be repeated.
///
/// The update changes neither the current rating request nor the rating, with one exception: if it
/// opens a resolved conversation again, it withdraws an unanswered request.
#[derive(Default)]
pub(super) struct Merge {
    assignments: Vec<String>,
    removals: Vec<&'static str>,
    conditions: Vec<String>,
    /// The values of the placeholders in the update and the condition, except `#status`.
    pub(super) values: HashMap<String, AttributeValue>,
}

impl Merge {
    /// Merges `recording` into the conversation as it was last read. If it was not read, the merge
    /// assumes that the conversation is not resolved and expires no later than the recording.
    ///
    /// The condition of the update is that the conversation is still in that state.
    pub(super) fn of(
        recording: &ConversationRecording,
        existing: Option<&ConversationItem>,
        retention: Retention,
    ) -> Result<Self, Fault> {
        let expiry_change = existing.map_or(ExpiryChange::Extended, |existing| {
            ExpiryChange::of(existing, retention, recording.now)
        });
        let mut merge = Self::default();
        merge.keep_alive(expiry_change, retention, recording.now);
        match existing.filter(|existing| recording.is_outdated(existing)) {
            Some(existing) => merge.fill_in(recording, existing)?,
            None => merge.replace(recording, existing)?,
        }
        Ok(merge)
    }

    /// The update expression.
    pub(super) fn update(&self) -> String {
        update_expression(&self.assignments, &self.removals)
    }

    /// The condition expression.
    pub(super) fn condition(&self) -> String {
        self.conditions.join(" AND ")
    }

    /// Sets every attribute that the recording contains.
    fn replace(
        &mut self,
        recording: &ConversationRecording,
        existing: Option<&ConversationItem>,
    ) -> Result<(), Fault> {
        if let Some(as_of) = recording.as_of {
            self.require("(attribute_not_exists(as_of) OR as_of <= :as_of)");
            self.set("as_of", string(as_of));
        }
        if recording.renews_secret {
            self.set("visitor_secret", attribute(&recording.new_secret)?);
        }
        if let Some(status) = recording.status {
            self.set("#status", string(status.as_str()));
        }
        let visitor = &recording.visitor;
        self.set_some("channel", recording.channel.as_ref());
        self.set_some("visitor_name", visitor.name.as_ref());
        self.set_some("visitor_email", visitor.email.as_ref());
        self.set_some("visitor_time_zone", visitor.time_zone.as_ref());
        self.set_some("visitor_language", visitor.language.as_ref());
        self.set_detail("assignee", &recording.assignee)?;
        self.set_detail("inbox", &recording.inbox)?;
        self.set_detail("team", &recording.team)?;
        self.set_detail("labels", &recording.labels)?;
        if let Some(resolved_by) = recording.resolved_by {
            self.set("resolved_by", string(resolved_by.as_str()));
        }
        self.set("updated_at", string(recording.now));
        self.require_link(recording);
        let resolved = existing.filter(|it| it.status == ConversationStatus::Resolved);
        match recording.status {
            Some(ConversationStatus::Open) => self.open(recording, resolved),
            Some(ConversationStatus::Resolved) => self.resolve(recording, resolved),
            None => Ok(()),
        }
    }

    /// Sets only attributes that were never recorded, because the recording is outdated.
    fn fill_in(
        &mut self,
        recording: &ConversationRecording,
        existing: &ConversationItem,
    ) -> Result<(), Fault> {
        if let Some(as_of) = recording.as_of {
            self.require("as_of > :as_of");
            self.bind(":as_of", string(as_of));
        }
        let visitor = &recording.visitor;
        self.set_missing("visitor_name", visitor.name.as_ref());
        self.set_missing("visitor_time_zone", visitor.time_zone.as_ref());
        self.set_missing("visitor_language", visitor.language.as_ref());
        if let (Some(email), None) = (&visitor.email, &existing.visitor_email) {
            self.require("attribute_not_exists(visitor_email)");
            self.set("visitor_email", string(email));
            self.require_link(recording);
        }
        self.set_missing_detail("assignee", &recording.assignee)?;
        self.set_missing_detail("inbox", &recording.inbox)?;
        self.set_missing_detail("team", &recording.team)?;
        self.set_missing_detail("labels", &recording.labels)?;
        self.set("updated_at", string(recording.now));
        Ok(())
    }

    /// Requires that the conversation exists, and sets its expiry to the later of the current one
    /// and the recording's own.
    fn keep_alive(&mut self, expiry_change: ExpiryChange, retention: Retention, now: Timestamp) {
        self.require(&expiry_change.write_condition(retention));
        self.bind(":now", number(now.epoch_seconds()));
        if let Some(expires_at) = retention.expires_at(now) {
            self.bind(":expires_at", number(expires_at));
        }
        self.assignments
            .extend(expiry_change.assignment(retention).map(ToOwned::to_owned));
        self.removals.extend(expiry_change.removal(retention));
    }

    /// Requires a link from the visitor to the conversation before the conversation names the
    /// visitor.
    fn require_link(&mut self, recording: &ConversationRecording) {
        if let Some(visitor) = recording.visitor_hash() {
            self.require("contains(visitors, :visitor)");
            self.bind(":visitor", string(visitor));
        }
    }

    /// Resolves the conversation, which begins a round. If `resolved` is given, it is resolved already,
    /// and its round continues.
    fn resolve(
        &mut self,
        recording: &ConversationRecording,
        resolved: Option<&ConversationItem>,
    ) -> Result<(), Fault> {
        if resolved.is_some() {
            self.require("#status = :status");
            return Ok(());
        }
        self.require("NOT #status = :status");
        self.set("round", string(recording.round()));
        self.set("resolved_at", string(recording.now));
        self.publish(recording, &recording.resolved_event())
    }

    /// Opens the conversation, or opens it again if `resolved` is given, which ends its round.
    fn open(
        &mut self,
        recording: &ConversationRecording,
        resolved: Option<&ConversationItem>,
    ) -> Result<(), Fault> {
        self.bind(":resolved", string(ConversationStatus::Resolved.as_str()));
        self.removals
            .extend(["resolved_by", "resolved_at", "round"]);
        let Some(existing) = resolved else {
            self.require("NOT #status = :resolved");
            return Ok(());
        };
        self.require("#status = :resolved");
        match &existing.round {
            Some(round) => {
                self.require("round = :ended_round");
                self.bind(":ended_round", string(round));
            }
            None => self.require("attribute_not_exists(round)"),
        }
        let event =
            OutboxEvent::conversation_opened(existing.round.as_ref(), &recording.id, recording.now);
        self.publish(recording, &event)?;
        match &existing.current_request {
            Some(current) if existing.current_rating().is_none() => {
                self.set("current_request.withdrawn_at", string(recording.now));
                self.bind(":unanswered", string(&current.id));
                self.require("current_request.id = :unanswered");
                self.require("NOT rating.request_id = :unanswered");
            }
            _ => self.require(
                "(attribute_not_exists(current_request) \
                 OR rating.request_id = current_request.id)",
            ),
        }
        Ok(())
    }

    /// Publishes `event`. The pipe recognizes it by the change of the status.
    fn publish(
        &mut self,
        recording: &ConversationRecording,
        event: &OutboxEvent,
    ) -> Result<(), Fault> {
        self.set("announcement", attribute(event)?);
        self.set("subject", attribute(&recording.event_subject())?);
        Ok(())
    }

    fn require(&mut self, condition: &str) {
        self.conditions.push(condition.to_owned());
    }

    fn set(&mut self, attribute: &str, value: AttributeValue) {
        let placeholder = placeholder(attribute);
        self.assignments
            .push(format!("{attribute} = {placeholder}"));
        self.bind(&placeholder, value);
    }

    /// Sets `attribute` if a value is given.
    fn set_some(&mut self, attribute: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.set(attribute, string(value));
        }
    }

    /// Sets `attribute` if a value is given and the conversation has none.
    fn set_missing(&mut self, attribute: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.assign_missing(attribute, string(value));
        }
    }

    /// Sets `attribute` if the recording sets or removes the detail.
    fn set_detail<T: Clone + Serialize>(
        &mut self,
        attribute: &str,
        detail: &Detail<T>,
    ) -> Result<(), Fault> {
        if !detail.is_unknown() {
            self.set(attribute, dynamodb::attribute(detail)?);
        }
        Ok(())
    }

    /// Sets `attribute` if the recording contains the detail and the conversation never had one.
    fn set_missing_detail<T: Clone + Serialize>(
        &mut self,
        attribute: &str,
        detail: &Detail<T>,
    ) -> Result<(), Fault> {
        if !detail.is_unknown() {
            self.assign_missing(attribute, dynamodb::attribute(detail)?);
        }
        Ok(())
    }

    fn assign_missing(&mut self, attribute: &str, value: AttributeValue) {
        let placeholder = placeholder(attribute);
        self.assignments.push(format!(
            "{attribute} = if_not_exists({attribute}, {placeholder})"
        ));
        self.bind(&placeholder, value);
    }

    fn bind(&mut self, placeholder: &str, value: AttributeValue) {
        self.values.insert(placeholder.to_owned(), value);
    }
}

fn placeholder(attribute: &str) -> String {
    format!(":{}", attribute.trim_start_matches('#').replace('.', "_"))
}

#[cfg(test)]
mod tests;
