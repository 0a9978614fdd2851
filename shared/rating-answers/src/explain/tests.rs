use domain::{
    Comment, OfferedReason, RatingRequestId, ReasonId, ReasonScores, Score, Timestamp, UniqueId,
    VisitorSecret,
};
use dynamodb::write_item;
use serde::Serialize;
use serde_json::json;

use super::*;
use crate::visitor_credential::VisitorCredential;

const NOW: i64 = 1_000_000_000;

fn now() -> Timestamp {
    Timestamp::from_epoch_seconds(NOW).unwrap()
}

fn secret(byte: u8) -> VisitorSecret {
    VisitorSecret::from_bytes([byte; 32])
}

fn id() -> RatingRequestId {
    UniqueId::derived_from(&["a"]).into()
}

fn submission(secret: TokenSecret) -> Submission {
    Submission {
        credential: VisitorCredential {
            organisation: domain::OrganisationId::parse("main").unwrap(),
            conversation: domain::ConversationId::parse("c1").unwrap(),
            secret,
        },
        rating_request_id: id(),
        score: Score::parse(5).unwrap(),
        comment: None,
        reasons: None,
        change_id: UniqueId::derived_from(&["change"]),
        read_at: None,
        now: now(),
    }
}

fn by_widget() -> Submission {
    submission(TokenSecret::Widget(secret(1)))
}

fn by_link() -> Submission {
    submission(TokenSecret::Link {
        secret: secret(2),
        request: id(),
    })
}

fn request(change: impl FnOnce(&mut RatingRequestItem)) -> RatingRequestItem {
    let mut request = serde_json::from_value(json!({
        "request_id": id(),
        "organisation": "main",
        "conversation_id": "c1",
        "agent": { "id": "kim" },
        "channel": "widget",
        "requested_at": "2001-09-09T00:00:00.000Z",
        "report_day": "2001-09-09",
        "ratings_of": "x",
        "next_request_at": "2001-09-16T00:00:00.000Z",
        "link": { "secret": secret(2), "expires_at": now().plus_seconds(1) },
    }))
    .unwrap();
    change(&mut request);
    request
}

fn conversation(change: impl FnOnce(&mut ConversationItem)) -> ConversationItem {
    let mut conversation = ConversationItem::new(
        domain::Channel::parse("widget").unwrap(),
        domain::ConversationStatus::Open,
        secret(1),
        UniqueId::derived_from(&["recording"]),
        now(),
    );
    let current = json!({
        "id": id(),
        "requested_at": "2001-09-09T00:00:00.000Z",
        "agent": { "id": "kim" },
    });
    conversation.current_request = serde_json::from_value(current).unwrap();
    change(&mut conversation);
    conversation
}

fn failed(item: &impl Serialize) -> ItemOutcome {
    let key = by_widget().request_key();
    ItemOutcome::Failed(Some(write_item(key, item).unwrap()))
}

fn answered(at: i64, changes: u32) -> RatingAnswer {
    let first_rated_at = Timestamp::from_epoch_seconds(at).unwrap();
    let first = NewAnswer {
        score: Score::parse(1).unwrap(),
        comment: None,
        reasons: Vec::new(),
    };
    let answer = RatingAnswer::first(first, first_rated_at);
    RatingAnswer { changes, ..answer }
}

#[track_caller]
fn check(submission: &Submission, request: ItemOutcome, conversation: ItemOutcome, expected: &str) {
    let attempt = explain(submission, request, conversation).unwrap();
    let name = match attempt {
        None => "unexplained".to_owned(),
        Some(Attempt::Finished(outcome)) => format!("{outcome:?}"),
        Some(attempt) => format!("{attempt:?}"),
    };
    assert_eq!(name.split('(').next().unwrap(), expected);
}

#[test]
fn a_widget_with_another_secret_learns_nothing_about_the_request() {
    let other = conversation(|it| it.visitor_secret = secret(9));
    let absent = || ItemOutcome::Failed(None);
    check(&by_widget(), absent(), failed(&other), "NotTheVisitor");
    check(&by_widget(), absent(), absent(), "NotTheVisitor");
    let erased = json!({ "erased_at": now() });
    check(&by_widget(), absent(), failed(&erased), "NotTheVisitor");
}

fn request_with_link(secret: VisitorSecret, seconds: i64) -> ItemOutcome {
    failed(&request(|it| {
        it.link = Some(store::MailLink {
            secret,
            expires_at: now().plus_seconds(seconds),
        });
    }))
}

#[test]
fn a_link_with_another_secret_is_refused() {
    let passed = || ItemOutcome::Passed;
    let other = request_with_link(secret(9), 1);
    check(&by_link(), other, passed(), "NotTheVisitor");
    let no_link = failed(&request(|it| it.link = None));
    check(&by_link(), no_link, passed(), "NotTheVisitor");
    let no_request = ItemOutcome::Failed(None);
    check(&by_link(), no_request, passed(), "NotTheVisitor");
}

#[test]
fn an_expired_link_is_refused() {
    let passed = || ItemOutcome::Passed;
    let link = |seconds| request_with_link(secret(2), seconds);
    check(&by_link(), link(0), passed(), "LinkExpired");
    check(&by_link(), link(1), passed(), "unexplained");
}

