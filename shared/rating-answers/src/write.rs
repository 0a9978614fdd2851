use domain::{Comment, Entry, EntryId, Event};
use dynamodb::{
    ItemOutcome, NOT_EXPIRED, Table, TransactOutcome, TransactWriteItem, UpdateBuilder, attribute,
    number, put_with_ttl, read_not_evaluated, string, transact_item, update_with_ttl,
    update_with_ttl_and_remove,
};
use errors::Fault;
use lambda::metrics::{self, Counter};
use store::{
    AnswerReasons, ConversationRating, ConversationUpdate, EntryItem, NewAnswer, OutboxEvent,
    RatingAnswer, key, transact_in_conversation,
};

use crate::explain::{AnswerOutcome, Attempt, apply, explain};
use crate::submission::Submission;
use crate::visitor_credential::TokenSecret;

/// How often a change is retried if another change of the same rating was written first.
const CHANGE_RETRIES: u32 = 5;

/// Records an answer, and counts a first answer in the metrics.
///
/// A first answer, which is the usual case, takes one transaction. If that transaction shows that the
/// answer is a change, a second one writes the change.
///
/// # Errors
/// If DynamoDB fails, or if other writes conflict with every attempt.
pub async fn answer_rating_request(
    table: &Table,
    submission: &Submission,
) -> Result<AnswerOutcome, Fault> {
    let comment = submission.comment.clone().and_then(Comment::non_empty);
    let answer = NewAnswer {
        score: submission.score,
        comment,
        reasons: submission.reasons.clone().unwrap_or_default(),
    };
    let first = RatingAnswer::first(answer, submission.now);
    let mut old = match write_first(table, submission, &first).await? {
        Attempt::Written => {
            metrics::count(Counter::Answered);
            metrics::note_score(first.score);
            return Ok(AnswerOutcome::First(first));
        }
        Attempt::Finished(outcome) => return Ok(outcome),
        Attempt::Retry(existing) => existing,
    };
    for _ in 0..=CHANGE_RETRIES {
        let new = apply(submission, &old);
        old = match write_change(table, submission, &old, &new).await? {
            Attempt::Written => return Ok(AnswerOutcome::Changed(new)),
            Attempt::Finished(outcome) => return Ok(outcome),
            Attempt::Retry(existing) => existing,
        };
    }
    Err(Fault::contended(
        "other changes were written first in every attempt",
    ))
}

/// Writes a first answer.
async fn write_first(
    table: &Table,
    submission: &Submission,
    answer: &RatingAnswer,
) -> Result<Attempt, Fault> {
    let event = Event::RatingSubmitted {
        rating_request_id: submission.rating_request_id.clone(),
        rating: answer.rating(),
    };
    let id = EntryId::of_event("rating_submitted", submission.rating_request_id.as_str());
    let entry = Entry::of_event(id, submission.now, event);
    let condition = "attribute_exists(pk) AND attribute_not_exists(answer) \
        AND (attribute_not_exists(answerable_until) OR answerable_until > :now)";
    let put_answer = put_answer(table, submission, answer, &entry, condition)?;
    write_answer(table, submission, transact_item(put_answer)?, answer, entry).await
}

/// Replaces `old` by `new`.
async fn write_change(
    table: &Table,
    submission: &Submission,
    old: &RatingAnswer,
    new: &RatingAnswer,
) -> Result<Attempt, Fault> {
    let event = Event::RatingChanged {
        rating_request_id: submission.rating_request_id.clone(),
        old: old.rating(),
        new: new.rating(),
    };
    let id = EntryId::of_event("rating_changed", &submission.change_id.to_string());
    let entry = Entry::of_event(id, submission.now, event);
    let put_answer = put_answer(table, submission, new, &entry, "answer = :old")?
        .expression_attribute_values(":old", attribute(old)?);
    write_answer(table, submission, transact_item(put_answer)?, new, entry).await
}

