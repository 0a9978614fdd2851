//! `GET /v1/widget.js`, `/v1/sidebar.js`, `/v1/report.js` and the modules under `GET /v1/assets/…`: the web
//! components that a chat product drops into its pages; and `GET /rate`, the page behind a face in a
//! mail, with its `GET /v1/rate.js`. They are compiled in, as they are written.
//!
//! The two modules that pages name are cached for minutes. They import the others under a path
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
    version: String,
    etag: HeaderValue,
}

impl ServeWidget {
    /// The function with the files that are compiled in.
    pub fn new() -> Self {
        let version = files::version();
        // Weak: the bytes differ with the encoding, what they say does not.
        let etag = HeaderValue::from_str(&format!("W/\"{version}\""))
            .unwrap_or_else(|_| HeaderValue::from_static("W/\"0\""));
        Self { version, etag }
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
        let answer = if self.is_known_to(call) {
            HttpResponse::not_modified()
        } else if accepts_gzip {
            HttpResponse::file(JAVASCRIPT, gzip::compressed(source.as_bytes()))
                .with_header(CONTENT_ENCODING, HeaderValue::from_static("gzip"))
        } else {
            HttpResponse::file(JAVASCRIPT, source.as_bytes().to_vec())
        };
        answer
            .with_header(CACHE_CONTROL, caching)
            .with_header(ETAG, self.etag.clone())
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

    fn is_known_to(&self, call: &HttpRequest) -> bool {
        let ours = self.version.as_str();
        call.header(&IF_NONE_MATCH).is_some_and(|known| {
            known.split(',').map(str::trim).any(|tag| {
                tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"') == ours
            })
        })
    }
}

/// The page behind a face in a mail. What tells who answers what stands in the fragment of its
/// address, which does not come here; the page holds nothing of anyone.
fn rate_page() -> HttpResponse {
    HttpResponse::file(HTML, RATE_PAGE.as_bytes().to_vec())
        .with_header(CACHE_CONTROL, FOR_MINUTES)
        .with_header(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(
                "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; \
                 form-action 'none'; frame-ancestors 'none'",
            ),
        )
        .with_header(REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
}

impl Default for ServeWidget {
    fn default() -> Self {
        Self::new()
    }
}

impl HttpHandler for ServeWidget {
    async fn handle(&self, call: HttpRequest) -> Result<HttpResponse, Failure> {
        match call.route() {
            "GET /v1/widget.js" => Ok(self.entry(&call, &WIDGET)),
            "GET /v1/sidebar.js" => Ok(self.entry(&call, &SIDEBAR)),
            "GET /v1/report.js" => Ok(self.entry(&call, &REPORT)),
            "GET /v1/rate.js" => Ok(self.entry(&call, &RATE)),
            "GET /rate" => Ok(rate_page()),
            "GET /v1/assets/{version}/{folder}/{file}" => Ok(self.asset(&call)?),
            _ => Err(Fault::internal("a route of another function came here").into()),
        }
    }
}
