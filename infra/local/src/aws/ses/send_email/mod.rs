//! The operation `SendEmail`, with the checks that SES makes before it accepts a mail.

mod content;
mod headers;
mod request;

use std::collections::BTreeMap;

use self::content::{attachment, body, subject};
use self::headers::{check_configuration_set, check_tags, custom_headers};
pub(super) use self::request::SendEmailRequest;
use self::request::{Destination, Simple};
use crate::aws::ses::error::SesError;
use crate::aws::ses::mailbox::{Address, Mailbox};
use crate::aws::ses::outbox::Message;

const RECIPIENT_LIMIT: usize = 50;
const MESSAGE_LIMIT: usize = 40 * 1024 * 1024;
const ADDRESS_LENGTH_LIMIT: usize = 320;

/// The mail, and the addresses that SES compares with its identities.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) from: Address,
    pub(super) recipients: Vec<Address>,
    pub(super) message: Message,
}

/// The recipients of a mail.
struct Recipients {
    to: Vec<Mailbox>,
    cc: Vec<Mailbox>,
    bcc: Vec<Mailbox>,
}

impl SendEmailRequest {
    /// The mail, if the request is valid on its own.
    pub(super) fn checked(self) -> Result<Checked, SesError> {
        let Some(simple) = self.content.simple.as_ref() else {
            return Err(SesError::bad_request(
                "This emulator supports only simple content.",
            ));
        };
        let from = mailbox(&self.from_email_address)?;
        let recipients = Recipients::of(&self.destination)?;
        mailboxes(&self.reply_to_addresses)?;
        check_tags(&self.email_tags)?;
        check_configuration_set(self.configuration_set_name.as_deref())?;

        let headers = self.headers(simple)?;
        let message = message(&from, &recipients, headers, simple)?;
        check_size(&message)?;
        Ok(Checked {
            from: from.address,
            recipients: recipients.addresses(),
            message,
        })
    }

    /// The custom headers, and those that SES derives from the request.
    fn headers(&self, simple: &Simple) -> Result<BTreeMap<String, String>, SesError> {
        let mut headers = custom_headers(&simple.headers)?;
        let mut add = |name: &str, value: String| {
            if !value.is_empty() {
                headers.insert(name.to_owned(), value);
            }
        };
        add("From", self.from_email_address.clone());
        add("To", self.destination.to_addresses.join(", "));
        add("Cc", self.destination.cc_addresses.join(", "));
        add("Reply-To", self.reply_to_addresses.join(", "));
        add("Subject", simple.subject.data.clone());
        add(
            "X-SES-CONFIGURATION-SET",
            self.configuration_set_name.clone().unwrap_or_default(),
        );
        let tags = self
            .email_tags
            .iter()
            .map(|tag| format!("{}={}", tag.name, tag.value));
        add("X-SES-MESSAGE-TAGS", tags.collect::<Vec<_>>().join(", "));
        Ok(headers)
    }
}

impl Recipients {
    fn of(destination: &Destination) -> Result<Self, SesError> {
        let Destination {
            to_addresses,
            cc_addresses,
            bcc_addresses,
        } = destination;
        let count = to_addresses.len() + cc_addresses.len() + bcc_addresses.len();
        if count == 0 {
            return Err(SesError::bad_request(
                "There must be at least one recipient.",
            ));
        }
        if count > RECIPIENT_LIMIT {
            return Err(SesError::message_rejected(format!(
                "Recipient count exceeds {RECIPIENT_LIMIT}."
            )));
        }
        Ok(Self {
            to: mailboxes(to_addresses)?,
            cc: mailboxes(cc_addresses)?,
            bcc: mailboxes(bcc_addresses)?,
        })
    }

    /// The recipients that a reader of the mail sees.
    fn visible(&self) -> Vec<String> {
        let visible = self.to.iter().chain(&self.cc);
        visible.map(ToString::to_string).collect()
    }

    fn addresses(self) -> Vec<Address> {
        let all = self.to.into_iter().chain(self.cc).chain(self.bcc);
        all.map(|mailbox| mailbox.address).collect()
    }
}

fn message(
    from: &Mailbox,
    recipients: &Recipients,
    headers: BTreeMap<String, String>,
    simple: &Simple,
) -> Result<Message, SesError> {
    let subject = subject(&simple.subject)?;
    let text = simple.body.text.as_ref().map(body).transpose()?;
    let html = simple.body.html.as_ref().map(body).transpose()?;
    if text.is_none() && html.is_none() {
        return Err(SesError::bad_request(
            "The body needs a text or an HTML part.",
        ));
    }
    let attachments = simple.attachments.iter().map(attachment);
    Ok(Message {
        from: from.to_string(),
        to: recipients.visible(),
        subject,
        text,
        html,
        headers,
        attachments: attachments.collect::<Result<_, _>>()?,
    })
}

fn check_size(message: &Message) -> Result<(), SesError> {
    let attached = message.attachments.iter().map(|file| file.base64.len());
    let parts = [&message.text, &message.html].into_iter().flatten();
    let bytes = attached.sum::<usize>() + parts.map(String::len).sum::<usize>();
    if bytes > MESSAGE_LIMIT {
        return Err(SesError::message_rejected(format!(
            "Message length is more than {MESSAGE_LIMIT} bytes long: '{bytes}'."
        )));
    }
    Ok(())
}

fn mailbox(text: &str) -> Result<Mailbox, SesError> {
    if text.len() > ADDRESS_LENGTH_LIMIT {
        return Err(SesError::bad_request(format!(
            "Address length is more than {ADDRESS_LENGTH_LIMIT} bytes long: '{text}'."
        )));
    }
    Mailbox::parse(text).map_err(SesError::bad_request)
}

fn mailboxes(texts: &[String]) -> Result<Vec<Mailbox>, SesError> {
    texts.iter().map(|text| mailbox(text)).collect()
}

#[cfg(test)]
mod tests;