/// Writes the answer on its request, if `condition` is true. The secret of a link must also be the
/// one on the request, and the link must not have expired.
///
/// The outbox event is on the request and not on the event's entry, because only the request
/// contains the agent who asked.
fn put_answer(
    table: &Table,
    submission: &Submission,
    answer: &RatingAnswer,
    event: &Entry,
    condition: &str,
) -> Result<UpdateBuilder, Fault> {
    let now = submission.now;
    let update = table.update(submission.request_key());
    let assignments = "answer = :answer, first_rated_at = :rated_at, rated_score = :score, \
        announcement = :announcement";
    let update = match AnswerReasons::of_answer(answer) {
        Some(reasons) => {
            let assignments = format!("{assignments}, answer_reasons = :reasons");
            update_with_ttl(table, update, &assignments, now)
                .expression_attribute_values(":reasons", attribute(&reasons)?)
        }
        None => update_with_ttl_and_remove(table, update, assignments, &["answer_reasons"], now),
    };
    let update = update
        .expression_attribute_values(":now", number(now.epoch_seconds()))
        .expression_attribute_values(":answer", attribute(answer)?)
        .expression_attribute_values(":rated_at", attribute(&answer.first_rated_at)?)
        .expression_attribute_values(":score", attribute(&answer.score)?)
        .expression_attribute_values(":announcement", attribute(&OutboxEvent::of_entry(event))?);
    Ok(match &submission.credential.secret {
        TokenSecret::Widget(_) => {
            update.condition_expression(format!("{condition} AND {NOT_EXPIRED}"))
        }
        TokenSecret::Link { secret, .. } => update
            .condition_expression(format!(
                "{condition} AND {NOT_EXPIRED} AND link.secret = :secret \
                 AND link.expires_at > :moment"
            ))
            .expression_attribute_values(":secret", attribute(secret)?)
            .expression_attribute_values(":moment", string(now)),
    })
}

/// Writes the rating on the conversation. The condition: the submission's request is the current
/// one and was not withdrawn, unless it was read on a chat platform. The secret of a widget must also
/// be the one on the conversation.
fn set_rating(
    submission: &Submission,
    rating: &ConversationRating,
) -> Result<ConversationUpdate, Fault> {
    let update = ConversationUpdate::default()
        .set("rating = :rating")
        .set("rating_agent_id = current_request.#agent.id")
        .name("#agent", "agent")
        .value(":rating", attribute(rating)?)
        .require("current_request.id = :request_id")
        .value(":request_id", string(&submission.rating_request_id));
    let update = match submission.read_at {
        // It may have been chosen before the conversation was reopened. The visitor still sees the question.
        Some(_) => update.remove("current_request.withdrawn_at"),
        None => update.require("attribute_not_exists(current_request.withdrawn_at)"),
    };
    Ok(match &submission.credential.secret {
        TokenSecret::Widget(secret) => update
            .require("visitor_secret = :secret")
            .value(":secret", attribute(secret)?),
        TokenSecret::Link { .. } => update,
    })
}

/// Writes the answer on its request, the rating on the conversation, and the event, in one
/// transaction. Nothing is written unless the request is current and the token is valid.
async fn write_answer(
    table: &Table,
    submission: &Submission,
    put_answer: TransactWriteItem,
    answer: &RatingAnswer,
    event: Entry,
) -> Result<Attempt, Fault> {
    let rating = ConversationRating {
        rating_request_id: submission.rating_request_id.clone(),
        score: answer.score,
        comment: answer.comment.clone(),
        reasons: answer.chosen_reasons(),
        rated_at: answer.first_rated_at,
    };
    let set_rating = set_rating(submission, &rating)?;
    let credential = &submission.credential;
    let event_key = key::entry(
        &credential.organisation,
        &credential.conversation,
        event.at,
        &event.id,
    );
    let entry = EntryItem::from(event);
    let put_event = transact_item(put_with_ttl(table, event_key, &entry, submission.now)?)?;
    let written = transact_in_conversation(
        table,
        submission.conversation_ref(),
        set_rating,
        [put_answer, put_event],
    )
    .await?;
    let refused = match written {
        TransactOutcome::Committed => return Ok(Attempt::Written),
        TransactOutcome::Unknown(fault) => return Err(fault),
        TransactOutcome::Refused(refused) => refused,
    };
    let [request, _event] = refused.others;
    let outcomes = [request, refused.conversation];
    let had_conflict = outcomes.iter().any(ItemOutcome::is_not_evaluated);
    let [request, conversation] = read_not_evaluated(table, outcomes).await?;
    match explain(submission, request, conversation)? {
        Some(attempt) => Ok(attempt),
        None if had_conflict => Err(Fault::contended(
            "every attempt conflicted with other writes",
        )),
        None => Err(Fault::internal(
            "a rating was refused, but every condition is met",
        )),
    }
}
