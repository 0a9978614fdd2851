//! Fault injection for the next sends.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// The result of a send instead of success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    /// SES throttles the send.
    Throttle,
    /// SES rejects the mail because of its content.
    Reject,
    /// SES returns a service error and does not send the mail.
    Error,
    /// SES sends the mail and never responds.
    Timeout,
    /// SES sends the mail and closes the connection without a response.
    LostReply,
}

/// The faults of the next sends, in order.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<VecDeque<Fault>>);

impl Faults {
    pub(super) fn replace(&self, next: Vec<Fault>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = next.into();
    }

    /// Removes and returns the fault of this send.
    pub(super) fn next(&self) -> Option<Fault> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
    }
}
