use std::sync::Arc;
use std::thread;

use local::{DynamoDbRules, Iam};

/// Panics when it is dropped if a function made a call that its role does not allow.
pub(crate) struct Permissions(pub(crate) Arc<Iam>);

impl Drop for Permissions {
    fn drop(&mut self) {
        let refused = self.0.take_refused();
        if !thread::panicking() {
            assert!(refused.is_empty(), "not granted: {refused:#?}");
        }
    }
}

/// Panics when it is dropped if the embedded DynamoDB received a request that DynamoDB would refuse as
/// invalid.
pub(crate) struct Rules(pub(crate) Arc<DynamoDbRules>);

impl Drop for Rules {
    #[expect(clippy::print_stderr, reason = "it explains why the test failed")]
    fn drop(&mut self) {
        let violations = self.0.take_violations();
        if !thread::panicking() {
            assert!(
                violations.is_empty(),
                "invalid in DynamoDB: {violations:#?}"
            );
        }
        // The test has failed already, possibly because of these violations.
        for violation in violations {
            eprintln!("invalid in DynamoDB: {violation}");
        }
    }
}