#[test]
fn only_the_current_request_that_is_not_withdrawn_can_be_answered() {
    let passed = || ItemOutcome::Passed;
    check(
        &by_widget(),
        ItemOutcome::Failed(None),
        passed(),
        "NoRequest",
    );
    let expired = failed(&request(|it| it.expires_at = Some(NOW)));
    check(&by_widget(), expired, passed(), "NoRequest");
    let newer = conversation(|it| {
        it.current_request.as_mut().unwrap().id = UniqueId::derived_from(&["b"]).into();
    });
    check(&by_widget(), passed(), failed(&newer), "Superseded");
    let none = conversation(|it| it.current_request = None);
    check(&by_widget(), passed(), failed(&none), "Superseded");
    let withdrawn = conversation(|it| {
        it.current_request.as_mut().unwrap().withdrawn_at = Some(now());
    });
    check(&by_widget(), passed(), failed(&withdrawn), "Withdrawn");
    let read_on_a_platform = Submission {
        read_at: Some(now()),
        ..by_widget()
    };
    let outcome = failed(&withdrawn);
    check(&read_on_a_platform, passed(), outcome, "unexplained");
    check(
        &by_widget(),
        passed(),
        failed(&conversation(|_| {})),
        "unexplained",
    );
}

#[test]
fn an_existing_answer_can_be_changed_for_24_hours_and_100_times() {
    let day = 24 * 60 * 60;
    for (at, changes, expected) in [
        (NOW, 0, "Retry"),
        (NOW - day + 1, 0, "Retry"),
        (NOW - day, 0, "Closed"),
        (NOW, CHANGES_PER_RATING - 1, "Retry"),
        (NOW, CHANGES_PER_RATING, "Closed"),
    ] {
        let answered = request(|it| it.answer = Some(answered(at, changes)));
        check(
            &by_widget(),
            failed(&answered),
            ItemOutcome::Passed,
            expected,
        );
    }
}

#[test]
fn the_same_answer_again_changes_nothing_even_after_24_hours() {
    let mut same = answered(0, CHANGES_PER_RATING);
    same.score = Score::parse(5).unwrap();
    let answered = request(|it| it.answer = Some(same));
    check(
        &by_widget(),
        failed(&answered),
        ItemOutcome::Passed,
        "Unchanged",
    );
}

#[test]
fn an_absent_comment_keeps_the_earlier_one_and_an_empty_one_removes_it() {
    let comment = |text| Some(Comment::parse(text).unwrap());
    let mut old = answered(NOW, 0);
    old.comment = comment("Slow.");
    for (sent, expected) in [
        (None, comment("Slow.")),
        (comment(""), None),
        (comment("Quick."), comment("Quick.")),
    ] {
        let submission = Submission {
            comment: sent,
            ..by_widget()
        };
        assert_eq!(apply(&submission, &old).comment, expected);
    }
}

fn reason(id: &str, scores: &[u64]) -> OfferedReason {
    let scores = scores.iter().map(|score| Score::parse(*score).unwrap());
    OfferedReason {
        id: ReasonId::parse(id).unwrap(),
        scores: ReasonScores::new(scores.collect()).unwrap(),
    }
}

#[test]
fn absent_reasons_keep_the_earlier_ones_that_are_offered_for_the_new_score() {
    let mut old = answered(NOW, 0);
    old.reasons = vec![reason("slow", &[1, 2]), reason("friendly", &[4, 5])];
    let with = |score, reasons| Submission {
        score: Score::parse(score).unwrap(),
        reasons,
        ..by_widget()
    };
    let reasons_of = |submission: &Submission| apply(submission, &old).chosen_reasons().to_text();
    assert_eq!(reasons_of(&with(1, None)), "slow");
    assert_eq!(reasons_of(&with(3, None)), "");
    assert_eq!(reasons_of(&with(1, Some(Vec::new()))), "");
    let new = Some(vec![reason("price", &[1])]);
    assert_eq!(reasons_of(&with(1, new)), "price");
}

#[test]
fn an_answer_that_was_read_before_the_recorded_one_changes_nothing() {
    let mut recorded = answered(NOW, 1);
    recorded.changed_at = Some(now().plus_seconds(-10));
    let existing = request(|it| it.answer = Some(recorded));
    for (read_seconds_ago, expected) in [(11, "Unchanged"), (10, "Retry"), (9, "Retry")] {
        let submission = Submission {
            score: Score::parse(3).unwrap(),
            read_at: Some(now().plus_seconds(-read_seconds_ago)),
            ..by_widget()
        };
        check(
            &submission,
            failed(&existing),
            ItemOutcome::Passed,
            expected,
        );
    }
}

#[test]
fn the_same_answer_with_other_reasons_is_a_change() {
    let answered = request(|it| it.answer = Some(answered(NOW, 0)));
    let submission = Submission {
        score: Score::parse(1).unwrap(),
        reasons: Some(vec![reason("slow", &[1])]),
        ..by_widget()
    };
    check(&submission, failed(&answered), ItemOutcome::Passed, "Retry");
}
