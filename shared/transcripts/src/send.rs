use std::time::Duration;

use aws::deadline::{time_left, time_taken};
use domain::TRANSCRIPT_LEASE_SECONDS;
use dynamodb::Table;
use errors::{Fault, FaultCode};
use store::get_conversation;

use crate::finish::FinishedMail;
use crate::mailer::{CallOutcome, Mailer};
use crate::request::TranscriptRequest;

/// The time that one SES call and the record of its outcome may take. If less time is left, nothing
/// is sent: the Lambda timeout could end the call, and its outcome would be unknown.
pub(crate) const SEND_BUDGET: Duration = Duration::from_millis(12_500);

/// The pause before a call that SES throttled is repeated.
const PAUSE_AFTER_THROTTLING: Duration = Duration::from_millis(400);

/// The outcome of sending a mail.
#[derive(Debug)]
pub(crate) enum SendOutcome {
    /// SES accepted the mail.
    Accepted,
    /// SES refused it because the From address is not verified.
    SenderNotVerified,
    /// Nothing was sent.
    NothingSent(Fault),
    /// Nothing was sent: the conversation changed before the call was repeated.
    ConversationChanged,
    /// Nothing was sent: the conversation no longer existed when the call was to be repeated.
    NoConversation,
    /// It is unknown whether SES accepted it.
    Unknown(Fault),
}

/// Step 5: sends the mail. If SES throttles the call, nothing was sent. The call is then repeated
/// once.
///
/// The reservation has just checked that the conversation is unchanged, so the first call
/// does not check it again. The second call does.
pub(crate) async fn send(
    table: &Table,
    mailer: &Mailer,
    request: &TranscriptRequest,
    finished: FinishedMail,
) -> SendOutcome {
    let FinishedMail {
        item,
        mail,
        reply_to,
        snapshot,
    } = finished;
    let ses_request = match mailer.ses_request(request, &item, mail, reply_to.as_ref()) {
        Ok(ses_request) => ses_request,
        Err(fault) => return SendOutcome::NothingSent(fault),
    };
    if is_too_late(SEND_BUDGET) {
        return SendOutcome::NothingSent(too_late());
    }
    let first = mailer.send(&ses_request).await;
    let CallOutcome::Throttled(throttled) = first else {
        return first.into();
    };
    tokio::time::sleep(PAUSE_AFTER_THROTTLING).await;
    match get_conversation(table, request.conversation_ref()).await {
        Ok(None) => return SendOutcome::NoConversation,
        Ok(Some(conversation)) if !snapshot.matches(&conversation) => {
            return SendOutcome::ConversationChanged;
        }
        Ok(Some(_)) => {}
        Err(fault) => return SendOutcome::NothingSent(fault),
    }
    if is_too_late(SEND_BUDGET) {
        return SendOutcome::NothingSent(throttled);
    }
    mailer.send(&ses_request).await.into()
}

impl From<CallOutcome> for SendOutcome {
    fn from(outcome: CallOutcome) -> Self {
        match outcome {
            CallOutcome::Accepted => Self::Accepted,
            CallOutcome::SenderNotVerified => Self::SenderNotVerified,
            CallOutcome::Throttled(fault) | CallOutcome::NothingSent(fault) => {
                Self::NothingSent(fault)
            }
            CallOutcome::Unknown(fault) => Self::Unknown(fault),
        }
    }
}

/// Whether `needed` is more than the time that is left of the invocation, or of the lease of the reservation, which
/// begins with the invocation. After the lease, an erasure no longer waits for the outcome.
pub(crate) fn is_too_late(needed: Duration) -> bool {
    let lease = Duration::from_secs(TRANSCRIPT_LEASE_SECONDS.unsigned_abs());
    time_left() < needed || lease < time_taken() + needed
}

/// The error for a request that has too little time left to send.
pub(crate) fn too_late() -> Fault {
    Fault::new(FaultCode::TimedOut, "too little time is left to send")
}
