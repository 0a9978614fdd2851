//! The start of a server.

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;

use crate::api;
use crate::listener;
use crate::options::Options;
use crate::server::Chatwoot;
use crate::state::State;

impl Chatwoot {
    /// Starts a server without records on 127.0.0.1.
    ///
    /// # Errors
    /// If the port is in use.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let state = State::new(options, format!("http://{address}"));
        let state = Arc::new(Mutex::new(state));
        let router = api::router(Arc::clone(&state));
        let task = tokio::spawn(listener::serve(listener, router));
        Ok(Self::new(state, address, task.abort_handle()))
    }
}
