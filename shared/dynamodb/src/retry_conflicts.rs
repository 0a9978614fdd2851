use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemError;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_smithy_runtime_api::client::interceptors::context::{Error, InterceptorContext};
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};

/// Makes the SDK retry a write outside of a transaction that conflicts with a transaction on its
/// item. By default the SDK does not retry it, although such a transaction ends soon.
#[derive(Debug)]
pub(crate) struct RetryConflicts;

impl ClassifyRetry for RetryConflicts {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let error = context.output_or_error().and_then(Result::err);
        match error.and_then(|error| error.as_operation_error()) {
            Some(error) if is_conflict(error) => RetryAction::transient_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "Conflicts with transactions"
    }
}

fn is_conflict(error: &Error) -> bool {
    let put = error
        .downcast_ref()
        .is_some_and(PutItemError::is_transaction_conflict_exception);
    let update = error
        .downcast_ref()
        .is_some_and(UpdateItemError::is_transaction_conflict_exception);
    let delete = error
        .downcast_ref()
        .is_some_and(DeleteItemError::is_transaction_conflict_exception);
    // The API's model does not document this error for a batch.
    let batch = error
        .downcast_ref::<BatchWriteItemError>()
        .is_some_and(|error| error.code() == Some("TransactionConflictException"));
    put || update || delete || batch
}
