//! `POST /dev/ratings`: generates a year of ratings until now. `GET /dev/ratings`: returns the
//! progress.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::OrganisationId;
use lambda::clock::Clock;
use serde::Deserialize;

use crate::clock::AdjustableClock;
use crate::demo::YearOfRatings;
use crate::dev::failure;
use crate::dev::input::{self, BadInput};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    #[serde(default = "main_organisation")]
    org: String,
}

fn main_organisation() -> String {
    "main".to_owned()
}

/// The generator of ratings, and the clock for the end of the year.
pub(super) type Maker = (Arc<YearOfRatings>, Arc<AdjustableClock>);

pub(super) async fn begin(
    State((year, clock)): State<Maker>,
    body: Bytes,
) -> Result<Response, BadInput> {
    match year.begin(organisation(&body)?, clock.now()) {
        Ok(progress) => Ok((StatusCode::ACCEPTED, Json(progress)).into_response()),
        Err(error) => Ok(failure(&error)),
    }
}

pub(super) async fn progress(State((year, _)): State<Maker>) -> Response {
    Json(year.progress()).into_response()
}

/// The organisation in the body. The default is `main`, also if there is no body.
fn organisation(body: &[u8]) -> Result<OrganisationId, BadInput> {
    let body = if body.is_empty() { b"{}" } else { body };
    let Year { org } = input::parse(body)?;
    OrganisationId::parse(&org).map_err(|error| BadInput::invalid_value(format!("org {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_organisation_is_main() {
        for body in ["", "{}", r#"{"org":"main"}"#] {
            let organisation = organisation(body.as_bytes()).unwrap();
            assert_eq!(organisation.to_string(), "main", "{body}");
        }
    }

    #[test]
    fn an_invalid_organisation_is_refused() {
        for body in [
            " ",
            "5",
            "[]",
            r#"{"org":""}"#,
            r#"{"org":"a#b"}"#,
            r#"{"year":1}"#,
        ] {
            assert!(organisation(body.as_bytes()).is_err(), "{body}");
        }
    }
}
