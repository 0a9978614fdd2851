//! The keys of the items in a visitor's partition.

use domain::{ConversationId, OrganisationId, VisitorHash};
use dynamodb::Key;

/// The prefix of the sort keys of the links from a visitor to conversations.
pub const VISITOR_CONVERSATIONS: &str = "CONVERSATION#";

/// The partition key of a visitor's items. It never equals a conversation's partition, which has
/// exactly one `#`.
pub fn visitor_partition(organisation: &OrganisationId, visitor: &VisitorHash) -> String {
    format!("{organisation}#VISITOR#{visitor}")
}

/// The key of a visitor's cooldown, which applies in all conversations.
pub fn visitor_cooldown(organisation: &OrganisationId, visitor: &VisitorHash) -> Key {
    Key {
        pk: visitor_partition(organisation, visitor),
        sk: "ASK".to_owned(),
    }
}

/// The key of the link from a visitor to a conversation that had the visitor's e-mail address.
pub fn visitor_conversation(
    organisation: &OrganisationId,
    visitor: &VisitorHash,
    conversation: &ConversationId,
) -> Key {
    Key {
        pk: visitor_partition(organisation, visitor),
        sk: format!("{VISITOR_CONVERSATIONS}{conversation}"),
    }
}
