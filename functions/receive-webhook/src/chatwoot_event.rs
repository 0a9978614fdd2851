use ::chatwoot::{
    Command, CommandKind, Connection, DecodeError, EventMapping, IgnoreReason, decode_action,
    decode_event, map_action, map_event,
};
use domain::{ConversationId, Timestamp, UniqueId};
use dynamodb::Table;
use errors::Fault;
use lambda::http::HttpRequest;
use lambda::random;
use platform_store::{
    FoundConnection, RecordOutcome, create_task, record_conversation, record_messages,
};
use store::{ConversationRef, HookPurpose, PlatformTask, PlatformTaskItem};

use crate::event_body::Handled;

/// How long a task and, with it, the memory of its command is kept.
const TASK_SECONDS: i64 = 7 * 24 * 60 * 60;

/// Records a signed event, and creates the task that follows from it.
pub(crate) async fn handle_event(
    table: &Table,
    found: &FoundConnection,
    connection: &Connection,
    request: &HttpRequest,
) -> Result<Handled, Fault> {
    let event = match decode_event(request.body()) {
        Ok(event) => event,
        Err(error) => return Ok(unreadable(&error)),
    };
    let mapping = map_event(connection, &event, request.now());
    let Some(conversation) = mapping.conversation_id().cloned() else {
        let reason = mapping.ignored.unwrap_or(IgnoreReason::UnknownEvent);
        return Ok(Handled::Ignored(reason.as_str().to_owned()));
    };
    let outcome = record(table, found, &mapping, request.now()).await?;
    let tasks = match outcome {
        RecordOutcome::Created => vec![read_thread(found, &conversation)],
        RecordOutcome::Recorded => Vec::new(),
        RecordOutcome::UnknownConversation => {
            return Ok(Handled::Ignored("unknown_conversation".to_owned()));
        }
        RecordOutcome::Erased => {
            return Ok(Handled::Ignored("conversation_erased".to_owned()));
        }
    };
    let tasks = tasks.into_iter().chain(task(found, &mapping));
    for (id, task) in tasks {
        put_task(table, found, &conversation, id, task, request.now()).await?;
    }
    Ok(Handled::Accepted)
}

/// Records what the event says. The outcome is that of the conversation, unless its message was not recorded.
async fn record(
    table: &Table,
    found: &FoundConnection,
    mapping: &EventMapping,
    now: Timestamp,
) -> Result<RecordOutcome, Fault> {
    let organisation = &found.organisation;
    let Some(recording) = &mapping.conversation else {
        return Ok(RecordOutcome::Recorded);
    };
    let outcome = record_conversation(table, organisation, recording, now).await?;
    let Some(messages) = mapping.messages.as_ref().filter(|_| outcome.is_recorded()) else {
        return Ok(outcome);
    };
    let conversation = &recording.conversation_id;
    let recorded = record_messages(table, organisation, conversation, messages, now).await?;
    Ok(if recorded.is_recorded() {
        outcome
    } else {
        recorded
    })
}

/// The task that reads the whole conversation, because it may have begun before its account was connected.
fn read_thread(found: &FoundConnection, conversation: &ConversationId) -> (UniqueId, PlatformTask) {
    let id = UniqueId::derived_from(&[
        "platform-thread",
        found.organisation.as_str(),
        conversation.as_str(),
    ]);
    (id, PlatformTask::ReadThread)
}

/// The task that an event orders or needs.
fn task(found: &FoundConnection, mapping: &EventMapping) -> Option<(UniqueId, PlatformTask)> {
    match (&mapping.command, &mapping.read_back) {
        (Some(command), _) => Some((command_id(found, command), command_task(command))),
        (None, Some(read_back)) => {
            let task = PlatformTask::ReadMessage {
                message_id: read_back.id,
            };
            Some((random::unique_id(), task))
        }
        (None, None) => None,
    }
}

/// Creates the task that an unsigned call of a rule or a macro orders. Nothing that the call says is
/// recorded, because anyone who knows the URL can send it.
pub(crate) async fn handle_action(
    table: &Table,
    found: &FoundConnection,
    connection: &Connection,
    purpose: HookPurpose,
    request: &HttpRequest,
) -> Result<Handled, Fault> {
    let conversation = match decode_action(request.body()) {
        Ok(conversation) => conversation,
        Err(error) => return Ok(unreadable(&error)),
    };
    let Some(action) = map_action(connection, &conversation) else {
        let reason = IgnoreReason::OtherAccount;
        return Ok(Handled::Ignored(reason.as_str().to_owned()));
    };
    let agent = action.agent;
    let task = match purpose {
        HookPurpose::SendTranscript => PlatformTask::SendTranscript { agent },
        HookPurpose::Ask | HookPurpose::Event => PlatformTask::AskRating { agent },
    };
    let id = random::unique_id();
    let now = request.now();
    let conversation = &action.conversation_id;
    if put_task(table, found, conversation, id, task, now).await? {
        Ok(Handled::Accepted)
    } else {
        Ok(Handled::Ignored("unknown_conversation".to_owned()))
    }
}

/// Returns `false` if the conversation does not exist, or the task exists already.
async fn put_task(
    table: &Table,
    found: &FoundConnection,
    conversation: &ConversationId,
    id: UniqueId,
    task: PlatformTask,
    now: Timestamp,
) -> Result<bool, Fault> {
    let item = PlatformTaskItem {
        platform: found.connection.platform,
        connection_id: found.connection.connection_id.clone(),
        task,
        expires_at: now.plus_seconds(TASK_SECONDS).epoch_seconds(),
    };
    let at = ConversationRef::new(&found.organisation, conversation, now);
    create_task(table, at, &id.to_string(), &item).await
}

/// The id of the task of a command. It is always the same for one note, so that a repeated event does not
/// execute it again.
fn command_id(found: &FoundConnection, command: &Command) -> UniqueId {
    UniqueId::derived_from(&[
        "platform-command",
        found.organisation.as_str(),
        command.conversation_id.as_str(),
        command.message_id.as_str(),
    ])
}

fn command_task(command: &Command) -> PlatformTask {
    let agent = command.agent.clone();
    match command.kind {
        CommandKind::AskRating => PlatformTask::AskRating { agent },
        CommandKind::SendTranscript => PlatformTask::SendTranscript { agent },
    }
}

fn unreadable(error: &DecodeError) -> Handled {
    Handled::Ignored(format!("unreadable_event: {error}"))
}
