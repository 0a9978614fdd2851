use domain::{CHANGES_PER_RATING, RatingValue};
use dynamodb::ItemOutcome;
use errors::Fault;
use store::{
    ConversationItem, RatingAnswer, RatingRequestItem, StoredConversation, changeable_until,
};

use crate::submission::Submission;
use crate::visitor_credential::CredentialKind;

/// The outcome of a visitor's answer.
#[derive(Debug)]
pub(crate) enum Rated {
    /// It is the first answer: 201.
    First(RatingAnswer),
    /// It replaced an earlier answer: 200.
    Changed(RatingAnswer),
    /// It equals an earlier answer: 200 without a second event.
    Unchanged(RatingAnswer),
    /// The token is not valid for this conversation: 401.
    NotTheVisitor,
    /// The conversation has no such request: 404.
    NoRequest,
    /// A newer request superseded this one: 410.
    Superseded,
    /// The conversation was reopened before the request was answered: 410.
    Withdrawn,
    /// The link in the mail expired: 410.
    LinkExpired,
    /// The time for changes is over, or the rating was changed too often: 409.
    Closed,
}

/// What to do after a refused write.
#[derive(Debug)]
pub(crate) enum Next {
    Done(Rated),
    Change(RatingAnswer),
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
) -> Result<Option<Next>, Fault> {
    let now = submission.now;
    let conversation =
        StoredConversation::of_outcome(conversation)?.map(|stored| stored.into_existing(now));
    let request = request
        .read::<RatingRequestItem>()?
        .map(|stored| stored.filter(|request| !request.has_expired(now)));
    if let Some(rated) = explain_proof(submission, request.as_ref(), conversation.as_ref()) {
        return Ok(Some(Next::Done(rated)));
    }
    if let Some(None) = request {
        return Ok(Some(Next::Done(Rated::NoRequest)));
    }
    if let Some(existing) = conversation
        && let Some(rated) = explain_current(submission, existing.as_ref())
    {
        return Ok(Some(Next::Done(rated)));
    }
    let Some(existing) = request.flatten().and_then(|request| request.answer) else {
        return Ok(None);
    };
    let new = changed(&existing, submission);
    Ok(Some(if value(&new) == value(&existing) {
        Next::Done(Rated::Unchanged(existing))
    } else if submission.now >= changeable_until(existing.rated_at)
        || existing.changes >= CHANGES_PER_RATING
    {
        Next::Done(Rated::Closed)
    } else {
        Next::Change(existing)
    }))
}

/// Why the conversation accepts no answer to the request, if that is so.
fn explain_current(
    submission: &Submission,
    conversation: Option<&ConversationItem>,
) -> Option<Rated> {
    let current = conversation.and_then(|existing| existing.current_request.as_ref());
    match current {
        Some(current) if current.id == submission.rating_request_id => {
            current.withdrawn_at.map(|_| Rated::Withdrawn)
        }
        _ => Some(Rated::Superseded),
    }
}

/// What is wrong with the visitor's token, according to the items that refused the write.
fn explain_proof(
    submission: &Submission,
    request: Option<&Option<RatingRequestItem>>,
    conversation: Option<&Option<ConversationItem>>,
) -> Option<Rated> {
    if let Some(None) = conversation {
        return Some(Rated::NotTheVisitor);
    }
    match (&submission.credential.proof, conversation, request) {
        (CredentialKind::Widget(secret), Some(Some(existing)), _)
            if !existing.visitor_secret.equals(secret) =>
        {
            Some(Rated::NotTheVisitor)
        }
        (CredentialKind::Link(_), _, Some(None)) => Some(Rated::NotTheVisitor),
        (CredentialKind::Link(secret), _, Some(Some(existing))) => match &existing.link {
            Some(link) if !link.secret.equals(secret) => Some(Rated::NotTheVisitor),
            Some(link) if link.expires_at <= submission.now => Some(Rated::LinkExpired),
            Some(_) => None,
            None => Some(Rated::NotTheVisitor),
        },
        _ => None,
    }
}

/// The value of an answer in an event.
pub(crate) fn value(answer: &RatingAnswer) -> RatingValue {
    RatingValue::new(answer.score, answer.comment.clone())
}

/// Returns the answer after a change. An absent comment keeps the old one, and an empty one removes
/// it.
pub(crate) fn changed(old: &RatingAnswer, submission: &Submission) -> RatingAnswer {
    let comment = match &submission.comment {
        Some(comment) => comment.clone().non_empty(),
        None => old.comment.clone(),
    };
    old.changed(submission.score, comment, submission.now)
}

#[cfg(test)]
mod tests;
