//! The handle of a running server.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::state::{State, lock};

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
    /// The handle of a server whose API `task` serves.
    pub(crate) fn new(state: Arc<Mutex<State>>, address: SocketAddr, task: AbortHandle) -> Self {
        Self(Arc::new(Inner {
            state,
            address,
            tasks: Mutex::new(vec![task]),
        }))
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
