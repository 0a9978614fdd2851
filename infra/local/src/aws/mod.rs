//! Emulators of the AWS services that the functions call.

pub(crate) mod dynamodb;
mod dynamodb_file;
pub(crate) mod dynamodb_import;
pub(crate) mod dynamodb_rules;
pub(crate) mod dynamodb_stream;
pub(crate) mod eventbridge;
pub(crate) mod iam;
pub(crate) mod lambda;
pub(crate) mod ses;
