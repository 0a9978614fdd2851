use aws::Environment;
use domain::{TranscriptId, TranscriptState, UniqueId};
use dynamodb::{Key, write_item};
use serde::Serialize;
use serde_json::{Value, json};

use super::*;
use crate::samples::{now, request, transcript};

fn failed(item: &impl Serialize) -> ItemOutcome {
    let key = Key {
        pk: "p".to_owned(),
        sk: "s".to_owned(),
    };
    ItemOutcome::Failed(Some(write_item(key, item).unwrap()))
}

fn passed() -> ItemOutcome {
    ItemOutcome::Passed
}

fn conversation(version: Option<&str>) -> Value {
    let version = version.map(|write| json!({ "write": write, "message": "m", "is_public": true }));
    let mut conversation = json!({
        "channel": "widget",
        "status": "open",
        "visitor_secret": "A".repeat(43),
        "recorded_at": now(),
        "recorded_by": "x",
        "updated_at": now(),
    });
    if let Some(version) = version {
        conversation["thread_version"] = version;
    }
    conversation
}

fn explain([conversation, transcript, slot, requester, organisation]: [ItemOutcome; 5]) -> String {
    let stack = StackParameters::from_environment(&Environment::from_variables([].into())).unwrap();
    let snapshot = ConversationSnapshot {
        thread_version: None,
        visitor_email: None,
        round: None,
    };
    let outcomes = vec![conversation, transcript, slot, organisation, requester];
    match explain_refused(&request(), &stack, &snapshot, outcomes) {
        Ok(Reserved::LimitReached(limit)) => limit.rate.policy.to_owned(),
        Ok(Reserved::EarlierRequest(earlier_request)) => format!("{earlier_request:?}"),
        Ok(outcome) => format!("{outcome:?}"),
        Err(fault) => fault.code().as_str().to_owned(),
    }
}

#[test]
fn a_conversation_that_no_longer_exists_comes_before_all_other_reasons() {
    let absent = || ItemOutcome::Failed(None);
    let erased = failed(&json!({ "erased_at": now() }));
    for conversation in [absent(), erased] {
        let outcomes = [conversation, absent(), absent(), absent(), absent()];
        assert_eq!(explain(outcomes), "NoConversation");
    }
}

#[test]
fn a_retry_is_recognized_before_a_change_and_a_limit() {
    let existing = transcript(TranscriptState::Unknown, now());
    let changed = failed(&conversation(Some("other")));
    let outcomes = [
        changed,
        failed(&existing),
        ItemOutcome::Failed(None),
        passed(),
        passed(),
    ];
    assert_eq!(explain(outcomes), "Unknown");
    let mut own = existing;
    own.attempt = request().attempt.to_string();
    let outcomes = [passed(), failed(&own), passed(), passed(), passed()];
    assert_eq!(explain(outcomes), "Slot");
}

#[test]
fn a_changed_conversation_comes_before_a_limit() {
    let outcomes = |conversation| {
        let limit = ItemOutcome::Failed(None);
        [conversation, passed(), limit, passed(), passed()]
    };
    let changed = failed(&conversation(Some("other")));
    assert_eq!(explain(outcomes(changed)), "ConversationChanged");
    assert_eq!(
        explain(outcomes(failed(&conversation(None)))),
        "transcripts"
    );
}

#[test]
fn the_first_limit_that_is_reached_is_reported() {
    let limit = || ItemOutcome::Failed(None);
    for (slot, agent, organisation, expected) in [
        (limit(), limit(), limit(), "transcripts"),
        (passed(), limit(), limit(), "agent-transcripts"),
        (passed(), passed(), limit(), "organisation-transcripts"),
        (passed(), passed(), passed(), "storage_unavailable"),
    ] {
        let outcomes = [passed(), passed(), slot, agent, organisation];
        assert_eq!(explain(outcomes), expected);
    }
}

#[test]
fn items_that_were_read_afterwards_are_compared_with_the_limits() {
    let count = |count: i64| {
        let ItemOutcome::Failed(item) = failed(&json!({ "sent_count": count })) else {
            panic!("a failed item");
        };
        ItemOutcome::ReadAfterwards(item)
    };
    let quota = |ids: &[&str]| {
        let ids: Vec<_> = ids
            .iter()
            .map(|id| TranscriptId::from(UniqueId::derived_from(&[*id])))
            .collect();
        let ItemOutcome::Failed(item) = failed(&json!({ "ids": ids })) else {
            panic!("a failed item");
        };
        ItemOutcome::ReadAfterwards(item)
    };
    let others = ["b", "c", "d", "e", "f"];
    for (slot, agent, expected) in [
        (quota(&others), passed(), "transcripts"),
        (
            quota(&["a", "c", "d", "e", "f"]),
            count(100),
            "agent-transcripts",
        ),
        (quota(&others[..4]), count(100), "agent-transcripts"),
    ] {
        assert_eq!(
            explain([passed(), passed(), slot, agent, passed()]),
            expected
        );
    }
    let below = [passed(), passed(), quota(&[]), count(99), passed()];
    assert_eq!(explain(below), "storage_unavailable");
}
