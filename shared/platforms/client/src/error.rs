/// Why a call has no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlatformError {
    /// The host name resolves to an address that is not public. Nothing was sent.
    #[error("the host has a private address")]
    PrivateAddress,
    /// No complete response arrived in time. The server may have processed the request.
    #[error("the server did not respond in time")]
    TimedOut,
    /// The connection or its encryption failed. The server may have processed the request.
    #[error("the connection to the server failed")]
    ConnectionFailed,
    /// The response is larger than the limit. The server has processed the request.
    #[error("the server's response is too large")]
    ResponseTooLarge,
    /// The path or a header is not valid in HTTP. Nothing was sent.
    #[error("the request is not valid")]
    InvalidRequest,
}
