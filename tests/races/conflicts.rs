//! Faults of transactions, because the embedded engine reports no conflicts by itself.

use std::collections::{BTreeMap, BTreeSet};

use tests::{AwsCall, AwsError, AwsProxy, FaultInjection};

/// Six of sixteen transactions conflict one to three times, and two of sixteen lose their reply.
pub fn inject_faults(aws: &AwsProxy) {
    let transacts = |call: &AwsCall| call.is("dynamodb:TransactWriteItems");
    // A transaction that is retried after a conflict has the same items and another token.
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    let conflicts = move |call: &AwsCall| {
        transacts(call) && {
            let items = call.body["TransactItems"].to_string();
            let left = left
                .entry(items)
                .or_insert_with(|| conflict_count(&client_token(call)));
            let conflicts = *left > 0;
            *left = left.saturating_sub(1);
            conflicts
        }
    };
    aws.inject_always(
        conflicts,
        FaultInjection::Refuse(AwsError::TransactionConflict),
    );
    let mut lost = BTreeSet::new();
    let loses = move |call: &AwsCall| {
        transacts(call)
            && client_token(call).starts_with(['e', 'f'])
            && lost.insert(client_token(call))
    };
    aws.inject_always(loses, FaultInjection::LoseReply);
}

fn client_token(call: &AwsCall) -> String {
    call.body["ClientRequestToken"].as_str().unwrap().to_owned()
}

/// The number of conflicts of a transaction. Tokens are random hexadecimal digits.
fn conflict_count(token: &str) -> usize {
    match token.as_bytes()[1] {
        b'0'..=b'9' => 0,
        b'a' | b'b' => 1,
        b'c' | b'd' => 2,
        _ => 3,
    }
}
