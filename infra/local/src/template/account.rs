/// The region that the stand-ins say they are in.
pub(crate) const REGION: &str = "us-east-1";

/// The account that the stand-ins say they belong to.
pub(crate) const ACCOUNT: &str = "000000000000";
