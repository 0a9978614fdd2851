use domain::Entry;
use serde::Serialize;

use crate::entry::EntryItem;
use crate::outbox::event_subject::EventSubject;
use crate::outbox::outbox_event::OutboxEvent;

/// An item with the attributes that publish its put or a later update. Only the pipe reads these
/// attributes.
#[derive(Debug, Serialize)]
pub struct WithOutbox<T> {
    #[serde(flatten)]
    item: T,
    subject: EventSubject,
    #[serde(rename = "announcement", skip_serializing_if = "Option::is_none")]
    outbox_event: Option<OutboxEvent>,
}

impl<T> WithOutbox<T> {
    /// An item whose updates publish events, but whose put does not.
    pub fn on_update(item: T, subject: EventSubject) -> Self {
        Self {
            item,
            subject,
            outbox_event: None,
        }
    }

    /// An item whose put publishes `event`.
    pub fn on_put(item: T, subject: EventSubject, event: OutboxEvent) -> Self {
        Self {
            item,
            subject,
            outbox_event: Some(event),
        }
    }
}

impl WithOutbox<EntryItem> {
    /// An entry of a thread. Its put publishes an event if the entry is an event.
    pub fn of_entry(entry: Entry, subject: EventSubject) -> Self {
        let outbox_event = OutboxEvent::of_entry(&entry);
        Self {
            item: entry.into(),
            subject,
            outbox_event,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::{
        Agent, AgentId, ConversationId, EntryId, Event, OrganisationId, PersonName,
        RatingRequestId, Timestamp,
    };
    use dynamodb::{Key, string, write_item};

    use super::*;

    fn agent() -> Agent {
        Agent {
            id: AgentId::parse("kim").unwrap(),
            name: Some(PersonName::parse("Kim").unwrap()),
        }
    }

    #[test]
    fn an_item_publishes_its_put_in_the_attribute_announcement() {
        let organisation = OrganisationId::parse("acme").unwrap();
        let conversation = ConversationId::parse("c").unwrap();
        let request = RatingRequestId::parse("r").unwrap();
        let subject =
            || EventSubject::rating_request(&organisation, &conversation, &agent(), &request);
        let event = Event::RatingRequested {
            rating_request_id: request.clone(),
            agent: agent(),
            by: domain::AskedBy::Agent,
        };
        let entry = Entry::of_event(EntryId::of_event("e", "1"), Timestamp::EPOCH, event);
        let key = || Key {
            pk: "p".to_owned(),
            sk: "s".to_owned(),
        };
        let put = write_item(key(), &WithOutbox::of_entry(entry, subject())).unwrap();
        assert!(put.contains_key("announcement"));
        let update = write_item(
            key(),
            &WithOutbox::on_update(BTreeMap::<String, String>::new(), subject()),
        )
        .unwrap();
        assert!(!update.contains_key("announcement"));
        let subject = update.get("subject").unwrap().as_m().unwrap();
        assert_eq!(subject.get("agent_name"), Some(&string("Kim")));
        assert_eq!(subject.get("transcript_id"), Some(&string("")));
    }
}
