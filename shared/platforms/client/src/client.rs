use std::error::Error;
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::time::timeout;

use crate::error::PlatformError;
use crate::origin::{Origin, Targets};
use crate::resolver::{CheckedResolver, Lookup, PrivateAddress, SystemLookup};

/// Firewalls refuse requests without this header.
const USER_AGENT: &str = "afterchat";

/// A client for the server of one connection.
#[derive(Debug)]
pub struct PlatformClient {
    connector: Connector,
    origin: Origin,
    limits: Limits,
}

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
}

/// A request to the server.
#[derive(Clone, Debug)]
pub struct ServerRequest<'a> {
    /// The method.
    pub method: Method,
    /// The path and the query. The path begins with a slash.
    pub path: &'a str,
    /// The names and values of the headers.
    pub headers: &'a [(&'static str, &'a str)],
    /// The JSON body.
    pub body: Option<String>,
}

/// A response of the server, of any status. A redirect is a response like any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformResponse {
    /// The status code.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// The limits of each call.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// How long a call may take in all, from the host's name to the last byte of the response.
    time: Duration,
    response_bytes: usize,
}

impl PlatformClient {
    /// The maximum size of a response.
    pub const RESPONSE_BYTES: usize = 8_000_000;

    /// A client for `origin`. Each call takes at most `time`. The server's certificate must be trusted by the
    /// operating system.
    pub fn new(origin: Origin, targets: Targets, time: Duration) -> Self {
        let limits = Limits {
            time,
            response_bytes: Self::RESPONSE_BYTES,
        };
        Self::with_lookup(origin, targets, limits, SystemLookup)
    }

    fn with_lookup(origin: Origin, targets: Targets, limits: Limits, lookup: impl Lookup) -> Self {
        let connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_with_resolver(CheckedResolver { targets, lookup });
        Self {
            connector,
            origin,
            limits,
        }
    }

    /// Sends a request and reads the whole response.
    ///
    /// # Errors
    /// See [`PlatformError`].
    pub async fn send(
        &self,
        request: ServerRequest<'_>,
    ) -> Result<PlatformResponse, PlatformError> {
        let request = self.http_request(request)?;
        let call = async {
            let sent = self.connector.call(request).await;
            let response = sent.map_err(|error| reason(&error))?;
            let status = response.status().as_u16();
            let body = self.read_body(response.into_body()).await?;
            Ok(PlatformResponse { status, body })
        };
        let call = timeout(self.limits.time, call).await;
        call.unwrap_or(Err(PlatformError::TimedOut))
    }

    fn http_request(&self, request: ServerRequest<'_>) -> Result<HttpRequest, PlatformError> {
        // Without a slash, the path could continue the host's name.
        if !request.path.starts_with('/') {
            return Err(PlatformError::InvalidRequest);
        }
        let body = request.body.map_or_else(SdkBody::empty, SdkBody::from);
        let mut http = HttpRequest::new(body);
        let invalid = |_| PlatformError::InvalidRequest;
        http.set_method(request.method.as_str()).map_err(invalid)?;
        http.set_uri(format!("{}{}", self.origin, request.path))
            .map_err(|_| PlatformError::InvalidRequest)?;
        let own = [
            ("content-type", "application/json"),
            ("user-agent", USER_AGENT),
        ];
        for (name, value) in request.headers.iter().chain(&own) {
            let inserted = http.headers_mut().try_insert(*name, (*value).to_owned());
            inserted.map_err(|_| PlatformError::InvalidRequest)?;
        }
        Ok(http)
    }

    async fn read_body(&self, body: SdkBody) -> Result<Vec<u8>, PlatformError> {
        let mut chunks = ByteStream::new(body);
        let mut read = Vec::new();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| PlatformError::ConnectionFailed)?;
            if read.len() + chunk.len() > self.limits.response_bytes {
                return Err(PlatformError::ResponseTooLarge);
            }
            read.extend_from_slice(&chunk);
        }
        Ok(read)
    }
}

impl Method {
    fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

fn reason(error: &ConnectorError) -> PlatformError {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = source {
        if error.is::<PrivateAddress>() {
            return PlatformError::PrivateAddress;
        }
        source = error.source();
    }
    PlatformError::ConnectionFailed
}

#[cfg(test)]
mod tests;
