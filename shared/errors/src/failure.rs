use crate::fault::Fault;
use crate::refusal::Refusal;

/// Why a request failed: a refusal or a fault.
#[derive(Debug)]
pub enum Failure {
    /// The caller can correct it: 4xx.
    Refused(Refusal),
    /// The caller cannot correct it: 5xx.
    Faulted(Fault),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Faulted(fault)
    }
}
