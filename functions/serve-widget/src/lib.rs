//! Serves the web components that a chat product adds to its pages: `GET /v1/widget.js`,
//! `/v1/sidebar.js`, `/v1/report.js`, `/v1/settings.js` and the modules under `GET /v1/assets/…`.
//!
//! Also serves `GET /rate`, the page that the faces in a mail link to, and its `GET /v1/rate.js`.
//! All files are compiled in. The modules are served without their comments.
//!
//! Each of these paths also answers `HEAD`, with the response of `GET`. API Gateway removes the
//! body.
//!
//! The modules that pages load directly are cached for minutes. They import the others under a path
//! that contains the version of all modules, so those may be cached forever.

mod comments;
mod files;
mod gzip;
mod modules;
#[cfg(test)]
mod source_rules;

use errors::{Failure, Refusal, RefusalCode};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse};
use lambda_http::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH,
    REFERRER_POLICY, VARY,
};
use lambda_http::http::{HeaderName, HeaderValue};

use crate::comments::without_comments;
use crate::files::{Part, RATE, RATE_PAGE, REPORT, SETTINGS, SIDEBAR, WIDGET};

/// The type of a module. Modules are always UTF-8, whatever charset the header names.
const JAVASCRIPT: &str = "text/javascript";

const HTML: &str = "text/html; charset=utf-8";

/// For files that pages load directly. A new version is in use within minutes.
const FOR_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// For files that never change under their path.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// For files that are requested under the path of another version.
const NOT_AT_ALL: HeaderValue = HeaderValue::from_static("no-store");

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// The `serve-widget` function.
#[derive(Clone, Debug)]
pub struct ServeWidget {
    /// The version of all modules together.
    version: String,
    /// The version of the page.
    page_version: String,
}

impl ServeWidget {
    /// Creates the function with the files that are compiled in.
    pub fn new() -> Self {
        Self {
            version: files::version(),
            page_version: files::page_version(),
        }
    }

    fn entry(&self, request: &HttpRequest, part: &Part) -> HttpResponse {
        self.module(request, &part.entry(&self.version), FOR_MINUTES)
    }

    fn asset(&self, request: &HttpRequest) -> Result<HttpResponse, Refusal> {
        let part = |name| {
            request
                .path_parameter(name, |text| Ok(text.to_owned()))
                .ok()
        };
        let source = part("folder")
            .zip(part("file"))
            .and_then(|(folder, file)| files::find(&folder, &file))
            .ok_or_else(|| {
                Refusal::new(RefusalCode::FileNotFound, "There is no file of this name.")
            })?;
        // A page may still use the entry module of an earlier version. It gets the current files.
        let caching = if part("version").as_deref() == Some(&self.version) {
            FOR_GOOD
        } else {
            NOT_AT_ALL
        };
        Ok(self.module(request, source, caching))
    }

    fn module(&self, request: &HttpRequest, source: &str, caching: HeaderValue) -> HttpResponse {
        let accepts_gzip = request
            .header(&ACCEPT_ENCODING)
            .is_some_and(gzip::is_accepted);
        let response = if is_known(request, &self.version) {
            HttpResponse::not_modified()
        } else if accepts_gzip {
            HttpResponse::file(
                JAVASCRIPT,
                gzip::compressed(without_comments(source).as_bytes()),
            )
            .with_header(CONTENT_ENCODING, HeaderValue::from_static("gzip"))
        } else {
            HttpResponse::file(JAVASCRIPT, without_comments(source).into_bytes())
        };
        response
            .with_header(CACHE_CONTROL, caching)
            .with_header(ETAG, etag(&self.version))
            .with_header(VARY, HeaderValue::from_static("accept-encoding, origin"))
            .with_header(
                CONTENT_SECURITY_POLICY,
                HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
            )
            .with_header(
                CROSS_ORIGIN_RESOURCE_POLICY,
                HeaderValue::from_static("cross-origin"),
            )
    }

    /// Returns the page that the faces in a mail link to. The token is in the URL fragment, which
    /// browsers never send to a server, so the page is the same for everyone.
    fn page(&self, request: &HttpRequest) -> HttpResponse {
        let response = if is_known(request, &self.page_version) {
            HttpResponse::not_modified()
        } else {
            HttpResponse::file(HTML, RATE_PAGE.as_bytes().to_vec())
        };
        response
            .with_header(CACHE_CONTROL, FOR_MINUTES)
            .with_header(ETAG, etag(&self.page_version))
            .with_header(
                CONTENT_SECURITY_POLICY,
                HeaderValue::from_static(
                    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src https:; \
                     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                ),
            )
            .with_header(REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
    }
}

/// The ETag is weak, because the bytes depend on the encoding and the content does not.
fn etag(version: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("W/\"{version}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("W/\"0\""))
}

/// Whether the client already has this version.
fn is_known(request: &HttpRequest, version: &str) -> bool {
    request.header(&IF_NONE_MATCH).is_some_and(|known| {
        known.split(',').map(str::trim).any(|tag| {
            tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"') == version
        })
    })
}

impl Default for ServeWidget {
    fn default() -> Self {
        Self::new()
    }
}

/// The files of this function.
#[derive(Clone, Copy, Debug)]
pub enum Route {
    /// The entry module of the widget.
    Widget,
    /// The entry module of the sidebar.
    Sidebar,
    /// The entry module of the report.
    Report,
    /// The entry module of the settings page.
    Settings,
    /// The entry module of the rating page.
    Rate,
    /// The rating page.
    RatePage,
    /// A module that the entry modules import.
    Asset,
}

impl HttpHandler for ServeWidget {
    type Route = Route;

    const ROUTES: &'static [(&'static str, Route)] = &[
        ("GET /v1/widget.js", Route::Widget),
        ("HEAD /v1/widget.js", Route::Widget),
        ("GET /v1/sidebar.js", Route::Sidebar),
        ("HEAD /v1/sidebar.js", Route::Sidebar),
        ("GET /v1/report.js", Route::Report),
        ("HEAD /v1/report.js", Route::Report),
        ("GET /v1/settings.js", Route::Settings),
        ("HEAD /v1/settings.js", Route::Settings),
        ("GET /v1/rate.js", Route::Rate),
        ("HEAD /v1/rate.js", Route::Rate),
        ("GET /rate", Route::RatePage),
        ("HEAD /rate", Route::RatePage),
        ("GET /v1/assets/{version}/{folder}/{file}", Route::Asset),
        ("HEAD /v1/assets/{version}/{folder}/{file}", Route::Asset),
    ];

    async fn handle(&self, route: Route, request: HttpRequest) -> Result<HttpResponse, Failure> {
        match route {
            Route::Widget => Ok(self.entry(&request, &WIDGET)),
            Route::Sidebar => Ok(self.entry(&request, &SIDEBAR)),
            Route::Report => Ok(self.entry(&request, &REPORT)),
            Route::Settings => Ok(self.entry(&request, &SETTINGS)),
            Route::Rate => Ok(self.entry(&request, &RATE)),
            Route::RatePage => Ok(self.page(&request)),
            Route::Asset => Ok(self.asset(&request)?),
        }
    }
}
