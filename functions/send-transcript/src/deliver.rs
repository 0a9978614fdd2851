use std::time::Duration;

use dynamodb::Table;
use errors::{Fault, FaultCode};
use lambda::http::HttpRequest;
use store::get_conversation;

use crate::finish::PreparedEmail;
use crate::mailer::{Mailer, Sending};
use crate::request::TranscriptRequest;

/// The time that one SES call and the record of its outcome may take. If less time is left, nothing
/// is sent: the Lambda timeout could end the call, and its outcome would be unknown.
pub(crate) const SEND_BUDGET: Duration = Duration::from_millis(12_500);

/// The pause before the one retry of a send that SES throttled.
const PAUSE_AFTER_THROTTLING: Duration = Duration::from_millis(400);

/// The outcome of a delivery to SES.
#[derive(Debug)]
pub(crate) enum Delivery {
    /// SES accepted the mail.
    Accepted,
    /// SES refused it because the From address is not verified.
    SenderNotVerified,
    /// Nothing was sent.
    NothingSent(Fault),
    /// Nothing was sent: the conversation changed before a retry.
    ConversationChanged,
    /// Nothing was sent: the conversation no longer existed before a retry.
    NoConversation,
    /// It is unknown whether SES accepted it.
    Unknown(Fault),
}

/// Step 3: sends the mail. If SES throttles the first attempt, the mail is sent once more.
///
/// The reservation has just checked that the conversation is unchanged, so the first attempt
/// does not check it again. The retry does.
pub(crate) async fn deliver(
    table: &Table,
    mailer: &Mailer,
    http_request: &HttpRequest,
    request: &TranscriptRequest,
    prepared: PreparedEmail,
) -> Delivery {
    let PreparedEmail {
        item,
        mail,
        snapshot,
    } = prepared;
    let email = match mailer.email(request, &item, mail) {
        Ok(email) => email,
        Err(fault) => return Delivery::NothingSent(fault),
    };
    if http_request.time_left() < SEND_BUDGET {
        return Delivery::NothingSent(too_late());
    }
    let first = mailer.send(&email).await;
    let Sending::Throttled(throttled) = first else {
        return first.into();
    };
    tokio::time::sleep(PAUSE_AFTER_THROTTLING).await;
    match get_conversation(table, request.conversation_ref()).await {
        Ok(None) => return Delivery::NoConversation,
        Ok(Some(conversation)) if !snapshot.matches(&conversation) => {
            return Delivery::ConversationChanged;
        }
        Ok(Some(_)) => {}
        Err(fault) => return Delivery::NothingSent(fault),
    }
    if http_request.time_left() < SEND_BUDGET {
        return Delivery::NothingSent(throttled);
    }
    mailer.send(&email).await.into()
}

impl From<Sending> for Delivery {
    fn from(sending: Sending) -> Self {
        match sending {
            Sending::Accepted => Self::Accepted,
            Sending::SenderNotVerified => Self::SenderNotVerified,
            Sending::Throttled(fault) | Sending::NothingSent(fault) => Self::NothingSent(fault),
            Sending::Unknown(fault) => Self::Unknown(fault),
        }
    }
}

/// The error for a request that has too little time left to send.
pub(crate) fn too_late() -> Fault {
    Fault::new(FaultCode::TimedOut, "too little time is left to send")
}
