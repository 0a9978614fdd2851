use std::sync::Arc;
use std::thread;

use local::{DynamoDbRules, Iam};

/// Panics when it is dropped if a function made a call that its role does not allow.
pub(crate) struct PermissionCheck(pub(crate) Arc<Iam>);

impl Drop for PermissionCheck {
    fn drop(&mut self) {
        let denied = self.0.take_denied();
        if !thread::panicking() {
            assert!(
                denied.is_empty(),
                "functions made calls that infra/template.yaml does not grant: {denied:#?}"
            );
        }
    }
}

/// Panics when it is dropped if the embedded DynamoDB received a request that DynamoDB would refuse as
/// invalid.
pub(crate) struct RuleCheck(pub(crate) Arc<DynamoDbRules>);

impl Drop for RuleCheck {
    #[expect(clippy::print_stderr, reason = "it explains why the test failed")]
    fn drop(&mut self) {
        let violations = self.0.take_violations();
        if !thread::panicking() {
            assert!(
                violations.is_empty(),
                "DynamoDB would refuse these requests as invalid: {violations:#?}"
            );
        }
        // The test has failed already, possibly because of these violations.
        for violation in violations {
            eprintln!("DynamoDB would refuse this request as invalid: {violation}");
        }
    }
}
