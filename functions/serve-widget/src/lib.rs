//! `GET /v1/widget.js`, `/v1/sidebar.js`, `/v1/report.js` and the modules under `GET /v1/assets/…`: the web
//! components that a chat product drops into its pages; and `GET /rate`, the page behind a face in a
//! mail, with its `GET /v1/rate.js`. They are compiled in, as they are written.
//!
//! Each of them also answers `HEAD`, with the response of `GET`: the gateway leaves the body out.
//!
//! The modules that pages name are cached for minutes. They import the others under a path
//! that holds the version of all of them, so those may be kept for good.

mod files;
mod gzip;

use errors::{Failure, Fault, Refusal, RefusalCode};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse};
use lambda_http::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH,
    REFERRER_POLICY, VARY,
};
use lambda_http::http::{HeaderName, HeaderValue};

use crate::files::{Part, RATE, RATE_PAGE, REPORT, SIDEBAR, WIDGET};

/// Of a module, which is UTF-8 whatever is said.
const JAVASCRIPT: &str = "text/javascript";

const HTML: &str = "text/html; charset=utf-8";

/// For what a page names: a new version is there within minutes.
const FOR_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// For what never changes under its path.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// For what stands under a path that is not its own.
const NOT_AT_ALL: HeaderValue = HeaderValue::from_static("no-store");

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// The function.
#[derive(Clone, Debug)]
pub struct ServeWidget {
    /// Of the modules, all together.
    version: String,
    /// Of the page.
    page_version: String,
}

impl ServeWidget {
    /// The function with the files that are compiled in.
    pub fn new() -> Self {
        Self {
            version: files::version(),
            page_version: files::page_version(),
        }
    }

    fn entry(&self, call: &HttpRequest, part: &Part) -> HttpResponse {
        self.module(call, &part.entry(&self.version), FOR_MINUTES)
    }

    fn asset(&self, call: &HttpRequest) -> Result<HttpResponse, Refusal> {
        let part = |name| call.path_parameter(name, |text| Ok(text.to_owned())).ok();
        let source = part("folder")
            .zip(part("file"))
            .and_then(|(folder, file)| files::find(&folder, &file))
            .ok_or_else(|| {
                Refusal::new(RefusalCode::FileNotFound, "There is no file of this name.")
            })?;
        // A page may hold the entry of the version before: it is served what there is.
        let caching = if part("version").as_deref() == Some(&self.version) {
            FOR_GOOD
        } else {
            NOT_AT_ALL
        };
        Ok(self.module(call, source, caching))
    }

    fn module(&self, call: &HttpRequest, source: &str, caching: HeaderValue) -> HttpResponse {
        let accepts_gzip = call.header(&ACCEPT_ENCODING).is_some_and(gzip::is_accepted);
        let answer = if is_known(call, &self.version) {
            HttpResponse::not_modified()
        } else if accepts_gzip {
            HttpResponse::file(JAVASCRIPT, gzip::compressed(source.as_bytes()))
                .with_header(CONTENT_ENCODING, HeaderValue::from_static("gzip"))
        } else {
            HttpResponse::file(JAVASCRIPT, source.as_bytes().to_vec())
        };
        answer
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

    /// The page behind a face in a mail. Its link's token is in the fragment of the address, which browsers send to
    /// nobody, so the page is the same for everyone.
    fn page(&self, call: &HttpRequest) -> HttpResponse {
        let answer = if is_known(call, &self.page_version) {
            HttpResponse::not_modified()
        } else {
            HttpResponse::file(HTML, RATE_PAGE.as_bytes().to_vec())
        };
        answer
            .with_header(CACHE_CONTROL, FOR_MINUTES)
            .with_header(ETAG, etag(&self.page_version))
            .with_header(
                CONTENT_SECURITY_POLICY,
                HeaderValue::from_static(
                    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; \
                     form-action 'none'; frame-ancestors 'none'",
                ),
            )
            .with_header(REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
    }
}

/// Weak: the bytes differ with the encoding, what they say does not.
fn etag(version: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("W/\"{version}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("W/\"0\""))
}

/// Whether the caller has this version already.
fn is_known(call: &HttpRequest, version: &str) -> bool {
    call.header(&IF_NONE_MATCH).is_some_and(|known| {
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

impl HttpHandler for ServeWidget {
    async fn handle(&self, call: HttpRequest) -> Result<HttpResponse, Failure> {
        let path = call
            .route()
            .strip_prefix("GET ")
            .or_else(|| call.route().strip_prefix("HEAD "));
        match path {
            Some("/v1/widget.js") => Ok(self.entry(&call, &WIDGET)),
            Some("/v1/sidebar.js") => Ok(self.entry(&call, &SIDEBAR)),
            Some("/v1/report.js") => Ok(self.entry(&call, &REPORT)),
            Some("/v1/rate.js") => Ok(self.entry(&call, &RATE)),
            Some("/rate") => Ok(self.page(&call)),
            Some("/v1/assets/{version}/{folder}/{file}") => Ok(self.asset(&call)?),
            _ => Err(Fault::internal("a route of another function came here").into()),
        }
    }
}
