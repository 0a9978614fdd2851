//! Stand-ins for the services of AWS that the functions call.

pub(crate) mod dynamodb;
#[allow(
    dead_code,
    reason = "the template's first rule and its first pipe come next"
)]
pub(crate) mod eventbridge;
pub(crate) mod iam;
pub(crate) mod ses;
