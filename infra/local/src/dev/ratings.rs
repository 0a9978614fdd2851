//! `POST /dev/ratings`: makes up a year of ratings until now; `GET /dev/ratings`: how far that is.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shared::clock::Clock;
use shared::domain::OrganisationId;

use super::failure;
use super::input::{self, BadInput};
use crate::clock::AdjustableClock;
use crate::demo::YearOfRatings;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    #[serde(default = "main_organisation")]
    org: String,
}

fn main_organisation() -> String {
    "main".to_owned()
}

/// What makes up ratings, and the time until which it does.
pub(super) type Maker = (Arc<YearOfRatings>, Arc<AdjustableClock>);

pub(super) async fn begin(
    State((year, clock)): State<Maker>,
    body: Bytes,
) -> Result<Response, BadInput> {
    let Year { org } = input::parse(&body)?;
    let organisation =
        OrganisationId::parse(&org).map_err(|error| BadInput::unusable(format!("org {error}")))?;
    match year.begin(organisation, clock.now()) {
        Ok(progress) => Ok((StatusCode::ACCEPTED, Json(progress)).into_response()),
        Err(error) => Ok(failure(&error)),
    }
}

pub(super) async fn progress(State((year, _)): State<Maker>) -> Response {
    Json(year.progress()).into_response()
}
