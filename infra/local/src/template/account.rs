/// The region of the AWS emulators.
pub(crate) const REGION: &str = "us-east-1";

/// The account ID of the AWS emulators.
pub(crate) const ACCOUNT: &str = "000000000000";
