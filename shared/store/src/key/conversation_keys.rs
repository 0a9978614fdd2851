//! The keys of the items in a conversation's partition.

use domain::{
    AgentId, ClockHour, ConversationId, EntryId, OrganisationId, RatingRequestId, Timestamp,
    TranscriptId,
};
use dynamodb::Key;

const CONVERSATION: &str = "CONVERSATION";

/// The prefix of the sort keys of a thread's entries.
pub const ENTRIES: &str = "ENTRY#";

/// The prefix of the sort keys of a conversation's rating requests.
pub const RATING_REQUESTS: &str = "REQUEST#";

/// The prefix of the sort keys of a conversation's transcripts.
pub const TRANSCRIPTS: &str = "TRANSCRIPT#";

/// The prefix of the sort keys of a conversation's tasks for its chat platform.
const PLATFORM_TASKS: &str = "TASK#";

/// The prefix of the sort keys of the messages that this project posts into a conversation.
const PLATFORM_POSTS: &str = "POST#";

/// The partition key of a conversation's items.
pub fn conversation_partition(
    organisation: &OrganisationId,
    conversation: &ConversationId,
) -> String {
    format!("{organisation}#{conversation}")
}

/// The key of a conversation's own item.
pub fn conversation(organisation: &OrganisationId, conversation: &ConversationId) -> Key {
    of_conversation(organisation, conversation, CONVERSATION.to_owned())
}

/// Whether `key` is the key of a conversation's own item.
pub fn is_conversation(key: &Key) -> bool {
    key.sk == CONVERSATION
}

/// The key of an entry of a conversation's thread. Entries sort by time, then by id.
pub fn entry(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    at: Timestamp,
    id: &EntryId,
) -> Key {
    let sk = format!("{ENTRIES}{}", thread_sort_key(at, id));
    of_conversation(organisation, conversation, sk)
}

/// The position of an entry in its thread as text: its sort key without the prefix [`ENTRIES`].
/// Texts sort by time, then by id.
pub fn thread_sort_key(at: Timestamp, id: &EntryId) -> String {
    format!("{at}#{id}")
}

/// The prefix of the sort keys of a thread's entries of the time `at`.
pub fn entries_at(at: Timestamp) -> String {
    format!("{ENTRIES}{at}#")
}

/// The key of an agent's cooldown in a conversation.
pub fn agent_cooldown(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    agent: &AgentId,
) -> Key {
    of_conversation(organisation, conversation, format!("ASK#{agent}"))
}

/// The key of a rating request and its answer.
pub fn rating_request(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    id: &RatingRequestId,
) -> Key {
    of_conversation(organisation, conversation, format!("{RATING_REQUESTS}{id}"))
}

/// The key of a transcript of a conversation.
pub fn transcript(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    id: &TranscriptId,
) -> Key {
    of_conversation(organisation, conversation, format!("{TRANSCRIPTS}{id}"))
}

/// The key of a task for the conversation's chat platform.
pub fn platform_task(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    task: &str,
) -> Key {
    of_conversation(
        organisation,
        conversation,
        format!("{PLATFORM_TASKS}{task}"),
    )
}

/// The key of a message that this project posts into the conversation on its platform. `marker`
/// is the message's own id, by which it is found on the platform.
pub fn platform_post(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    marker: &str,
) -> Key {
    of_conversation(
        organisation,
        conversation,
        format!("{PLATFORM_POSTS}{marker}"),
    )
}

/// The key of the set of transcripts that a conversation sends in an hour.
pub fn conversation_quota(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    hour: ClockHour,
) -> Key {
    of_conversation(organisation, conversation, format!("QUOTA#{hour}"))
}

/// The key of the list of transcripts that a conversation's visitor requested.
pub fn visitor_quota(organisation: &OrganisationId, conversation: &ConversationId) -> Key {
    of_conversation(organisation, conversation, "VISITOR-QUOTA".to_owned())
}

fn of_conversation(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    sk: String,
) -> Key {
    Key {
        pk: conversation_partition(organisation, conversation),
        sk,
    }
}
