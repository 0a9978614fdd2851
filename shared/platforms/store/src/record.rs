use domain::{ConversationId, Labels, Message, OrganisationId, Timestamp};
use dynamodb::Table;
use errors::Fault;
use lambda::random;
use platform_recordings::{
    ConversationChange, ConversationRecording, FieldChange, NewMessage, NewMessages,
};
use recordings::{ConversationOutcome, MessagesOutcome, MessagesRecording, NotAdded};
use store::Detail;

/// The outcome of recording what a platform says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordOutcome {
    /// It is recorded for the first time.
    Created,
    /// It is recorded, or newer data was recorded before.
    Recorded,
    /// The conversation is not recorded, and the channel that its first recording requires is not known.
    UnknownConversation,
    /// The conversation was erased. Nothing is recorded.
    Erased,
}

impl RecordOutcome {
    fn of_messages(outcome: &MessagesOutcome) -> Self {
        match outcome {
            MessagesOutcome::All { .. } => Self::Recorded,
            MessagesOutcome::NoConversation => Self::UnknownConversation,
            MessagesOutcome::Erased => Self::Erased,
        }
    }

    /// Whether it is recorded now.
    pub fn is_recorded(self) -> bool {
        matches!(self, Self::Created | Self::Recorded)
    }
}

/// For how long after its beginning a conversation whose first event says that it is resolved begins a round. An
/// older one was resolved before its account was connected, and its first event may be a new label.
const FIRST_ROUND_SECONDS: i64 = 24 * 60 * 60;

/// Records a conversation.
///
/// # Errors
/// If DynamoDB fails.
pub async fn record_conversation(
    table: &Table,
    organisation: &OrganisationId,
    recording: &ConversationRecording,
    now: Timestamp,
) -> Result<RecordOutcome, Fault> {
    let ConversationChange {
        channel,
        visitor,
        assignee,
        inbox,
        team,
        labels,
        status,
        as_of,
    } = recording.change.clone();
    let recording = recordings::ConversationRecording {
        organisation: organisation.clone(),
        conversation: recording.conversation_id.clone(),
        channel,
        visitor: visitor.unwrap_or_default(),
        assignee: detail(assignee),
        inbox: inbox.map_or(Detail::Unknown, Detail::Known),
        team: detail(team),
        labels: match labels.map(Labels::new) {
            Some(Ok(labels)) => Detail::Known(labels),
            Some(Err(_)) | None => Detail::Unknown,
        },
        status,
        begins_first_round: began_lately(recording, now),
        resolved_by: None,
        as_of,
        id: random::unique_id(),
        renews_secret: false,
        new_secret: random::visitor_secret(),
        now,
    };
    let outcome = recordings::record_conversation(table, &recording).await?;
    Ok(match outcome {
        ConversationOutcome::New(_) => RecordOutcome::Created,
        ConversationOutcome::Known { .. } => RecordOutcome::Recorded,
        ConversationOutcome::NeedsChannel => RecordOutcome::UnknownConversation,
        ConversationOutcome::Erased => RecordOutcome::Erased,
    })
}

/// Records messages of a conversation.
///
/// # Errors
/// If DynamoDB fails.
pub async fn record_messages(
    table: &Table,
    organisation: &OrganisationId,
    conversation: &ConversationId,
    messages: &NewMessages,
    now: Timestamp,
) -> Result<RecordOutcome, Fault> {
    let recording = recording(organisation, conversation, messages, now)?;
    let outcome = recordings::record_messages(table, &recording).await?;
    Ok(RecordOutcome::of_messages(&outcome))
}

/// Records messages of the platform's current thread, except those that are recorded already with the same content.
///
/// # Errors
/// If DynamoDB fails.
pub async fn record_thread(
    table: &Table,
    organisation: &OrganisationId,
    conversation: &ConversationId,
    messages: &NewMessages,
    now: Timestamp,
) -> Result<RecordOutcome, Fault> {
    let recording = recording(organisation, conversation, messages, now)?;
    let outcome = recordings::record_changed_messages(table, recording).await?;
    Ok(RecordOutcome::of_messages(&outcome))
}

fn began_lately(recording: &ConversationRecording, now: Timestamp) -> bool {
    let began_at = recording.began_at;
    began_at.is_some_and(|began_at| began_at.plus_seconds(FIRST_ROUND_SECONDS) > now)
}

fn recording(
    organisation: &OrganisationId,
    conversation: &ConversationId,
    messages: &NewMessages,
    now: Timestamp,
) -> Result<MessagesRecording, Fault> {
    let (organisation, conversation) = (organisation.clone(), conversation.clone());
    let id = random::unique_id();
    let mut recording = MessagesRecording::new(organisation, conversation, id, now);
    for message in &messages.messages {
        add_message(&mut recording, message)?;
    }
    Ok(recording)
}

/// Adds a message. If it is too large to be stored, it is added without its last attachments.
fn add_message(recording: &mut MessagesRecording, message: &NewMessage) -> Result<(), Fault> {
    let mut attachments = message.attachments.clone();
    loop {
        let new = recordings::NewMessage {
            id: message.id.clone(),
            sent_at: message.sent_at,
            visibility: message.visibility,
            content: Message {
                author: message.author.clone(),
                text: message.text.clone(),
                attachments: attachments.clone(),
                unlinked_attachments: Vec::new(),
            },
            as_of: Some(message.as_of),
        };
        match recording.add_message(new) {
            Ok(()) => return Ok(()),
            Err(NotAdded::TooLarge { .. }) if attachments.pop().is_some() => {}
            Err(NotAdded::TooLarge { .. }) => {
                return Err(Fault::internal(
                    "a message without attachments is too large",
                ));
            }
            Err(NotAdded::Failed(fault)) => return Err(fault),
        }
    }
}

fn detail<T>(change: FieldChange<T>) -> Detail<T> {
    match change {
        FieldChange::Keep => Detail::Unknown,
        FieldChange::Remove => Detail::Removed,
        FieldChange::Set(value) => Detail::Known(value),
    }
}
