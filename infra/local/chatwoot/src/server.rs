//! The handle of a running server.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::api;
use crate::listener;
use crate::options::Options;
use crate::state::State;

/// A running server. It stops when the last clone of the handle is dropped.
#[derive(Clone, Debug)]
pub struct Chatwoot(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    state: Arc<Mutex<State>>,
    address: SocketAddr,
    tasks: Mutex<Vec<AbortHandle>>,
}

/// A handle that does not keep the server running.
pub(crate) struct WeakChatwoot(Weak<Inner>);

impl WeakChatwoot {
    pub(crate) fn upgrade(&self) -> Option<Chatwoot> {
        self.0.upgrade().map(Chatwoot)
    }
}

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
        Ok(Self(Arc::new(Inner {
            state,
            address,
            tasks: Mutex::new(vec![task.abort_handle()]),
        })))
    }

    /// The address of the server.
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// The origin of the server, such as `http://127.0.0.1:3000`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.0.address)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0.state)
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        let mut changes = self.state().changes.subscribe();
        // Hooks may be pending already.
        changes.mark_changed();
        changes
    }

    pub(crate) fn downgrade(&self) -> WeakChatwoot {
        WeakChatwoot(Arc::downgrade(&self.0))
    }

    /// Aborts the task when the server stops.
    pub(crate) fn abort_at_end(&self, task: AbortHandle) {
        let mut tasks = self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.push(task);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let tasks = self.tasks.get_mut().unwrap_or_else(PoisonError::into_inner);
        for task in tasks {
            task.abort();
        }
    }
}

pub(crate) fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
