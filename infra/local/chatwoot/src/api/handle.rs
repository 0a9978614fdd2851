//! The state, as the handlers of requests get it.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::State as Extract;

use crate::state::{State, lock};

/// The shared state.
#[derive(Clone, Debug)]
pub(crate) struct Api(pub(crate) Arc<Mutex<State>>);

impl Api {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }
}

pub(crate) type ApiState = Extract<Api>;
