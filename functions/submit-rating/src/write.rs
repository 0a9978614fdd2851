use domain::{Comment, Entry, EntryId, Event};
use dynamodb::{
    ItemOutcome, NOT_EXPIRED, Table, TransactOutcome, TransactWriteItem, UpdateBuilder, attribute,
    number, put_with_ttl, read_not_evaluated, string, transact_item, update_with_ttl,
};
use errors::Fault;
use lambda::metrics::{self, Counter};
use store::{
    ConversationRating, ConversationUpdate, EntryItem, OutboxEvent, RatingAnswer, key,
    transact_in_conversation,
};

use crate::explain::{Next, Rated, changed, explain, value};
use crate::submission::Submission;
use crate::visitor_credential::CredentialKind;

/// How often a change is retried if another change of the same rating was written first.
const CHANGE_RETRIES: u32 = 5;

/// Records the answer. A first answer, which is the usual case, takes one transaction. If that
/// transaction shows that the answer is a change, a second one writes the change.
pub(crate) async fn write(table: &Table, submission: &Submission) -> Result<Rated, Fault> {
    let comment = submission.comment.clone().and_then(Comment::non_empty);
    let first = RatingAnswer::first(submission.score, comment, submission.now);
    let mut next = match write_first(table, submission, &first).await? {
        None => {
            metrics::count(Counter::Answered);
            metrics::note_score(first.score);
            return Ok(Rated::First(first));
        }
        Some(next) => next,
    };
    for _ in 0..=CHANGE_RETRIES {
        let old = match next {
            Next::Done(rated) => return Ok(rated),
            Next::Change(old) => old,
        };
        let new = changed(&old, submission);
        next = match write_change(table, submission, &old, &new).await? {
            None => return Ok(Rated::Changed(new)),
            Some(next) => next,
        };
    }
    Err(Fault::contended(
        "a change of a rating conflicted with other writes in every attempt",
    ))
}

/// Writes a first answer. Returns `None` if it was written.
async fn write_first(
    table: &Table,
    submission: &Submission,
    answer: &RatingAnswer,
) -> Result<Option<Next>, Fault> {
    let event = Event::RatingSubmitted {
        rating_request_id: submission.rating_request_id.clone(),
        rating: value(answer),
    };
    let id = EntryId::of_event("rating_submitted", submission.rating_request_id.as_str());
    let entry = Entry::of_event(id, submission.now, event);
    let condition = "attribute_exists(pk) AND attribute_not_exists(answer)";
    let put_answer = put_answer(table, submission, answer, &entry, condition)?;
    write_answer(table, submission, transact_item(put_answer)?, answer, entry).await
}

/// Replaces `old` by `new`. Returns `None` if `new` was written.
async fn write_change(
    table: &Table,
    submission: &Submission,
    old: &RatingAnswer,
    new: &RatingAnswer,
) -> Result<Option<Next>, Fault> {
    let event = Event::RatingChanged {
        rating_request_id: submission.rating_request_id.clone(),
        old: value(old),
        new: value(new),
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
    let update = update_with_ttl(table, update, assignments, now)
        .expression_attribute_values(":now", number(now.epoch_seconds()))
        .expression_attribute_values(":answer", attribute(answer)?)
        .expression_attribute_values(":rated_at", attribute(&answer.rated_at)?)
        .expression_attribute_values(":score", attribute(&answer.score)?)
        .expression_attribute_values(":announcement", attribute(&OutboxEvent::of_entry(event))?);
    Ok(match &submission.credential.proof {
        CredentialKind::Widget(_) => {
            update.condition_expression(format!("{condition} AND {NOT_EXPIRED}"))
        }
        CredentialKind::Link(secret) => update
            .condition_expression(format!(
                "{condition} AND {NOT_EXPIRED} AND link.secret = :secret \
                 AND link.expires_at > :moment"
            ))
            .expression_attribute_values(":secret", attribute(secret)?)
            .expression_attribute_values(":moment", string(now)),
    })
}

/// Writes the rating on the conversation, if this is its current request. The secret of a widget
/// must also be the one on the conversation.
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
        .value(":request_id", string(&submission.rating_request_id))
        .require("attribute_not_exists(current_request.withdrawn_at)");
    Ok(match &submission.credential.proof {
        CredentialKind::Widget(secret) => update
            .require("visitor_secret = :secret")
            .value(":secret", attribute(secret)?),
        CredentialKind::Link(_) => update,
    })
}

/// Writes the answer, the rating and the event in one transaction. The answer is on its request.
/// The rating is on the conversation, if this is the current request and the token is valid.
async fn write_answer(
    table: &Table,
    submission: &Submission,
    put_answer: TransactWriteItem,
    answer: &RatingAnswer,
    event: Entry,
) -> Result<Option<Next>, Fault> {
    let rating = ConversationRating {
        rating_request_id: submission.rating_request_id.clone(),
        score: answer.score,
        comment: answer.comment.clone(),
        rated_at: answer.rated_at,
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
        TransactOutcome::Committed => return Ok(None),
        TransactOutcome::Unknown(fault) => return Err(fault),
        TransactOutcome::Refused(refused) => refused,
    };
    let [request, _event] = refused.others;
    let has_unknown = [&request, &refused.conversation]
        .into_iter()
        .any(|outcome| matches!(outcome, ItemOutcome::NotEvaluated(_)));
    let outcomes = [request, refused.conversation];
    let [request, conversation] = read_not_evaluated(table, outcomes).await?;
    match explain(submission, request, conversation)? {
        Some(next) => Ok(Some(next)),
        None if has_unknown => Err(Fault::contended(
            "a rating conflicted with other writes in every attempt",
        )),
        None => Err(Fault::internal("no item explains why a rating was refused")),
    }
}
