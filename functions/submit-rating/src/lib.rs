//! The API for visitors to answer a rating request. `GET /v1/visitor/rating-request` returns the
//! current request, and `PUT /v1/visitor/rating-requests/{rating_request_id}/rating` answers it.
//!
//! Only the PUT records a rating, because mail scanners follow links with GET.

mod show;
mod submission;
mod visitor_credential;
mod write;

use aws::{Environment, EnvironmentError};
use domain::{Comment, InvalidValue, RatingRequestId, Score, Timestamp};
use dynamodb::Table;
use errors::{Failure, Refusal, RefusalCode};
use lambda::http::{
    Fields, HttpHandler, HttpRequest, HttpResponse, TenantResolver, text, whole_number,
};
use lambda::random;
use serde::Serialize;
use serde_json::{Value, json};
use store::{RatingAnswer, changeable_until};

use crate::submission::Submission;
use crate::visitor_credential::read_credential;
use crate::write::{Rated, write};

/// The `submit-rating` function.
#[derive(Clone, Debug)]
pub struct SubmitRating {
    table: Table,
    tenants: TenantResolver,
}

/// A rating as visitors see it.
#[derive(Debug, Serialize)]
struct RatingBody<'a> {
    score: Score,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a Comment>,
    rated_at: Timestamp,
    changeable_until: Timestamp,
}

impl SubmitRating {
    /// Creates the function from environment variables.
    ///
    /// # Errors
    /// If a variable is missing or invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenants: TenantResolver::from_environment(environment)?,
        })
    }

    fn decode(&self, request: &HttpRequest) -> Result<Submission, Failure> {
        let rating_request_id = request.path_parameter("rating_request_id", RatingRequestId::parse);
        let credential = read_credential(request, &self.tenants, rating_request_id.as_ref().ok())?;
        let rating_request_id = rating_request_id?;
        let mut body = Fields::of_body(request.body())?;
        let score = body
            .required("score", read_score)
            .map_err(|refusal| refusal.under(RefusalCode::InvalidScore))?;
        let comment = body.optional("comment", text(Comment::parse))?;
        body.finish()?;
        Ok(Submission {
            credential,
            rating_request_id,
            score,
            comment,
            change_id: random::unique_id(),
            now: request.now(),
        })
    }

    async fn submit(&self, request: &HttpRequest) -> Result<HttpResponse, Failure> {
        let submission = self.decode(request)?;
        match write(&self.table, &submission).await? {
            Rated::First(answer) => Ok(HttpResponse::created(describe(&answer))),
            Rated::Changed(answer) | Rated::Unchanged(answer) => {
                Ok(HttpResponse::ok(describe(&answer)))
            }
            Rated::NotTheVisitor => Err(Refusal::invalid_visitor_token().into()),
            Rated::NoRequest => Err(Refusal::new(
                RefusalCode::RatingRequestNotFound,
                "The conversation has no rating request with this id.",
            )
            .into()),
            Rated::Superseded => Err(Refusal::new(
                RefusalCode::RatingRequestSuperseded,
                "A newer rating request took the place of this one.",
            )
            .into()),
            Rated::Withdrawn => Err(Refusal::new(
                RefusalCode::RatingRequestWithdrawn,
                "The conversation was opened again, and the question was taken back.",
            )
            .into()),
            Rated::LinkExpired => Err(Refusal::new(
                RefusalCode::RatingLinkExpired,
                "A link in a mail answers for 30 days.",
            )
            .into()),
            Rated::Closed => Err(Refusal::new(
                RefusalCode::RatingClosed,
                "A rating can be changed for 24 hours after it was first given, 100 times at most.",
            )
            .into()),
        }
    }
}

/// The routes of this function.
#[derive(Clone, Copy, Debug)]
pub enum Route {
    /// Shows the current rating request.
    Show,
    /// Answers a rating request.
    Submit,
}

impl HttpHandler for SubmitRating {
    type Route = Route;

    const ROUTES: &'static [(&'static str, Route)] = &[
        ("GET /v1/visitor/rating-request", Route::Show),
        (
            "PUT /v1/visitor/rating-requests/{rating_request_id}/rating",
            Route::Submit,
        ),
    ];

    async fn handle(&self, route: Route, request: HttpRequest) -> Result<HttpResponse, Failure> {
        match route {
            Route::Show => self.show(&request).await,
            Route::Submit => self.submit(&request).await,
        }
    }
}

fn read_score(value: &Value) -> Result<Score, InvalidValue> {
    whole_number(value)
        .map_err(|_| InvalidValue::new(Score::RULE))
        .and_then(Score::parse)
}

fn describe(answer: &RatingAnswer) -> Value {
    json!({
        "rating": RatingBody {
            score: answer.score,
            comment: answer.comment.as_ref(),
            rated_at: answer.rated_at,
            changeable_until: changeable_until(answer.rated_at),
        }
    })
}
