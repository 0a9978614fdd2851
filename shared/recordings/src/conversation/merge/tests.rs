use domain::{
    Channel, ConversationId, EmailAddress, OrganisationId, PersonName, UniqueId, Visitor,
    VisitorSecret,
};
use store::Detail;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_epoch_seconds(seconds).unwrap()
}

fn recording(change: impl FnOnce(&mut ConversationRecording)) -> ConversationRecording {
    let mut recording = ConversationRecording {
        organisation: OrganisationId::parse("main").unwrap(),
        conversation: ConversationId::parse("c1").unwrap(),
        channel: None,
        visitor: Visitor::default(),
        assignee: Detail::Unknown,
        inbox: Detail::Unknown,
        team: Detail::Unknown,
        labels: Detail::Unknown,
        status: None,
        begins_first_round: true,
        resolved_by: None,
        as_of: None,
        id: UniqueId::derived_from(&["a"]),
        renews_secret: false,
        new_secret: VisitorSecret::from_bytes([1; 32]),
        now: at(100),
    };
    change(&mut recording);
    recording
}

fn existing(status: ConversationStatus, as_of: Option<Timestamp>) -> ConversationItem {
    let mut item = ConversationItem::new(
        Channel::parse("widget").unwrap(),
        status,
        VisitorSecret::from_bytes([2; 32]),
        UniqueId::derived_from(&["b"]),
        at(1),
    );
    item.as_of = as_of;
    item
}

fn merge(recording: &ConversationRecording, existing: Option<&ConversationItem>) -> Merge {
    Merge::of(recording, existing, Retention::default()).unwrap()
}

#[test]
fn fields_that_were_not_sent_are_not_written() {
    let update = merge(&recording(|_| {}), None).update();
    for field in ["channel", "visitor_", "assignee", "status", "as_of"] {
        assert!(!update.contains(field), "{update}");
    }
    let named = recording(|it| it.visitor.name = Some(PersonName::parse("Ana").unwrap()));
    let update = merge(&named, None).update();
    assert!(update.contains("visitor_name = :visitor_name"), "{update}");
}

#[test]
fn the_secret_changes_only_on_request() {
    for renews in [false, true] {
        let update = merge(&recording(|it| it.renews_secret = renews), None).update();
        assert_eq!(update.contains("visitor_secret"), renews, "{update}");
    }
}

#[test]
fn an_outdated_recording_only_fills_in_what_was_never_recorded() {
    let item = existing(ConversationStatus::Open, Some(at(50)));
    for (as_of, is_outdated) in [(49, true), (50, false), (51, false)] {
        let recording = recording(|it| {
            it.as_of = Some(at(as_of));
            it.status = Some(ConversationStatus::Resolved);
            it.visitor.name = Some(PersonName::parse("Ana").unwrap());
        });
        let merge = merge(&recording, Some(&item));
        let (update, condition) = (merge.update(), merge.condition());
        assert_eq!(!update.contains("#status"), is_outdated, "{update}");
        let fills_in = update.contains("if_not_exists(visitor_name");
        assert_eq!(fills_in, is_outdated, "{update}");
        let expected = if is_outdated {
            "as_of > :as_of"
        } else {
            "as_of <= :as_of"
        };
        assert!(condition.contains(expected), "{condition}");
    }
}

#[test]
fn an_address_is_recorded_only_if_its_visitor_is_linked() {
    let email = || Some(EmailAddress::parse("ana@example.org").unwrap());
    let condition = merge(&recording(|it| it.visitor.email = email()), None).condition();
    assert!(
        condition.contains("contains(visitors, :visitor)"),
        "{condition}"
    );
    let condition = merge(&recording(|_| {}), None).condition();
    assert!(!condition.contains(":visitor"), "{condition}");
}

#[test]
fn reopening_a_resolved_conversation_withdraws_an_unanswered_request() {
    let open = recording(|it| it.status = Some(ConversationStatus::Open));
    let mut item = existing(ConversationStatus::Resolved, None);
    let update = merge(&open, Some(&item)).update();
    assert!(!update.contains("withdrawn_at"), "{update}");
    item.current_request = Some(store::CurrentRequest {
        id: UniqueId::derived_from(&["request"]).into(),
        requested_at: at(1),
        agent: domain::Agent {
            id: domain::AgentId::parse("kim").unwrap(),
            name: None,
        },
        withdrawn_at: None,
        answerable_until: None,
        expires_at: None,
    });
    let reopening = merge(&open, Some(&item));
    let update = reopening.update();
    assert!(update.contains("current_request.withdrawn_at"), "{update}");
    let condition = reopening.condition();
    assert!(
        condition.contains("NOT rating.request_id = :unanswered"),
        "{condition}"
    );
    item.status = ConversationStatus::Open;
    let merge = merge(&open, Some(&item));
    assert!(!merge.update().contains("withdrawn_at"));
    assert!(merge.condition().contains("NOT #status = :resolved"));
}
