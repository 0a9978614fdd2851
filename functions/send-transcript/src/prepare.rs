use domain::{EmailAddress, InvalidValue, PublicMessage, TimeZoneName, TranscriptState};
use dynamodb::{Pages, exclude_expired, get_unexpired, string};
use errors::{Failure, Fault, Refusal, RefusalCode};
use futures_util::TryFutureExt;
use store::{
    EntryItem, PUBLIC_THREAD_INDEX, PreparedFrom, QuotaItem, SenderItem, ThreadSorter,
    ThreadVersion, TranscriptItem, Verification, get_conversation, key,
};
use tokio::task::yield_now;
use transcript_mail::Transcript;

use crate::request::TranscriptRequest;
use crate::reserve::{PriorAttempt, conversation_limit, explain_same_request};
use crate::{SendTranscript, refuse_sender, refuse_until_reset};

/// How large a mail SES takes: 40 MB, attachments included, as it goes over the wire.
const MAXIMUM_MAIL_BYTES: usize = 40_000_000;

/// What the first step finds.
#[derive(Debug)]
pub(crate) enum Prepared {
    /// A transcript that may be sent.
    Draft(Box<Draft>),
    /// The thread that was read may be older than the conversation. It is as new if it is read again
    /// and the conversation still has this version.
    ThreadIsOlder(Option<ThreadVersion>),
    /// An earlier request with the same idempotency key.
    PriorAttempt(PriorAttempt),
}

/// Why the first step ends before the thread is read.
enum Stop {
    PriorAttempt(PriorAttempt),
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// What a transcript needs beside its messages.
struct Recipient {
    to: EmailAddress,
    time_zone: Option<TimeZoneName>,
    prepared_from: PreparedFrom,
}

/// Whether the first page of a thread is as new as the conversation that was read beside it.
///
/// Both are read at once, so a message may be edited or made private between the two reads. The
/// conversation names its last change of the thread and a message of it: a page that was read before
/// that does not show the message as the change left it. If nothing shows it, because a message was
/// made private or is on a later page, the page is not known to be as new. Later pages are read after
/// the conversation.
fn is_as_new(first_page: Option<&Vec<EntryItem>>, version: Option<&ThreadVersion>) -> bool {
    let Some(version) = version else {
        return true;
    };
    let shows_write = |item: &EntryItem| {
        item.public_at.as_ref() == Some(&version.message)
            && item.written_by.as_ref() == Some(&version.write)
    };
    version.is_public && first_page.is_some_and(|page| page.iter().any(shows_write))
}

/// A transcript that may be sent.
#[derive(Debug)]
pub(crate) struct Draft {
    /// As it is reserved.
    pub(crate) item: TranscriptItem,
    /// What must not have changed when it is sent.
    pub(crate) prepared_from: PreparedFrom,
    /// As it is mailed, but for what stands around its messages.
    pub(crate) transcript: Transcript,
}

impl SendTranscript {
    /// Step 1: reads conversation, sender and public thread side by side, as they stand now, and
    /// validates the request by them.
    ///
    /// What can refuse the request without its thread does so at once, and the thread is read no
    /// further: a burst beyond the limit costs little.
    ///
    /// `known` is the version of the thread that an earlier read of the conversation found, if any.
    pub(crate) async fn prepare(
        &self,
        request: &TranscriptRequest,
        known: Option<&Option<ThreadVersion>>,
    ) -> Result<Prepared, Failure> {
        let mut thread = self.public_thread(request);
        let read = tokio::try_join!(self.check(request), thread.next().err_into());
        let (addressing, first_page) = match read {
            Ok(read) => read,
            Err(Stop::PriorAttempt(earlier)) => return Ok(Prepared::PriorAttempt(earlier)),
            Err(Stop::Failed(failure)) => return Err(failure),
        };
        let Recipient {
            to,
            time_zone,
            prepared_from,
        } = addressing;
        let version = prepared_from.thread_version.clone();
        // A thread that is read after the conversation is at least as new.
        if known != Some(&version) && !is_as_new(first_page.as_ref(), version.as_ref()) {
            return Ok(Prepared::ThreadIsOlder(version));
        }
        let time_zone = time_zone.as_ref();
        let transcript = write_transcript(time_zone, first_page, thread).await?;
        if transcript.message_count() == 0 {
            return Err(Refusal::new(
                RefusalCode::NothingToSend,
                "The conversation has no public message.",
            )
            .into());
        }
        let item = new_transcript(request, to, transcript.message_count());
        Ok(Prepared::Draft(Box::new(Draft {
            item,
            prepared_from,
            transcript,
        })))
    }

