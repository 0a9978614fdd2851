//! Stand-ins for the services of AWS that the functions call.

pub(crate) mod dynamodb;
pub(crate) mod ses;
