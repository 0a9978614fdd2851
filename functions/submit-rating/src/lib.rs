//! The API for visitors to answer a rating request. `GET /v1/visitor/rating-request` returns the
//! current request, `GET /v1/visitor/rating-requests/{rating_request_id}` returns that request, and
//! `PUT /v1/visitor/rating-requests/{rating_request_id}/rating` answers it.
//!
//! Only the PUT records a rating, because mail scanners follow links with GET.

mod conversation;
mod dependencies;
mod language;
mod rating_body;
mod reasons;
mod show;
mod submit;
mod visitor_credential;

use aws::{Environment, EnvironmentError};
use errors::Failure;
use lambda::http::{HttpHandler, HttpRequest, HttpResponse};

use crate::dependencies::Dependencies;
use crate::show::{show, show_current};
use crate::submit::submit;

/// Shows rating requests to visitors and records their answers.
#[derive(Clone, Debug)]
pub struct SubmitRating(Dependencies);

impl SubmitRating {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Dependencies::from_environment(environment).map(Self)
    }
}

/// The routes of this function.
#[derive(Clone, Copy, Debug)]
pub enum Route {
    /// Shows the current rating request to the visitor's widget.
    ShowCurrent,
    /// Shows one rating request, also to the reader of a mail.
    Show,
    /// Answers a rating request.
    Submit,
}

impl HttpHandler for SubmitRating {
    type Route = Route;

    const ROUTES: &'static [(&'static str, Route)] = &[
        ("GET /v1/visitor/rating-request", Route::ShowCurrent),
        (
            "GET /v1/visitor/rating-requests/{rating_request_id}",
            Route::Show,
        ),
        (
            "PUT /v1/visitor/rating-requests/{rating_request_id}/rating",
            Route::Submit,
        ),
    ];

    async fn handle(&self, route: Route, request: HttpRequest) -> Result<HttpResponse, Failure> {
        match route {
            Route::ShowCurrent => show_current(&self.0, &request).await,
            Route::Show => show(&self.0, &request).await,
            Route::Submit => submit(&self.0, &request).await,
        }
    }
}
