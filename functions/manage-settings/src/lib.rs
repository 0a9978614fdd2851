//! `GET` and `PUT /v1/settings`: the settings of an organisation, as one document.
//!
//! A `PUT` replaces the whole document. With `If-Match` it succeeds only if nobody else replaced it
//! since, so that two people do not overwrite each other's changes.

mod decode;
mod decode_rule;
mod if_match;

use aws::{Environment, EnvironmentError};
use domain::OrganisationId;
use dynamodb::Table;
use errors::{Failure, Fault, Refusal, RefusalCode};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use lambda::random;
use lambda_http::http::HeaderValue;
use lambda_http::http::header::ETAG;
use serde::Serialize;
use serde_json::value::RawValue;
use settings::Settings;
use store::{INITIAL_VERSION, SettingsItem, SettingsOutcome, key, replace_settings};

use crate::decode::decode_settings;
use crate::if_match::read_if_match;

/// Reads and replaces settings.
#[derive(Clone, Debug)]
pub struct ManageSettings {
    table: Table,
    tenants: TenantResolver,
}

/// The response body.
#[derive(Serialize)]
struct SettingsBody<'a> {
    settings: &'a RawValue,
    version: &'a str,
}

impl ManageSettings {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenants: TenantResolver::from_environment(environment)?,
        })
    }
}

/// The routes of this function.
#[derive(Clone, Copy, Debug)]
pub enum Route {
    /// Reads the settings.
    Show,
    /// Replaces the settings.
    Replace,
}

impl HttpHandler for ManageSettings {
    type Route = Route;

    const ROUTES: &'static [(&'static str, Route)] = &[
        ("GET /v1/settings", Route::Show),
        ("PUT /v1/settings", Route::Replace),
    ];

    async fn handle(&self, route: Route, request: HttpRequest) -> Result<HttpResponse, Failure> {
        let organisation = self.tenants.organisation(&request)?;
        match route {
            Route::Show => show(&self.table, &organisation).await,
            Route::Replace => replace(&self.table, &organisation, &request).await,
        }
    }
}

async fn show(table: &Table, organisation: &OrganisationId) -> Result<HttpResponse, Failure> {
    let stored: Option<SettingsItem> = table.get(key::settings(organisation)).await?;
    match stored {
        // What a newer version of the functions stored is shown as it is.
        Some(stored) => describe(&stored.document, &stored.version),
        None => describe("{}", INITIAL_VERSION),
    }
}

async fn replace(
    table: &Table,
    organisation: &OrganisationId,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let expected = read_if_match(request)?;
    let settings = decode_settings(request.body())?;
    let item = SettingsItem {
        document: to_document(&settings)?,
        version: random::unique_id().to_string(),
        updated_at: request.now(),
    };
    match replace_settings(table, organisation, &item, expected.as_deref()).await? {
        SettingsOutcome::Replaced => describe(&item.document, &item.version),
        SettingsOutcome::VersionDiffers => Err(Refusal::new(
            RefusalCode::SettingsChanged,
            "The settings were changed since the version in If-Match. Read them again.",
        )
        .with_member("field", "If-Match")
        .into()),
    }
}

fn to_document(settings: &Settings) -> Result<String, Fault> {
    serde_json::to_string(settings)
        .map_err(|_| Fault::internal("settings cannot be written as JSON"))
}

fn describe(document: &str, version: &str) -> Result<HttpResponse, Failure> {
    let settings: &RawValue = serde_json::from_str(document)
        .map_err(|_| Fault::internal("the stored settings are not JSON"))?;
    let etag = HeaderValue::from_str(&format!("\"{version}\""))
        .map_err(|_| Fault::internal("the version of the settings is not a header value"))?;
    Ok(HttpResponse::ok(SettingsBody { settings, version }).with_header(ETAG, etag))
}
