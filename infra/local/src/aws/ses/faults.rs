//! What goes wrong with the next mails, on request.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// What a send meets in place of success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    /// Refused for sending too fast.
    Throttle,
    /// Refused for what the mail is.
    Reject,
    /// An error of the service, and nothing sent.
    Error,
    /// Sent, and never answered.
    Timeout,
    /// Sent, and the connection dropped in place of an answer.
    LostReply,
}

/// The faults still to come.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<VecDeque<Fault>>);

impl Faults {
    pub(super) fn replace(&self, next: Vec<Fault>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = next.into();
    }

    /// What this send meets.
    pub(super) fn next(&self) -> Option<Fault> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
    }
}
