//! Emulators of the AWS services that the functions call.

mod credential_scope;
pub(crate) mod dynamodb;
pub(crate) mod dynamodb_bookmarks;
mod dynamodb_error;
mod dynamodb_file;
pub(crate) mod dynamodb_import;
pub(crate) mod dynamodb_position;
pub(crate) mod dynamodb_rules;
pub(crate) mod dynamodb_stream;
mod dynamodb_table;
pub(crate) mod eventbridge;
pub(crate) mod iam;
pub(crate) mod lambda;
mod query;
pub(crate) mod scheduler;
pub(crate) mod ses;
