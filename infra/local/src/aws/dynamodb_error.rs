use dynoxide::DynoxideError;

use crate::aws::dynamodb_file::DatabaseFileError;

/// The database is not available.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DynamoDbError {
    /// The engine returned an error.
    #[error("the embedded DynamoDB failed: {0}")]
    Engine(#[from] DynoxideError),
    /// The file cannot be opened or indexed.
    #[error("the file of the embedded DynamoDB cannot be opened: {0}")]
    File(#[from] DatabaseFileError),
    /// The engine does not support the template's table.
    #[error("the table in infra/template.yaml is not supported: {0}")]
    Definition(serde_json::Error),
    /// The table on disk has other keys or indexes than the template's table.
    #[error(
        "the stored table has other keys or indexes than infra/template.yaml: \
         remove the data directory, or name another with --data"
    )]
    OtherTable,
    /// The engine could not get a port or start a thread.
    #[error("the embedded DynamoDB did not start: {0}")]
    Start(std::io::Error),
}
