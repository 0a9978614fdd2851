use domain::UniqueId;
use lambda::http::HttpRequest;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::cursor::Cursor;

/// What stands in a query as it is: RFC 3986's unreserved characters.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What a request asks for, apart from the page: a name and a value for each parameter that says
/// something.
#[derive(Clone, Debug)]
pub(crate) struct Parameters(Vec<(&'static str, String)>);

impl Parameters {
    /// The parameters among `all` that are there.
    pub(crate) fn present<const N: usize>(all: [(&'static str, Option<String>); N]) -> Self {
        let present = all.into_iter();
        Self(
            present
                .filter_map(|(name, value)| Some((name, value?)))
                .collect(),
        )
    }

    /// The same, with one more.
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.push((name, value.to_string()));
        self
    }

    /// What tells this query, asked by `organisation` on `path`, from all others.
    pub(crate) fn fingerprint(&self, path: &str, organisation: &str) -> String {
        let parameters = self.0.iter();
        let parts: Vec<&str> = [path, organisation]
            .into_iter()
            .chain(parameters.flat_map(|(name, value)| [*name, value.as_str()]))
            .collect();
        UniqueId::derived_from(&parts).to_string()
    }
}

/// The page after one.
#[derive(Clone, Debug)]
pub(crate) struct NextPage {
    url: String,
}

impl NextPage {
    /// The page of the same query on `path` that begins at `cursor`.
    pub(crate) fn new(
        call: &HttpRequest,
        path: &str,
        parameters: &Parameters,
        cursor: &Cursor,
    ) -> Self {
        let encode = |value: &str| utf8_percent_encode(value, QUERY).to_string();
        let query: Vec<_> = parameters
            .0
            .iter()
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .chain([format!("cursor={}", cursor.as_str())])
            .collect();
        // Where the gateway does not say where it is, the link is relative to the request.
        let origin = call.origin().unwrap_or_default();
        Self {
            url: format!("{origin}{path}?{}", query.join("&")),
        }
    }

    /// The value of a `Link` header (RFC 8288).
    pub(crate) fn link(&self) -> String {
        format!("<{}>; rel=\"next\"", self.url)
    }
}
