use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use shared::domain::{ConversationStatus, Retention, Timestamp};
use shared::fault::Fault;
use shared::table::{ConversationItem, attribute, number, string};

use super::recording::Recording;

/// The one update that merges a recording into the conversation's item. It may be repeated.
///
/// It touches neither the current rating request nor the rating, unless it opens again what was
/// found resolved: that withdraws a request which is not answered.
#[derive(Default)]
pub(super) struct Merge {
    assignments: Vec<String>,
    removals: &'static str,
    /// What must hold of the item as it stands.
    pub(super) condition: String,
    /// What the placeholders of update and condition stand for, but for `#status`.
    pub(super) values: HashMap<String, AttributeValue>,
}

impl Merge {
    /// The merge of `recording`, where the conversation is not resolved, or stands as `resolved`.
    ///
    /// It makes the item where there is none and no e-mail address is told: what leads from a
    /// visitor to a conversation is there before the conversation names the visitor.
    pub(super) fn of(
        recording: &Recording,
        resolved: Option<&ConversationItem>,
        retention: Retention,
    ) -> Result<Self, Fault> {
        let mut merge = Self {
            condition: ConversationItem::may_be_written(retention),
            ..Self::default()
        };
        merge.set_all_told(recording)?;
        merge.keep(retention, recording.now);
        if recording.status == Some(ConversationStatus::Open) {
            let opens = merge.open(resolved, recording.now);
            merge.condition.push_str(" AND ");
            merge.condition.push_str(opens);
        }
        if let Some(visitor) = recording.visitor_hash() {
            merge
                .condition
                .push_str(" AND contains(visitors, :visitor)");
            merge.bind(":visitor", string(visitor));
        } else if recording.channel.is_some() {
            merge.condition = format!("attribute_not_exists(pk) OR ({})", merge.condition);
        }
        Ok(merge)
    }

    /// The update expression.
    pub(super) fn update(&self) -> String {
        format!("SET {}{}", self.assignments.join(", "), self.removals)
    }

    fn set_all_told(&mut self, recording: &Recording) -> Result<(), Fault> {
        let secret = attribute(&recording.new_secret)?;
        if recording.renews_secret {
            self.set("visitor_secret", secret);
        } else {
            self.set_first("visitor_secret", secret);
        }
        match recording.status {
            Some(status) => self.set("#status", string(status.as_str())),
            None => self.set_first("#status", string(ConversationStatus::default().as_str())),
        }
        let visitor = &recording.visitor;
        self.set_told("channel", recording.channel.as_ref());
        self.set_told("visitor_name", visitor.name.as_ref());
        self.set_told("visitor_email", visitor.email.as_ref());
        self.set_told("visitor_time_zone", visitor.time_zone.as_ref());
        self.set_told("visitor_language", visitor.language.as_ref());
        if let Some(assignee) = &recording.assignee {
            self.set("assignee", attribute(assignee)?);
        }
        self.set_first("recorded_at", string(recording.now));
        self.set_first("recorded_by", string(recording.id));
        self.set("updated_at", string(recording.now));
        Ok(())
    }

    /// Keeps the conversation as long as what is written at `now`.
    fn keep(&mut self, retention: Retention, now: Timestamp) {
        self.bind(":now", number(now.epoch_seconds()));
        match retention.expires_at(now) {
            Some(expires_at) => self.set("expires_at", number(expires_at)),
            None => self.removals = " REMOVE expires_at",
        }
    }

    /// Opens the conversation, again where it stands `resolved`, and gives the condition for that.
    fn open(&mut self, resolved: Option<&ConversationItem>, now: Timestamp) -> &'static str {
        self.bind(":resolved", string(ConversationStatus::Resolved.as_str()));
        let Some(stands) = resolved else {
            return "NOT #status = :resolved";
        };
        match &stands.current_request {
            Some(current) if stands.current_rating().is_none() => {
                self.set("current_request.withdrawn_at", string(now));
                self.bind(":unanswered", string(&current.id));
                "#status = :resolved AND current_request.id = :unanswered \
                 AND NOT rating.request_id = :unanswered"
            }
            _ => {
                "#status = :resolved AND (attribute_not_exists(current_request) \
                 OR rating.request_id = current_request.id)"
            }
        }
    }

    /// Sets `attribute`.
    fn set(&mut self, attribute: &str, value: AttributeValue) {
        let placeholder = placeholder(attribute);
        self.assignments
            .push(format!("{attribute} = {placeholder}"));
        self.bind(&placeholder, value);
    }

    /// Sets `attribute` where it was told.
    fn set_told(&mut self, attribute: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.set(attribute, string(value));
        }
    }

    /// Sets `attribute` where it does not stand yet.
    fn set_first(&mut self, attribute: &str, value: AttributeValue) {
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
