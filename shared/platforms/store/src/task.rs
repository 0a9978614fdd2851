use dynamodb::{ABSENT_OR_EXPIRED, Table, TransactOutcome, number, transact_item};
use errors::Fault;
use store::{
    ConversationRef, ConversationUpdate, EventSubject, OutboxEvent, PlatformTaskItem, WithOutbox,
    key, transact_in_conversation,
};

/// Creates a task, whose event invokes the function that performs it. Creates nothing and returns `false` if
/// a task with this id exists, or if the conversation does not exist or was erased.
///
/// # Errors
/// If DynamoDB fails.
pub async fn create_task(
    table: &Table,
    conversation: ConversationRef<'_>,
    id: &str,
    task: &PlatformTaskItem,
) -> Result<bool, Fault> {
    let subject = EventSubject::conversation(conversation.organisation, conversation.conversation);
    let event = OutboxEvent::platform_task_created(id, conversation.now);
    let key = key::platform_task(conversation.organisation, conversation.conversation, id);
    let put = table
        .put(key, &WithOutbox::on_put(task, subject, event))?
        .condition_expression(ABSENT_OR_EXPIRED)
        .expression_attribute_values(":now", number(conversation.now.epoch_seconds()));
    let created = transact_in_conversation(
        table,
        conversation,
        ConversationUpdate::default(),
        [transact_item(put)?],
    );
    match created.await? {
        TransactOutcome::Committed => Ok(true),
        TransactOutcome::Refused(_) => Ok(false),
        TransactOutcome::Unknown(fault) => Err(fault),
    }
}
