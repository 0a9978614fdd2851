use ::chatwoot::{
    Command, CommandKind, Connection, DecodeError, EventMapping, IgnoreReason, decode_action,
    decode_event, map_action, map_event,
};
use domain::{ConversationId, MessageId, Timestamp, UniqueId};
use dynamodb::Table;
use errors::Fault;
use lambda::http::HttpRequest;
use lambda::metrics::{self, Counter};
use lambda::random;
use platform_store::{
    FoundConnection, RecordOutcome, create_task, record_conversation, record_messages,
};
use store::{ConversationRef, PlatformTask, PlatformTaskItem};

use crate::event_body::WebhookOutcome;

/// What a call to an action URL requests.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    Ask,
    SendTranscript,
}

/// Records a signed event, and creates the tasks that follow from it.
///
/// The message is recorded last. The platform does not repeat an event after an error. A message that is missing is found
/// when the conversation is read the next time, but a command in it is not executed then.
pub(crate) async fn handle_event(
    table: &Table,
    found: &FoundConnection,
    connection: &Connection,
    request: &HttpRequest,
) -> Result<WebhookOutcome, Fault> {
    let event = match decode_event(request.body()) {
        Ok(event) => event,
        Err(error) => return Ok(unreadable(&error)),
    };
    let mapping = map_event(connection, &event, request.now());
    let Some(conversation) = mapping.conversation_id().cloned() else {
        let reason = mapping.ignored.unwrap_or(IgnoreReason::UnknownEvent);
        return Ok(WebhookOutcome::Ignored(reason.as_str().to_owned()));
    };
    let now = request.now();
    let outcome = match &mapping.conversation {
        Some(recording) => record_conversation(table, &found.organisation, recording, now).await?,
        None => RecordOutcome::Recorded,
    };
    let read_thread = match outcome {
        // The conversation may have begun before its account was connected.
        RecordOutcome::Created => Some((random::unique_id(), PlatformTask::ReadThread)),
        RecordOutcome::Recorded => None,
        RecordOutcome::UnknownConversation | RecordOutcome::Erased => {
            return Ok(ignore_unrecorded(outcome));
        }
    };
    let is_future = mapping.ignored == Some(IgnoreReason::FutureMessage);
    let tasks = task(found, &mapping).filter(|_| !is_future);
    for (id, task) in read_thread.into_iter().chain(tasks) {
        put_task(table, found, &conversation, id, task, now).await?;
    }
    if is_future {
        let reason = IgnoreReason::FutureMessage.as_str().to_owned();
        return Ok(WebhookOutcome::Ignored(reason));
    }
    if let Some(messages) = &mapping.messages {
        let (organisation, conversation) = (&found.organisation, &conversation);
        let recorded = record_messages(table, organisation, conversation, messages, now).await?;
        if !recorded.is_recorded() {
            return Ok(ignore_unrecorded(recorded));
        }
    }
    Ok(WebhookOutcome::Accepted)
}

fn ignore_unrecorded(outcome: RecordOutcome) -> WebhookOutcome {
    let reason = match outcome {
        RecordOutcome::Erased => "conversation_erased",
        _ => "unknown_conversation",
    };
    WebhookOutcome::Ignored(reason.to_owned())
}

/// The task that an event requires.
fn task(found: &FoundConnection, mapping: &EventMapping) -> Option<(UniqueId, PlatformTask)> {
    match (&mapping.command, &mapping.read_back) {
        (Some(command), _) => Some((command_id(found, command), command_task(command))),
        (None, Some(read_back)) => {
            let task = PlatformTask::ReadMessage {
                message_id: MessageId::parse(&read_back.id.to_string()).ok()?,
            };
            Some((random::unique_id(), task))
        }
        (None, None) => None,
    }
}

/// Creates the task that an unsigned call of a rule or a macro requests. Nothing that the call says is
/// recorded, because anyone who knows the URL can send it.
pub(crate) async fn handle_action(
    table: &Table,
    found: &FoundConnection,
    connection: &Connection,
    action: Action,
    request: &HttpRequest,
) -> Result<WebhookOutcome, Fault> {
    let conversation = match decode_action(request.body()) {
        Ok(conversation) => conversation,
        Err(error) => return Ok(unreadable(&error)),
    };
    let Some(conversation) = map_action(connection, &conversation) else {
        let reason = IgnoreReason::OtherAccount;
        return Ok(WebhookOutcome::Ignored(reason.as_str().to_owned()));
    };
    let (kind, task) = match action {
        Action::Ask => ("ask", PlatformTask::AskRating { agent: None }),
        Action::SendTranscript => ("transcript", PlatformTask::SendTranscript { agent: None }),
    };
    let id = action_id(found, kind, &conversation, request.now());
    let now = request.now();
    if put_task(table, found, &conversation, id, task, now).await? {
        Ok(WebhookOutcome::Accepted)
    } else {
        Ok(WebhookOutcome::Ignored("repeated_or_unknown".to_owned()))
    }
}

/// The id of the task of a call to an action URL. Calls within the same minute count as one, because nothing in a
/// repeated call can be trusted to be the same.
fn action_id(
    found: &FoundConnection,
    kind: &str,
    conversation: &ConversationId,
    now: Timestamp,
) -> UniqueId {
    let minute = now.epoch_seconds().div_euclid(60).to_string();
    UniqueId::derived_from(&[
        "platform-action",
        found.organisation.as_str(),
        conversation.as_str(),
        kind,
        &minute,
    ])
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
    let connection = &found.connection;
    let id_of_connection = connection.connection_id.clone();
    let item = PlatformTaskItem::new(connection.platform, id_of_connection, task, now);
    let at = ConversationRef::new(&found.organisation, conversation, now);
    let is_new = create_task(table, at, &id.to_string(), &item).await?;
    if is_new {
        metrics::count(Counter::TaskCreated);
    }
    Ok(is_new)
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
    let agent = Some(command.agent.clone());
    match command.kind {
        CommandKind::ReadConversation => PlatformTask::ReadThread,
        CommandKind::AskRating => PlatformTask::AskRating { agent },
        CommandKind::SendTranscript => PlatformTask::SendTranscript { agent },
    }
}

fn unreadable(error: &DecodeError) -> WebhookOutcome {
    WebhookOutcome::Ignored(format!("unreadable_event: {error}"))
}
