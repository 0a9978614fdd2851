use futures_util::TryFutureExt;
use shared::api::{Failure, Refusal, RefusalCode};
use shared::domain::{
    EmailAddress, InvalidValue, MailLinkToken, PublicMessage, TimeZoneName, TranscriptState,
};
use shared::fault::Fault;
use shared::table::{
    EntryItem, Key, MailLink, PUBLIC_THREAD_INDEX, QuotaItem, SenderItem, TranscriptItem,
    Verification, alive, string,
};

use crate::mail::{self, RatingLinks, TranscriptMail};
use crate::request::{Asking, TranscriptRequest};
use crate::reserve::{Earlier, conversation_limit, explain_same_request};
use crate::settings::PublicUrl;
use crate::{SendTranscript, refuse_sender, refuse_until_reset};

/// How large a mail SES takes: 40 MB, attachments included, as it goes over the wire.
const MAXIMUM_MAIL_BYTES: usize = 40_000_000;

/// What the first step finds.
#[derive(Debug)]
pub(crate) enum Prepared {
    /// A transcript that may be sent.
    Draft(Box<Draft>),
    /// An earlier request with the same idempotency key.
    Earlier(Earlier),
}

/// Why the first step ends before the thread is read.
enum Stop {
    Earlier(Earlier),
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// What a transcript needs beside its messages.
struct Addressing {
    to: EmailAddress,
    time_zone: Option<TimeZoneName>,
}

/// A transcript that may be sent.
#[derive(Debug)]
pub(crate) struct Draft {
    /// As it is reserved.
    pub(crate) transcript: TranscriptItem,
    /// As it is mailed.
    pub(crate) mail: TranscriptMail,
    messages: Vec<PublicMessage>,
    time_zone: Option<TimeZoneName>,
}

impl SendTranscript {
    /// Step 1: reads conversation, sender and public thread side by side, as they stand now, and
    /// validates the request by them.
    ///
    /// What can refuse the request without its thread does so at once, and the thread is read no
    /// further: a burst beyond the limit costs little.
    pub(crate) async fn prepare(&self, request: &TranscriptRequest) -> Result<Prepared, Failure> {
        let read = tokio::try_join!(
            self.check(request),
            self.read_public_messages(request).err_into(),
        );
        match read {
            Ok((addressing, messages)) => self
                .draft(request, addressing, messages)
                .map(|draft| Prepared::Draft(Box::new(draft))),
            Err(Stop::Earlier(earlier)) => Ok(Prepared::Earlier(earlier)),
            Err(Stop::Failed(failure)) => Err(failure),
        }
    }

    /// Everything that is read but the thread.
    async fn check(&self, request: &TranscriptRequest) -> Result<Addressing, Stop> {
        let (same_request, conversation, sender, quota) = tokio::try_join!(
            self.read_same_request(request),
            self.table.get_conversation(request.at()),
            self.table.get::<SenderItem>(request.sender_key()),
            self.table.get::<QuotaItem>(request.conversation_quota()),
        )?;
        let conversation = conversation.ok_or_else(Refusal::conversation_not_found)?;
        if let Some(stands) = same_request {
            return Err(Stop::Earlier(explain_same_request(request, stands)));
        }
        let to = self.recipient(request, conversation.visitor_email.as_ref())?;
        if request.asking.is_some() {
            check_asks_the_visitor(&to, conversation.visitor_email.as_ref())?;
        }
        if sender.is_none_or(|sender| sender.verification != Verification::Verified) {
            return Err(refuse_sender().into());
        }
        // A repeat under the same idempotency key may have taken the last slot since its transcript
        // was looked for: reserving finds it.
        let quota = quota.unwrap_or_default();
        if quota.is_used_up() && !quota.ids.contains(&request.id) {
            return Err(refuse_until_reset(conversation_limit(), request.now).into());
        }
        Ok(Addressing {
            to,
            time_zone: conversation.visitor_time_zone,
        })
    }

    fn draft(
        &self,
        request: &TranscriptRequest,
        addressing: Addressing,
        messages: Vec<PublicMessage>,
    ) -> Result<Draft, Failure> {
        if messages.is_empty() {
            return Err(Refusal::new(
                RefusalCode::NothingToSend,
                "The conversation has no public message.",
            )
            .into());
        }
        let time_zone = addressing.time_zone;
        let asking = request.asking.as_ref();
        let links = asking.and_then(|asking| self.links(request, asking, &asking.link));
        let mail = self.write_mail(&messages, time_zone.as_ref(), links.as_ref())?;
        if largest_size(&mail) > MAXIMUM_MAIL_BYTES {
            return Err(Refusal::new(
                RefusalCode::TranscriptTooLarge,
                "The mail would be larger than 40 MB.",
            )
            .into());
        }
        let transcript = new_transcript(request, addressing.to, messages.len());
        Ok(Draft {
            transcript,
            mail,
            messages,
            time_zone,
        })
    }

