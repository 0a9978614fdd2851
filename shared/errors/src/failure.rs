use crate::fault::Fault;
use crate::refusal::Refusal;

/// Why a request was not done.
#[derive(Debug)]
pub enum Failure {
    /// The caller may mend it: 4xx.
    Refused(Refusal),
    /// The caller can't: 5xx.
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
