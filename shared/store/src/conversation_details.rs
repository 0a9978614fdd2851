use domain::{ConversationId, Group, Labels, OrganisationId};
use dynamodb::Table;
use errors::Fault;
use serde::{Deserialize, Serialize};

use crate::conversation::ConversationItem;
use crate::key;

/// The details of a conversation that its rating requests keep.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationDetails {
    /// The inbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbox: Option<Group>,
    /// The team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Group>,
    /// The labels, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Labels>,
}

impl ConversationDetails {
    /// The details of `conversation` as it is.
    pub fn of(conversation: &ConversationItem) -> Self {
        let labels = conversation.labels.value();
        Self {
            inbox: conversation.inbox.value().cloned(),
            team: conversation.team.value().cloned(),
            labels: labels.filter(|labels| !labels.is_empty()).cloned(),
        }
    }

    /// Reads the details of a conversation. They are empty if it does not exist.
    ///
    /// # Errors
    /// If DynamoDB fails, or the item is malformed.
    pub async fn read(
        table: &Table,
        organisation: &OrganisationId,
        conversation: &ConversationId,
    ) -> Result<Self, Fault> {
        // The conversation's attributes have the same names. A tombstone has none of them.
        let stored: Option<Self> = table
            .get(key::conversation(organisation, conversation))
            .await?;
        let Self {
            inbox,
            team,
            labels,
        } = stored.unwrap_or_default();
        Ok(Self {
            inbox,
            team,
            labels: labels.filter(|labels| !labels.is_empty()),
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::{Channel, ConversationStatus, GroupId, Label, Timestamp, UniqueId, VisitorSecret};
    use dynamodb::{Key, read_item, write_item};

    use super::*;
    use crate::detail::Detail;

    #[test]
    fn the_item_of_a_conversation_is_read_as_its_details() {
        let label = Label::parse("billing").unwrap();
        let team = Group {
            id: GroupId::parse("7").unwrap(),
            name: None,
        };
        let conversation = ConversationItem {
            inbox: Detail::Removed,
            team: Detail::Known(team),
            labels: Detail::Known(Labels::new(vec![label]).unwrap()),
            ..ConversationItem::new(
                Channel::widget(),
                ConversationStatus::Open,
                VisitorSecret::from_bytes([7; 32]),
                UniqueId::from_bytes([7; 16]),
                Timestamp::EPOCH,
            )
        };
        let key = Key {
            pk: "p".to_owned(),
            sk: "s".to_owned(),
        };
        let item = write_item(key, &conversation).unwrap();
        let read: ConversationDetails = read_item(item).unwrap();
        assert_eq!(read, ConversationDetails::of(&conversation));
        assert_ne!(read, ConversationDetails::default());
    }
}
