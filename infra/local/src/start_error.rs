use std::io;

/// The error of a server that did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Another process listens on the port.
    #[error(
        "port {0} is in use: stop the process that listens on it, or choose another with --port"
    )]
    PortInUse(u16),
    /// The server could not listen on the port.
    #[error("the server cannot listen on the port: {0}")]
    Listener(io::Error),
    /// A part of the server did not start.
    #[error("{0}")]
    Part(Box<dyn std::error::Error + Send + Sync>),
}

impl StartError {
    pub(crate) fn part(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Part(Box::new(error))
    }
}
