//! Mails the public messages of a conversation: the steps that the transcripts of agents, visitors and
//! rules share.
//!
//! SES has no idempotency. The order of the steps prevents a second mail and a lost slot:
//! 1. Record the conversation as it is on its chat platform, if it belongs to one.
//! 2. Read and validate.
//! 3. Reserve the slot, and write the transcript in the state `reserved`.
//! 4. Create the rating request, if the caller asked for one, and finish the mail.
//! 5. Send. If SES throttles the call, nothing was sent, and the call is repeated once.
//! 6. Record the outcome.

mod automatic_sender;
mod check;
mod draft;
mod earlier_request;
mod finish;
mod limits;
mod mailer;
mod prepare;
mod public_thread;
mod rating_mail;
mod rating_request;
mod record;
mod refusals;
mod release;
mod request;
mod reserve;
#[cfg(test)]
mod samples;
mod send;
mod sender;
mod stack_parameters;

pub use automatic_sender::AutomaticSender;
pub use finish::FinishedMail;
pub use request::{
    Payload, Purpose, RatingMail, RatingRequestParameters, RequestedBy, TranscriptRequest,
};
pub use sender::{NotSent, SentTranscript, TranscriptSender};
