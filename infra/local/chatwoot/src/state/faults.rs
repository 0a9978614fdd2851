//! Faults of API calls.

use std::time::Duration;

/// The outcome of an API call instead of the usual one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiFault {
    /// The call is not executed. The response has this status, and an `error` in JSON.
    Status(u16),
    /// The call is not executed. The response is 429 in plain text.
    RateLimited,
    /// The call is not executed. The response is 500 in HTML, after
    /// [`Options::server_error_delay`](crate::Options::server_error_delay).
    SlowServerError,
    /// The call is executed, and the connection is closed without a response.
    LostReply,
    /// The call is executed, and the response never comes.
    NoAnswer,
    /// The call is executed, and the response comes after a delay.
    Slow(Duration),
    /// The call is executed. So many spaces follow the response.
    Huge(usize),
    /// The call is executed. The response is 200 and is not JSON.
    Garbage,
    /// The call is not executed. The response redirects to this URL.
    Redirect(String),
}

/// A fault, and the calls that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultRule {
    /// The method. `None` means every method.
    pub method: Option<String>,
    /// A part of the path. An empty text means every path.
    pub path_contains: String,
    /// The fault.
    pub fault: ApiFault,
}

impl FaultRule {
    /// A fault for the next call.
    pub fn next(fault: ApiFault) -> Self {
        Self {
            method: None,
            path_contains: String::new(),
            fault,
        }
    }

    /// A fault for the next call with this method and this part in its path.
    pub fn next_of(method: &str, path_contains: &str, fault: ApiFault) -> Self {
        Self {
            method: Some(method.to_owned()),
            path_contains: path_contains.to_owned(),
            fault,
        }
    }

    pub(crate) fn matches(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|it| it == method) && path.contains(&self.path_contains)
    }
}
