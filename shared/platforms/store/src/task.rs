use dynamodb::{ABSENT_OR_EXPIRED, ItemOutcome, Table, TransactOutcome, number, transact_item};
use errors::Fault;
use store::{
    ConversationRef, ConversationUpdate, EventSubject, OutboxEvent, PlatformTaskItem, WithOutbox,
    key, transact_in_conversation,
};

/// Creates a task, whose event invokes the function that performs it. Creates nothing and returns `false` if
/// a task with this id exists, or if the conversation does not exist or was erased.
///
/// # Errors
/// If DynamoDB fails, or other writes of the conversation interfere in every attempt.
pub async fn create_task(
    table: &Table,
    conversation: ConversationRef<'_>,
    id: &str,
    task: &PlatformTaskItem,
) -> Result<bool, Fault> {
    let subject = EventSubject::conversation(conversation.organisation, conversation.conversation);
    let event = OutboxEvent::of_task(id, &task.task, conversation.now);
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
    let refused = match created.await? {
        TransactOutcome::Committed => return Ok(true),
        TransactOutcome::Unknown(fault) => return Err(fault),
        TransactOutcome::Refused(refused) => refused,
    };
    let [task] = refused.others;
    let is_refused_by_condition = [&task, &refused.conversation]
        .iter()
        .any(|outcome| matches!(outcome, ItemOutcome::Failed(_)));
    if is_refused_by_condition {
        Ok(false)
    } else {
        Err(Fault::contended(
            "a task conflicted with other writes in every attempt",
        ))
    }
}
