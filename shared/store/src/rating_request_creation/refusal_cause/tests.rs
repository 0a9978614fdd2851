use domain::{
    Agent, AgentId, ConversationId, ConversationStatus, OrganisationId, RatingRequestId,
    ReportTimeZone, Timestamp, UniqueId, VisitorAskInterval, VisitorSecret,
};
use dynamodb::{Item, Key, write_item};
use serde::Serialize;

use super::*;
use crate::conversation_snapshot::ConversationSnapshot;
use crate::rating_request_creation::ActiveCooldown;

const NOW: i64 = 1_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_epoch_seconds(seconds).unwrap()
}

fn id(text: &str) -> RatingRequestId {
    RatingRequestId::parse(text).unwrap()
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn new_request(visitor_days: &str) -> NewRatingRequest {
    NewRatingRequest {
        organisation: OrganisationId::parse("acme").unwrap(),
        conversation: ConversationId::parse("c").unwrap(),
        agent: Agent {
            id: AgentId::parse("kim").unwrap(),
            name: None,
        },
        rating_request_id: id("new"),
        payload_fingerprint: Some("fingerprint".to_owned()),
        link: None,
        visitor_interval: VisitorAskInterval::parse(visitor_days).unwrap(),
        report_time_zone: ReportTimeZone::default(),
        snapshot: None,
        round: None,
        details: None,
        now: at(NOW),
    }
}

fn conversation() -> ConversationItem {
    ConversationItem {
        visitor_email: Some(email("jo@example.com")),
        ..ConversationItem::new(
            Channel::widget(),
            ConversationStatus::Open,
            VisitorSecret::from_bytes([7; 32]),
            UniqueId::from_bytes([7; 16]),
            Timestamp::EPOCH,
        )
    }
}

fn cooldown(by: &str, expires_at: i64) -> CooldownItem {
    CooldownItem {
        rating_request_id: id(by),
        conversation_id: None,
        expires_at,
    }
}

fn item(value: &impl Serialize) -> Item {
    let key = Key {
        pk: "p".to_owned(),
        sk: "s".to_owned(),
    };
    write_item(key, value).unwrap()
}

fn failed(value: &impl Serialize) -> ItemOutcome {
    ItemOutcome::Failed(Some(item(value)))
}

fn passed() -> RefusedItems {
    RefusedItems {
        conversation: ItemOutcome::Passed,
        agent_cooldown: ItemOutcome::Passed,
        same_request: ItemOutcome::Passed,
        visitor_cooldown: ItemOutcome::Passed,
    }
}

fn outcome(new_request: &NewRatingRequest, items: RefusedItems) -> CreateOutcome {
    match RefusalCause::find(new_request, items, None).unwrap() {
        RefusalCause::Outcome(outcome) => *outcome,
        cause => panic!("no outcome: {cause:?}"),
    }
}

#[test]
fn a_missing_erased_or_expired_conversation_is_not_found() {
    let expired = ConversationItem {
        expires_at: Some(NOW),
        ..conversation()
    };
    let erased = crate::Tombstone {
        erased_at: at(1),
        visitors: Default::default(),
    };
    for conversation in [ItemOutcome::Failed(None), failed(&expired), failed(&erased)] {
        let items = RefusedItems {
            conversation,
            same_request: failed(&new_request("0").to_item()),
            ..passed()
        };
        let outcome = outcome(&new_request("0"), items);
        assert!(matches!(outcome, CreateOutcome::ConversationNotFound));
    }
}

#[test]
fn a_retry_gets_its_request_even_if_its_own_cooldown_is_active() {
    let new_request = new_request("0");
    let items = RefusedItems {
        agent_cooldown: failed(&cooldown("new", NOW + 60)),
        same_request: failed(&new_request.to_item()),
        ..passed()
    };
    match outcome(&new_request, items) {
        CreateOutcome::Replayed(request) => assert_eq!(request.rating_request_id, id("new")),
        other => panic!("not replayed: {other:?}"),
    }
}

#[test]
fn an_idempotency_key_with_another_payload_is_refused() {
    let other_payload = RatingRequestItem {
        payload_fingerprint: Some("other".to_owned()),
        ..new_request("0").to_item()
    };
    let items = RefusedItems {
        same_request: failed(&other_payload),
        ..passed()
    };
    let outcome = outcome(&new_request("0"), items);
    assert!(matches!(outcome, CreateOutcome::PayloadMismatch));
}

#[test]
fn a_request_without_an_idempotency_key_that_finds_itself_was_created() {
    let new_request = NewRatingRequest {
        payload_fingerprint: None,
        ..new_request("0")
    };
    let items = RefusedItems {
        same_request: failed(&new_request.to_item()),
        ..passed()
    };
    assert!(matches!(
        outcome(&new_request, items),
        CreateOutcome::Created(_)
    ));
}

#[test]
fn an_expired_request_with_the_same_id_is_not_a_replay() {
    let expired = RatingRequestItem {
        expires_at: Some(NOW),
        ..new_request("0").to_item()
    };
    let items = RefusedItems {
        agent_cooldown: failed(&cooldown("other", NOW + 60)),
        same_request: failed(&expired),
        ..passed()
    };
    let outcome = outcome(&new_request("0"), items);
    assert!(matches!(outcome, CreateOutcome::OnCooldown { .. }));
}

#[test]
fn the_channel_is_checked_before_the_cooldown() {
    let voice = ConversationItem {
        channel: Channel::parse("voice").unwrap(),
        ..conversation()
    };
    let items = RefusedItems {
        conversation: failed(&voice),
        agent_cooldown: failed(&cooldown("other", NOW + 60)),
        ..passed()
    };
    match outcome(&new_request("0"), items) {
        CreateOutcome::ChannelNotSupported(channel) => assert_eq!(channel.as_str(), "voice"),
        other => panic!("channel accepted: {other:?}"),
    }
}

#[test]
fn a_mail_that_was_prepared_from_another_visitors_address_is_not_sent() {
    let new_request = NewRatingRequest {
        snapshot: Some(ConversationSnapshot {
            thread_version: None,
            visitor_email: Some(email("other@example.com")),
            round: None,
        }),
        ..new_request("0")
    };
    let items = RefusedItems {
        conversation: failed(&conversation()),
        ..passed()
    };
    let outcome = outcome(&new_request, items);
    assert!(matches!(outcome, CreateOutcome::ConversationChanged));
}

#[test]
fn another_visitor_in_the_conversation_is_detected_only_with_an_interval() {
    for (days, visitor, is_changed) in [
        ("30", Some(email("jo@example.com")), false),
        ("30", Some(email("other@example.com")), true),
        ("30", None, true),
        ("0", None, false),
    ] {
        let items = RefusedItems {
            conversation: failed(&conversation()),
            ..passed()
        };
        let cause = RefusalCause::find(&new_request(days), items, visitor.as_ref()).unwrap();
        let found = matches!(cause, RefusalCause::VisitorChanged);
        assert_eq!(found, is_changed, "{days} days, {visitor:?}: {cause:?}");
    }
}

#[test]
fn a_refusal_without_a_failed_item_has_no_cause() {
    let cause = RefusalCause::find(&new_request("0"), passed(), None).unwrap();
    assert!(matches!(cause, RefusalCause::NotFound));
}

#[test]
fn an_expired_cooldown_is_no_cause() {
    let items = RefusedItems {
        agent_cooldown: failed(&cooldown("other", NOW)),
        ..passed()
    };
    let cause = RefusalCause::find(&new_request("0"), items, None).unwrap();
    assert!(matches!(cause, RefusalCause::NotFound));
}

#[test]
fn an_item_that_was_neither_evaluated_nor_read_is_a_fault() {
    let key = Key {
        pk: "p".to_owned(),
        sk: "s".to_owned(),
    };
    let items = RefusedItems {
        agent_cooldown: ItemOutcome::NotEvaluated(key),
        ..passed()
    };
    assert!(RefusalCause::find(&new_request("0"), items, None).is_err());
}

#[test]
fn the_agents_own_request_is_named_unless_another_request_started_the_visitors_cooldown() {
    let agent = || Some(cooldown("own", NOW + 60));
    for (agent, visitor, expected) in [
        (agent(), None, Some(id("own"))),
        (agent(), Some(cooldown("own", NOW + 90)), Some(id("own"))),
        (agent(), Some(cooldown("other", NOW + 90)), None),
        (agent(), Some(cooldown("other", NOW)), Some(id("own"))),
        (None, Some(cooldown("other", NOW + 90)), None),
    ] {
        let cooldowns = Cooldowns { agent, visitor };
        match outcome_of_cooldowns(&new_request("30"), cooldowns) {
            Some(CreateOutcome::OnCooldown { by, .. }) => assert_eq!(by, expected),
            other => panic!("no cooldown: {other:?}"),
        }
    }
    assert!(outcome_of_cooldowns(&new_request("30"), Cooldowns::default()).is_none());
}

#[test]
fn the_visitors_cooldown_is_reported_if_it_ends_later() {
    let cooldowns = Cooldowns {
        agent: Some(cooldown("own", NOW + 60)),
        visitor: Some(cooldown("other", NOW + 90)),
    };
    match outcome_of_cooldowns(&new_request("30"), cooldowns) {
        Some(CreateOutcome::OnCooldown { active, .. }) => {
            let available_at = at(NOW + 90);
            assert_eq!(active, ActiveCooldown::Visitor { available_at });
        }
        other => panic!("no cooldown: {other:?}"),
    }
}