    /// Everything that is read but the thread.
    async fn check(&self, request: &TranscriptRequest) -> Result<Recipient, Stop> {
        let (same_request, conversation, sender, quota) = tokio::try_join!(
            self.read_same_request(request),
            get_conversation(&self.table, request.conversation_ref()),
            self.table.get::<SenderItem>(request.sender_key()),
            self.table.get::<QuotaItem>(request.conversation_quota()),
        )?;
        let conversation = conversation.ok_or_else(Refusal::conversation_not_found)?;
        if let Some(stands) = same_request {
            return Err(Stop::PriorAttempt(explain_same_request(request, stands)));
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
        let goes_to_visitor_only = request.payload.to.is_none()
            || request.asking.is_some()
            || !self.settings.allows_other_recipients;
        Ok(Recipient {
            to,
            time_zone: conversation.visitor_time_zone,
            prepared_from: PreparedFrom {
                thread_version: conversation.thread_version,
                visitor_email: conversation.visitor_email.filter(|_| goes_to_visitor_only),
            },
        })
    }

    async fn read_same_request(
        &self,
        request: &TranscriptRequest,
    ) -> Result<Option<TranscriptItem>, Fault> {
        if !request.is_repeatable() {
            return Ok(None);
        }
        get_unexpired(&self.table, request.transcript_key(), request.now).await
    }

    /// The public entries, from the index that holds them and nothing else.
    fn public_thread(&self, request: &TranscriptRequest) -> Pages<'_, EntryItem> {
        let partition = key::conversation_partition(&request.organisation, &request.conversation);
        let query = self
            .table
            .new_query()
            .index_name(PUBLIC_THREAD_INDEX)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", string(partition));
        self.table.pages(exclude_expired(query, request.now))
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

/// Writes down the messages of a thread page by page, and reads the next page meanwhile: of the
/// thread no more than two pages and the messages of one time are kept.
async fn write_transcript(
    time_zone: Option<&TimeZoneName>,
    first_page: Option<Vec<EntryItem>>,
    mut thread: Pages<'_, EntryItem>,
) -> Result<Transcript, Failure> {
    let mut transcript = Transcript::new(time_zone);
    let mut sorter = ThreadSorter::default();
    let mut page = first_page;
    while let Some(entries) = page {
        let writing = async {
            // The request for the next page goes out first.
            yield_now().await;
            add_messages(&mut transcript, sorter.push(entries))
        };
        (page, ()) = tokio::try_join!(thread.next().err_into(), writing)?;
    }
    add_messages(&mut transcript, sorter.finish())?;
    Ok(transcript)
}

fn add_messages(transcript: &mut Transcript, entries: Vec<EntryItem>) -> Result<(), Failure> {
    let messages = entries
        .into_iter()
        .filter_map(|item| PublicMessage::from_entry(item.entry));
    for message in messages {
        transcript
            .add(message)
            .map_err(|_| Fault::internal("a message's template cannot be written out"))?;
    }
    if transcript.largest_size() > MAXIMUM_MAIL_BYTES {
        return Err(Refusal::new(
            RefusalCode::TranscriptTooLarge,
            "The mail would be larger than 40 MB.",
        )
        .into());
    }
    Ok(())
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
