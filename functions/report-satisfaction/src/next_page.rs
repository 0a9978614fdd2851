use domain::UniqueId;
use lambda::http::HttpRequest;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::cursor::Cursor;

/// Percent-encodes all characters except RFC 3986's unreserved ones.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The parameters of a query, except those of its page: the name and value of each parameter that
/// has a value.
#[derive(Clone, Debug)]
pub(crate) struct Parameters(Vec<(&'static str, String)>);

impl Parameters {
    /// Creates the parameters from those among `all` that have a value.
    pub(crate) fn present<const N: usize>(all: [(&'static str, Option<String>); N]) -> Self {
        let present = all.into_iter();
        Self(
            present
                .filter_map(|(name, value)| Some((name, value?)))
                .collect(),
        )
    }

    /// Adds one more parameter.
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.push((name, value.to_string()));
        self
    }

    /// Returns a text that identifies this query by `organisation` on `path`.
    pub(crate) fn fingerprint(&self, path: &str, organisation: &str) -> String {
        let parameters = self.0.iter();
        let parts: Vec<&str> = [path, organisation]
            .into_iter()
            .chain(parameters.flat_map(|(name, value)| [*name, value.as_str()]))
            .collect();
        UniqueId::derived_from(&parts).to_string()
    }
}

/// A link to the next page of a result.
#[derive(Clone, Debug)]
pub(crate) struct NextPage {
    url: String,
}

impl NextPage {
    /// Creates a link to the page of the same query on `path` that begins at `cursor`.
    pub(crate) fn new(
        request: &HttpRequest,
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
        // If the gateway does not provide its origin, the link is relative to the request.
        let origin = request.origin().unwrap_or_default();
        Self {
            url: format!("{origin}{path}?{}", query.join("&")),
        }
    }

    /// The value of a `Link` header (RFC 8288).
    pub(crate) fn link(&self) -> String {
        format!("<{}>; rel=\"next\"", self.url)
    }
}