    /// The same draft with the faces that lead with `link`, or with none.
    pub(crate) fn redraft(
        &self,
        request: &TranscriptRequest,
        draft: &mut Draft,
        link: Option<&MailLink>,
    ) -> Result<(), Fault> {
        let links = request
            .asking
            .as_ref()
            .zip(link)
            .and_then(|(asking, link)| self.links(request, asking, link));
        draft.mail = self.write_mail(&draft.messages, draft.time_zone.as_ref(), links.as_ref())?;
        Ok(())
    }

    fn write_mail(
        &self,
        messages: &[PublicMessage],
        time_zone: Option<&TimeZoneName>,
        links: Option<&RatingLinks>,
    ) -> Result<TranscriptMail, Fault> {
        mail::render(messages, &self.settings.letterhead, time_zone, links)
            .map_err(|_| Fault::internal("the mail's template cannot be written out"))
    }

    /// Where the faces lead: the page of the parameter's address, or where the request came to.
    fn links(
        &self,
        request: &TranscriptRequest,
        asking: &Asking,
        link: &MailLink,
    ) -> Option<RatingLinks> {
        let token = MailLinkToken {
            organisation: request.organisation.clone(),
            conversation: request.conversation.clone(),
            request: asking.request_id.clone(),
            secret: link.secret.clone(),
        };
        let configured = self.settings.public_url.as_ref().map(PublicUrl::as_str);
        configured
            .or(asking.origin.as_deref())
            .map(|origin| RatingLinks::new(origin, &token))
    }

    async fn read_same_request(
        &self,
        request: &TranscriptRequest,
    ) -> Result<Option<TranscriptItem>, Fault> {
        if !request.is_repeatable() {
            return Ok(None);
        }
        self.table
            .get_kept(request.transcript_key(), request.now)
            .await
    }

    /// Reads the public messages from the index that holds public entries and nothing else.
    async fn read_public_messages(
        &self,
        request: &TranscriptRequest,
    ) -> Result<Vec<PublicMessage>, Fault> {
        let partition = Key::conversation_partition(&request.organisation, &request.conversation);
        let query = self
            .table
            .client()
            .query()
            .table_name(self.table.name())
            .index_name(PUBLIC_THREAD_INDEX)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", string(partition));
        let query = alive(query, request.now);
        let entries = self.table.read_all::<EntryItem>(query).await?;
        Ok(entries
            .into_iter()
            .filter_map(|item| PublicMessage::from_entry(item.entry))
            .collect())
    }

    /// To whom it goes: whom the request names, or else the visitor.
    fn recipient(
        &self,
        request: &TranscriptRequest,
        visitor: Option<&EmailAddress>,
    ) -> Result<EmailAddress, Refusal> {
        match (&request.payload.to, visitor) {
            (None, Some(visitor)) => Ok(visitor.clone()),
            (None, None) => Err(Refusal::new(
                RefusalCode::RecipientRequired,
                "to is needed: the visitor's address is not known.",
            )
            .with_member("field", "to")),
            (Some(to), Some(visitor)) if to.is_same_mailbox(visitor) => Ok(to.clone()),
            (Some(to), _) if self.settings.allows_other_recipients => Ok(to.clone()),
            (Some(_), _) => Err(Refusal::new(
                RefusalCode::InvalidRecipient,
                "to must be the visitor's own address.",
            )
            .with_member("field", "to")),
        }
    }
}

/// Only the visitor is asked: whoever has the links may answer.
fn check_asks_the_visitor(
    to: &EmailAddress,
    visitor: Option<&EmailAddress>,
) -> Result<(), Refusal> {
    if visitor.is_some_and(|visitor| visitor.is_same_mailbox(to)) {
        return Ok(());
    }
    let rule =
        InvalidValue::new("is possible only where the mail goes to the visitor's own address");
    Err(Refusal::invalid_field("ask_for_rating", &rule))
}

fn new_transcript(
    request: &TranscriptRequest,
    to: EmailAddress,
    messages: usize,
) -> TranscriptItem {
    TranscriptItem {
        transcript_id: request.id.clone(),
        state: TranscriptState::Reserved,
        to,
        from: request.payload.from.clone(),
        sender_name: request.payload.sender_name.clone(),
        agent: request.agent.clone(),
        message_count: messages as u64,
        attempt: request.attempt.to_string(),
        sent_at: request.now,
        reason: None,
        remaining: None,
        rating_request: None,
        payload_fingerprint: request.payload_fingerprint.clone(),
    }
}

/// The most that a mail can grow to on its way: three bytes for each of a part's in
/// quoted-printable, four for each three of an attachment's in base64 with line ends.
fn largest_size(mail: &TranscriptMail) -> usize {
    let parts = mail.text.len() + mail.html.len();
    let attachment = mail
        .attachment
        .as_ref()
        .map_or(0, |file| file.content.len());
    parts * 3 + attachment * 7 / 5
}
