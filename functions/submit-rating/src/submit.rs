use domain::{ChosenReasons, Comment, InvalidValue, RatingRequestId, ReasonId, Score};
use errors::{Failure, Refusal, RefusalCode};
use lambda::http::{Fields, HttpRequest, HttpResponse, text, whole_number};
use lambda::random;
use rating_answers::{AnswerOutcome, Submission, answer_rating_request};
use serde_json::{Value, json};
use store::RatingAnswer;

use crate::conversation::read_conversation;
use crate::dependencies::Dependencies;
use crate::rating_body::RatingBody;
use crate::reasons::find_reasons;
use crate::visitor_credential::read_credential;

/// Records the visitor's answer to a rating request.
pub(crate) async fn submit(
    dependencies: &Dependencies,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let submission = decode(dependencies, request).await?;
    let outcome = answer_rating_request(&dependencies.table, &submission).await?;
    respond(outcome).map_err(Failure::from)
}

/// Decodes the request. Only a request that names reasons needs the settings.
async fn decode(dependencies: &Dependencies, request: &HttpRequest) -> Result<Submission, Failure> {
    // The token is checked first: a stranger with an invalid id gets 401, not 422.
    let rating_request_id = request.path_parameter("rating_request_id", RatingRequestId::parse);
    let credential = read_credential(
        request.bearer(),
        &dependencies.tenants,
        rating_request_id.as_ref().ok(),
    )?;
    let rating_request_id = rating_request_id?;
    let mut body = Fields::of_body(request.body())?;
    let score = body
        .required("score", read_score)
        .map_err(|refusal| refusal.with_code(RefusalCode::InvalidScore))?;
    let comment = body.optional("comment", text(Comment::parse))?;
    let chosen = body
        .optional("reasons", read_reasons)
        .map_err(|refusal| refusal.with_code(RefusalCode::InvalidReason))?;
    body.finish()?;
    let submission = Submission {
        credential,
        rating_request_id,
        score,
        comment,
        reasons: None,
        read_at: None,
        change_id: random::unique_id(),
        now: request.now(),
    };
    match chosen {
        Some(chosen) => add_reasons(dependencies, submission, &chosen).await,
        None => Ok(submission),
    }
}

/// Adds the reasons that the visitor chose.
///
/// If the settings do not offer one of them, the rating may have them already: the settings may have
/// changed since a first attempt, whose response was lost.
async fn add_reasons(
    dependencies: &Dependencies,
    mut submission: Submission,
    chosen: &ChosenReasons,
) -> Result<Submission, Failure> {
    if chosen.is_empty() {
        submission.reasons = Some(Vec::new());
        return Ok(submission);
    }
    let Dependencies {
        table, settings, ..
    } = dependencies;
    let (credential, now) = (&submission.credential, submission.now);
    let settings = settings.read(table, &credential.organisation, now).await?;
    match find_reasons(chosen, submission.score, &settings) {
        Ok(reasons) => {
            submission.reasons = Some(reasons);
            Ok(submission)
        }
        // A stranger gets 401, and does not learn which reasons there are.
        Err(refusal) => {
            let conversation = read_conversation(table, credential, now).await?;
            let rating = conversation.current_rating();
            let has_them = rating.is_some_and(|rating| {
                rating.rating_request_id == submission.rating_request_id
                    && rating.score == submission.score
                    && rating.reasons.is_same_choice(chosen)
            });
            if has_them {
                Ok(submission)
            } else {
                Err(refusal.into())
            }
        }
    }
}

/// The response for each outcome.
fn respond(outcome: AnswerOutcome) -> Result<HttpResponse, Refusal> {
    match outcome {
        AnswerOutcome::First(answer) => Ok(HttpResponse::created(describe(&answer))),
        AnswerOutcome::Changed(answer) | AnswerOutcome::Unchanged(answer) => {
            Ok(HttpResponse::ok(describe(&answer)))
        }
        AnswerOutcome::NotTheVisitor => Err(Refusal::invalid_visitor_token()),
        AnswerOutcome::NoRequest => Err(Refusal::new(
            RefusalCode::RatingRequestNotFound,
            "The conversation has no rating request with this id.",
        )),
        AnswerOutcome::Superseded => Err(Refusal::new(
            RefusalCode::RatingRequestSuperseded,
            "A newer rating request superseded this one.",
        )),
        AnswerOutcome::Withdrawn => Err(Refusal::new(
            RefusalCode::RatingRequestWithdrawn,
            "The conversation was reopened, and the rating request was withdrawn.",
        )),
        AnswerOutcome::Expired => Err(Refusal::new(
            RefusalCode::RatingRequestExpired,
            "The time in which the visitor could answer is over.",
        )),
        AnswerOutcome::LinkExpired => Err(Refusal::rating_link_expired()),
        AnswerOutcome::Closed => Err(Refusal::new(
            RefusalCode::RatingClosed,
            "A rating can be changed for 24 hours after it was first given, 100 times at most.",
        )),
    }
}

fn read_score(value: &Value) -> Result<Score, InvalidValue> {
    whole_number(value)
        .map_err(|_| InvalidValue::new(Score::RULE))
        .and_then(Score::parse)
}

fn read_reasons(value: &Value) -> Result<ChosenReasons, InvalidValue> {
    let ids = value
        .as_array()
        .ok_or_else(|| InvalidValue::new("must be an array of ids"))?;
    // Longer lists are refused without reading them.
    let ids = ids.iter().take(ChosenReasons::MAXIMUM + 1);
    let ids: Result<Vec<_>, _> = ids.map(|id| text(ReasonId::parse)(id)).collect();
    ChosenReasons::new(ids?)
}

fn describe(answer: &RatingAnswer) -> Value {
    json!({ "rating": RatingBody::of_answer(answer) })
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use store::NewAnswer;

    use super::*;

    #[test]
    fn each_outcome_has_its_response() {
        let new = || NewAnswer {
            score: Score::parse(5).unwrap(),
            comment: None,
            reasons: Vec::new(),
        };
        let answer = || RatingAnswer::first(new(), Timestamp::EPOCH);
        for (outcome, expected) in [
            (AnswerOutcome::First(answer()), Ok(201)),
            (AnswerOutcome::Changed(answer()), Ok(200)),
            (AnswerOutcome::Unchanged(answer()), Ok(200)),
            (
                AnswerOutcome::NotTheVisitor,
                Err((401, "invalid_visitor_token")),
            ),
            (
                AnswerOutcome::NoRequest,
                Err((404, "rating_request_not_found")),
            ),
            (
                AnswerOutcome::Superseded,
                Err((410, "rating_request_superseded")),
            ),
            (
                AnswerOutcome::Withdrawn,
                Err((410, "rating_request_withdrawn")),
            ),
            (AnswerOutcome::Expired, Err((410, "rating_request_expired"))),
            (
                AnswerOutcome::LinkExpired,
                Err((410, "rating_link_expired")),
            ),
            (AnswerOutcome::Closed, Err((409, "rating_closed"))),
        ] {
            let name = format!("{outcome:?}");
            let response = respond(outcome)
                .map(|response| response.status())
                .map_err(|refusal| (refusal.code().status(), refusal.code().as_str()));
            assert_eq!(response, expected, "{name}");
        }
    }

    #[test]
    fn a_score_is_a_whole_number_from_1_to_5() {
        for (value, is_score) in [
            (json!(1), true),
            (json!(5), true),
            (json!(5.0), true),
            (json!(0), false),
            (json!(6), false),
            (json!(4.5), false),
            (json!("5"), false),
        ] {
            assert_eq!(read_score(&value).is_ok(), is_score, "{value}");
        }
    }
}
