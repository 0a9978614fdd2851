use std::time::Duration;

use errors::{Fault, FaultCode};
use lambda::http::HttpRequest;
use store::get_conversation;

use crate::SendTranscript;
use crate::ask::PreparedEmail;
use crate::mailer::Sending;
use crate::request::TranscriptRequest;

/// What one call of SES and the record of its outcome may take. With less time left nothing is sent:
/// the deadline could end the call, and its outcome would be unknown.
pub(crate) const SEND_BUDGET: Duration = Duration::from_millis(12_500);

/// The pause before the one retry of a send that SES throttled.
const PAUSE_AFTER_THROTTLING: Duration = Duration::from_millis(400);

/// The outcome of a delivery to SES.
#[derive(Debug)]
pub(crate) enum Delivery {
    /// SES accepted the mail.
    Accepted,
    /// SES refused it because our From address is not verified.
    SenderNotVerified,
    /// Nothing was sent.
    NothingSent(Fault),
    /// Nothing was sent: before a retry, the conversation was not what the mail was prepared from.
    ConversationChanged,
    /// Nothing was sent: before a retry, the conversation was gone.
    NoConversation,
    /// SES may have accepted it or not.
    Unknown(Fault),
}

impl SendTranscript {
    /// Step 3: sends the mail, and once more if SES throttled the first attempt.
    ///
    /// The reservation has just checked what the mail was prepared from, so the first attempt needs
    /// no check of its own. The second one does.
    pub(crate) async fn deliver(
        &self,
        call: &HttpRequest,
        request: &TranscriptRequest,
        letter: PreparedEmail,
    ) -> Delivery {
        let PreparedEmail {
            item,
            mail,
            prepared_from,
        } = letter;
        let email = match self.mailer.email(request, &item, mail) {
            Ok(email) => email,
            Err(fault) => return Delivery::NothingSent(fault),
        };
        if call.time_left() < SEND_BUDGET {
            return Delivery::NothingSent(too_late());
        }
        let first = self.mailer.send(&email).await;
        let Sending::Throttled(throttled) = first else {
            return first.into();
        };
        tokio::time::sleep(PAUSE_AFTER_THROTTLING).await;
        match get_conversation(&self.table, request.conversation_ref()).await {
            Ok(None) => return Delivery::NoConversation,
            Ok(Some(conversation)) if !prepared_from.holds(&conversation) => {
                return Delivery::ConversationChanged;
            }
            Ok(Some(_)) => {}
            Err(fault) => return Delivery::NothingSent(fault),
        }
        if call.time_left() < SEND_BUDGET {
            return Delivery::NothingSent(throttled);
        }
        self.mailer.send(&email).await.into()
    }
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

/// The fault of a request that has too little time left to send.
pub(crate) fn too_late() -> Fault {
    Fault::other(FaultCode::TimedOut, "too little time left to send")
}
