use tests::{AwsCall, AwsError, FaultInjection, Held};

/// A fault of a call to AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    ResetBefore,
    Internal,
    Throttled,
    ThroughputExceeded,
    Conflict,
    Unprocessed,
    LostReply,
    ResetAfter,
    HalfReply,
    Slow,
    Late,
}

/// How often a fault happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Times {
    Once,
    Always,
}

impl Fault {
    const ALL: [Self; 11] = [
        Self::ResetBefore,
        Self::Internal,
        Self::Throttled,
        Self::ThroughputExceeded,
        Self::Conflict,
        Self::Unprocessed,
        Self::LostReply,
        Self::ResetAfter,
        Self::HalfReply,
        Self::Slow,
        Self::Late,
    ];

    /// The faults that can happen to `call`, and how often.
    pub(crate) fn of(call: &AwsCall) -> Vec<(Self, Times)> {
        let faults = Self::ALL
            .into_iter()
            .filter(|fault| fault.can_happen_to(call));
        faults
            .flat_map(|fault| match fault {
                // A call that is always late never arrives, which is a lost request.
                Self::Late => vec![(fault, Times::Once)],
                _ => vec![(fault, Times::Once), (fault, Times::Always)],
            })
            .collect()
    }

    fn can_happen_to(self, call: &AwsCall) -> bool {
        let reads = [":Get", ":BatchGet", ":Query"];
        let is_read = reads.iter().any(|read| call.operation.contains(read));
        match self {
            Self::ThroughputExceeded => call.is_to("dynamodb"),
            Self::Conflict => call.is_to("dynamodb") && !is_read,
            Self::Unprocessed => call.operation.contains(":Batch"),
            Self::Late => !is_read,
            _ => true,
        }
    }

    /// Whether the caller waits until its timeout.
    pub(crate) fn is_slow(self) -> bool {
        matches!(self, Self::Slow | Self::Late)
    }

    /// The proxy's action. A late call waits for `held`.
    pub(crate) fn injection(self, held: &Held) -> FaultInjection {
        match self {
            Self::ResetBefore => FaultInjection::ResetRequest,
            Self::Internal => FaultInjection::Refuse(AwsError::Internal),
            Self::Throttled => FaultInjection::Refuse(AwsError::Throttled),
            Self::ThroughputExceeded => FaultInjection::Refuse(AwsError::ThroughputExceeded),
            Self::Conflict => FaultInjection::Refuse(AwsError::TransactionConflict),
            Self::Unprocessed => FaultInjection::Refuse(AwsError::Unprocessed),
            Self::LostReply => FaultInjection::LoseReply,
            Self::ResetAfter => FaultInjection::ResetReply,
            Self::HalfReply => FaultInjection::HalveReply,
            Self::Slow => FaultInjection::WithholdReply,
            Self::Late => FaultInjection::HoldDetached(held.clone()),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ResetBefore => "reset before",
            Self::Internal => "500",
            Self::Throttled => "throttled",
            Self::ThroughputExceeded => "throughput",
            Self::Conflict => "conflict",
            Self::Unprocessed => "left out",
            Self::LostReply => "lost reply",
            Self::ResetAfter => "reset after",
            Self::HalfReply => "half a reply",
            Self::Slow => "slow",
            Self::Late => "late",
        }
    }
}
