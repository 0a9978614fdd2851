use crate::problem_codes::problem_codes;

problem_codes! {
    /// Every fault of afterchat or AWS that fails a request: its stable code, status and title.
    FaultCode:
    /// A bug in the code or a mistake in the stack.
    InternalError = 500, "internal_error", "Internal error";
    /// DynamoDB failed or did not respond in time.
    StorageUnavailable = 503, "storage_unavailable", "Storage is unavailable";
    /// The invocation ran out of time.
    TimedOut = 503, "timed_out", "The request took too long";
    /// The chat platform did not respond, or the connection does not allow the call.
    PlatformUnavailable = 503, "platform_unavailable", "The chat platform is unavailable";
    /// SES rejected the mail. It was not sent.
    EmailRefused = 502, "email_refused", "The e-mail was refused";
    /// SES was unavailable. No mail was sent.
    EmailUnavailable = 503, "email_unavailable", "E-mail is unavailable";
    /// SES may have sent the mail, because its response was lost.
    EmailOutcomeUnknown = 504, "email_outcome_unknown", "The e-mail's outcome is unknown";
}

impl FaultCode {
    /// The fixed text that the caller receives.
    pub fn detail(self) -> &'static str {
        match self {
            Self::InternalError => "An internal error occurred. It has been logged.",
            Self::StorageUnavailable => "Storage is unavailable. Retry the same request.",
            Self::TimedOut => "The request took too long. Retry the same request.",
            Self::PlatformUnavailable => {
                "The chat platform did not respond, or refused the call. Retry the same request. If it fails again, check the connection."
            }
            Self::EmailRefused => "The e-mail service refused the mail. Nothing was sent.",
            Self::EmailUnavailable => "The e-mail service is unavailable. Nothing was sent.",
            Self::EmailOutcomeUnknown => {
                "The e-mail service did not say whether it took the mail. It is not sent again."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_its_status_and_code() {
        let codes = FaultCode::ALL.iter();
        let found: Vec<_> = codes.map(|code| (code.status(), code.as_str())).collect();
        assert_eq!(
            found,
            [
                (500, "internal_error"),
                (503, "storage_unavailable"),
                (503, "timed_out"),
                (503, "platform_unavailable"),
                (502, "email_refused"),
                (503, "email_unavailable"),
                (504, "email_outcome_unknown"),
            ]
        );
    }

    #[test]
    fn only_faults_after_which_a_retry_is_safe_say_so() {
        for code in FaultCode::ALL {
            let says_retry = code.detail().contains("Retry the same request.");
            let is_safe = matches!(
                code,
                FaultCode::StorageUnavailable
                    | FaultCode::TimedOut
                    | FaultCode::PlatformUnavailable
            );
            assert_eq!(says_retry, is_safe, "{code:?}");
        }
    }
}
