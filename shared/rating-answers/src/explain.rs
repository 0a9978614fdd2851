use domain::CHANGES_PER_RATING;
use dynamodb::{ItemOutcome, ReportedItem};
use errors::Fault;
use store::{
    ConversationItem, NewAnswer, RatingAnswer, RatingRequestItem, StoredConversation,
    changeable_until,
};

use crate::submission::Submission;
use crate::visitor_credential::TokenSecret;

/// The outcome of a visitor's answer.
#[derive(Debug)]
pub enum AnswerOutcome {
    /// It is the first answer.
    First(RatingAnswer),
    /// It replaced an earlier answer.
    Changed(RatingAnswer),
    /// It equals the earlier answer, or is older ([`Submission::read_at`]). Nothing was written.
    Unchanged(RatingAnswer),
    /// The token is not valid for this conversation.
    NotTheVisitor,
    /// The conversation has no such request.
    NoRequest,
    /// A newer request superseded this one.
    Superseded,
    /// The conversation was reopened, and the rating request was withdrawn.
    Withdrawn,
    /// The time in which the visitor could give a first answer is over.
    Expired,
    /// The link in the mail expired.
    LinkExpired,
    /// The time for changes is over, or the rating was changed too often.
    Closed,
}

/// The outcome of one attempt to write an answer.
#[derive(Debug)]
pub(crate) enum Attempt {
    /// The answer was written.
    Written,
    /// Nothing was written, and a retry would have the same outcome.
    Finished(AnswerOutcome),
    /// Nothing was written, because the request already has this answer. The next attempt changes
    /// it.
    Retry(RatingAnswer),
}

/// Finds the reason for a refused write in the outcomes of its items. Returns `None` if no item
/// explains it.
///
/// The token is checked before the request, so that a stranger learns nothing about the request.
/// Items that DynamoDB did not evaluate are read again and evaluated here.
pub(crate) fn explain(
    submission: &Submission,
    request: ItemOutcome,
    conversation: ItemOutcome,
) -> Result<Option<Attempt>, Fault> {
    let now = submission.now;
    let request = request
        .read::<RatingRequestItem>()?
        .filter(|request| !request.has_expired(now));
    let conversation = match StoredConversation::reported(conversation, now)? {
        ReportedItem::Absent => {
            return Ok(Some(Attempt::Finished(AnswerOutcome::NotTheVisitor)));
        }
        reported => reported.into_existing(),
    };
    let outcome = explain_secret(submission, &request, conversation.as_ref())
        .or_else(|| matches!(request, ReportedItem::Absent).then_some(AnswerOutcome::NoRequest))
        .or_else(|| explain_current(submission, conversation.as_ref()?));
    if let Some(outcome) = outcome {
        return Ok(Some(Attempt::Finished(outcome)));
    }
    let request = request.into_existing();
    if request.as_ref().is_some_and(|it| it.is_unanswerable(now)) {
        return Ok(Some(Attempt::Finished(AnswerOutcome::Expired)));
    }
    let existing = request.and_then(|request| request.answer_with_reasons());
    Ok(existing.map(|existing| explain_answer(submission, existing)))
}

/// What is wrong with the secret of the visitor's token. `conversation` is `None` if its condition
/// passed.
fn explain_secret(
    submission: &Submission,
    request: &ReportedItem<RatingRequestItem>,
    conversation: Option<&ConversationItem>,
) -> Option<AnswerOutcome> {
    match (&submission.credential.secret, conversation, request) {
        (TokenSecret::Widget(secret), Some(existing), _)
            if !existing.visitor_secret.equals(secret) =>
        {
            Some(AnswerOutcome::NotTheVisitor)
        }
        (TokenSecret::Link { .. }, _, ReportedItem::Absent) => Some(AnswerOutcome::NotTheVisitor),
        (TokenSecret::Link { secret, .. }, _, ReportedItem::Existing(existing)) => {
            match &existing.link {
                Some(link) if !link.secret.equals(secret) => Some(AnswerOutcome::NotTheVisitor),
                Some(link) if link.expires_at <= submission.now => Some(AnswerOutcome::LinkExpired),
                Some(_) => None,
                None => Some(AnswerOutcome::NotTheVisitor),
            }
        }
        _ => None,
    }
}

/// Why the conversation accepts no answer to the request; `None` if it accepts one.
fn explain_current(
    submission: &Submission,
    conversation: &ConversationItem,
) -> Option<AnswerOutcome> {
    match &conversation.current_request {
        Some(current) if current.id == submission.rating_request_id => {
            let is_withdrawn = current.withdrawn_at.is_some() && submission.read_at.is_none();
            is_withdrawn.then_some(AnswerOutcome::Withdrawn)
        }
        _ => Some(AnswerOutcome::Superseded),
    }
}

/// Decides what follows if the request already has the answer `existing`.
fn explain_answer(submission: &Submission, existing: RatingAnswer) -> Attempt {
    let new = apply(submission, &existing);
    let recorded_at = existing.changed_at.unwrap_or(existing.first_rated_at);
    let is_older = submission.read_at.is_some_and(|read| read < recorded_at);
    if is_older || new.rating() == existing.rating() {
        Attempt::Finished(AnswerOutcome::Unchanged(existing))
    } else if submission.now >= changeable_until(existing.first_rated_at)
        || existing.changes >= CHANGES_PER_RATING
    {
        Attempt::Finished(AnswerOutcome::Closed)
    } else {
        Attempt::Retry(existing)
    }
}

/// The answer `old` after the submission changes it. An absent comment keeps the old one, and an
/// empty one removes it. If the submission does not name reasons, the old ones that are offered for
/// the new score are kept.
pub(crate) fn apply(submission: &Submission, old: &RatingAnswer) -> RatingAnswer {
    let comment = match &submission.comment {
        Some(comment) => comment.clone().non_empty(),
        None => old.comment.clone(),
    };
    let reasons = submission.reasons.clone().unwrap_or_else(|| {
        let kept = old.reasons.iter();
        kept.filter(|reason| reason.scores.contains(submission.score))
            .cloned()
            .collect()
    });
    let new = NewAnswer {
        score: submission.score,
        comment,
        reasons,
    };
    old.changed(new, submission.now)
}

#[cfg(test)]
mod tests;
