//! How the emulator behaves where AWS may behave in several ways, and fault injection.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// The current behavior. The default fires each schedule once and at once.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Behavior {
    /// How late each schedule fires. AWS fires within 60 seconds.
    late_seconds: u8,
    /// How early each schedule fires by the functions' clock, because the scheduler's clock is ahead.
    early_seconds: u8,
    /// At which edge of its flexible time window a schedule invokes its target.
    flexible_windows: WindowEdge,
    /// Whether a schedule for a time in the past is created and fires immediately. Otherwise it is
    /// refused.
    ///
    /// AWS does not document this, and public sources contradict each other. Several projects state
    /// that AWS refuses such a schedule with a `ValidationException`, for example
    /// DefangLabs/pulumi-defang#425. None of them shows the message. `src/core.mjs` of
    /// alteos-gmbh/schedule-platform-poc reports a measurement of 10 September 2026: AWS accepted a
    /// time one hour in the past, and fired a schedule two minutes in the past 45 seconds after its
    /// creation. Code must therefore work in both cases.
    accepts_past_times: bool,
    /// Whether `ConflictException` is also returned if the same request is repeated with the same
    /// client token. The API's model calls such a repetition idempotent. `src/core.mjs` of
    /// alteos-gmbh/schedule-platform-poc reports a measurement of 7 September 2026 in which the token
    /// had no effect. Code must therefore work in both cases.
    ignores_client_tokens: bool,
    /// The faults of the next calls of the API, in order.
    next_calls: VecDeque<CallFault>,
    /// What the next due schedules do, in order of their times.
    next_firings: VecDeque<Firing>,
}

/// A change of the behavior. Members that are absent stay as they are.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BehaviorChange {
    late_seconds: Option<u8>,
    early_seconds: Option<u8>,
    flexible_windows: Option<WindowEdge>,
    accepts_past_times: Option<bool>,
    ignores_client_tokens: Option<bool>,
    next_calls: Option<VecDeque<CallFault>>,
    next_firings: Option<VecDeque<Firing>>,
}

/// An edge of a flexible time window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WindowEdge {
    #[default]
    Start,
    End,
}

/// The result of a call of the API instead of success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallFault {
    /// The call is throttled.
    Throttle,
    /// The account has too many schedules.
    Quota,
    /// The scheduler returns a service error and changes nothing.
    Error,
    /// The call takes effect, and the scheduler never responds.
    Timeout,
    /// The call takes effect, and the scheduler closes the connection without a response.
    LostReply,
}

/// What a due schedule does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Firing {
    /// Invokes its target once.
    #[default]
    Once,
    /// Invokes its target twice at the same time. AWS delivers at least once.
    Twice,
    /// Completes without an invocation.
    Lost,
}

impl Behavior {
    /// The longest delay that AWS documents.
    const MAXIMUM_LATENESS: u8 = 60;

    /// A function that is invoked too early schedules the rest 60 seconds ahead or later. That must be in
    /// the future of both clocks.
    const MAXIMUM_EARLINESS: u8 = 59;

    /// Applies `change`. Returns an error, and changes nothing, if a value is invalid.
    pub(super) fn apply(&mut self, change: BehaviorChange) -> Result<(), String> {
        let late = change.late_seconds.unwrap_or(self.late_seconds);
        if late > Self::MAXIMUM_LATENESS {
            let most = Self::MAXIMUM_LATENESS;
            return Err(format!("late_seconds must not be more than {most}"));
        }
        let early = change.early_seconds.unwrap_or(self.early_seconds);
        if early > Self::MAXIMUM_EARLINESS {
            let most = Self::MAXIMUM_EARLINESS;
            return Err(format!("early_seconds must not be more than {most}"));
        }
        let old = std::mem::take(self);
        *self = Self {
            late_seconds: late,
            early_seconds: early,
            flexible_windows: change.flexible_windows.unwrap_or(old.flexible_windows),
            accepts_past_times: change.accepts_past_times.unwrap_or(old.accepts_past_times),
            ignores_client_tokens: change
                .ignores_client_tokens
                .unwrap_or(old.ignores_client_tokens),
            next_calls: change.next_calls.unwrap_or(old.next_calls),
            next_firings: change.next_firings.unwrap_or(old.next_firings),
        };
        Ok(())
    }

    pub(super) fn accepts_past_times(&self) -> bool {
        self.accepts_past_times
    }

    pub(super) fn ignores_client_tokens(&self) -> bool {
        self.ignores_client_tokens
    }

    /// The number of seconds between the time of a schedule with this flexible time window, and the
    /// time at which the schedule fires.
    pub(super) fn delay_seconds(&self, window_seconds: i64) -> i64 {
        let in_window = match self.flexible_windows {
            WindowEdge::Start => 0,
            WindowEdge::End => window_seconds,
        };
        in_window + i64::from(self.late_seconds) - i64::from(self.early_seconds)
    }

    /// Removes and returns the fault of this call.
    pub(super) fn next_call(&mut self) -> Option<CallFault> {
        self.next_calls.pop_front()
    }

    /// Removes and returns what this due schedule does.
    pub(super) fn next_firing(&mut self) -> Firing {
        self.next_firings.pop_front().unwrap_or_default()
    }
}
