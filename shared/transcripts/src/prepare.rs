use std::sync::Arc;

use domain::{EmailAddress, InvalidValue, TimeZoneName, TranscriptState};
use dynamodb::{Table, get_unexpired};
use errors::{Failure, Fault, Refusal, RefusalCode};
use futures_util::TryFutureExt;
use settings::Settings;
use settings_cache::SettingsCache;
use store::{
    ConversationSnapshot, EntryItem, QuotaItem, SenderItem, ThreadVersion, TranscriptItem,
    Verification, get_conversation,
};
use transcript_mail::{CardNumbers, MailLanguage, Transcript};

use crate::draft::Draft;
use crate::earlier_request::EarlierRequest;
use crate::limits::conversation_limit;
use crate::public_thread::{public_thread, write_transcript};
use crate::refusals::{
    refuse_conversation, refuse_sender, refuse_until_reset, refuse_without_recipient,
};
use crate::request::{Purpose, TranscriptRequest};
use crate::stack_parameters::StackParameters;

/// The outcome of the first step.
#[derive(Debug)]
pub(crate) enum Prepared {
    /// A transcript that may be sent.
    Draft(Box<Draft>),
    /// The thread may have been read before the latest change of the conversation. Read it again:
    /// it is current if the conversation still has this version.
    ThreadMayBeStale(Option<ThreadVersion>),
    /// An earlier request with the same idempotency key.
    EarlierRequest(EarlierRequest),
}

/// The version that an earlier read of the conversation returned.
#[derive(Debug)]
pub(crate) enum VersionReadBefore {
    /// The conversation was not read before.
    None,
    /// The version of its thread, or `None` if its thread had none.
    Version(Option<ThreadVersion>),
}

/// Why the first step ends before the thread is read completely.
enum Stop {
    EarlierRequest(EarlierRequest),
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// The recipient, and what else a transcript needs besides its messages.
struct Recipient {
    to: EmailAddress,
    time_zone: Option<TimeZoneName>,
    language: MailLanguage,
    own_settings: Arc<Settings>,
    snapshot: ConversationSnapshot,
}

/// Whether the first page of a thread certainly has the conversation's last change.
///
/// Both are read concurrently, so a message may be edited or made private between the two reads.
/// The page is current if it has the conversation's last change. If not, it may be stale, the
/// message may be private, or it may be on a later page. Then the thread is read again.
fn is_current(first_page: Option<&Vec<EntryItem>>, version: Option<&ThreadVersion>) -> bool {
    let Some(version) = version else {
        return true;
    };
    let has_the_change = |item: &EntryItem| {
        item.public_at.as_ref() == Some(&version.message)
            && item.written_by.as_ref() == Some(&version.write)
    };
    version.is_public && first_page.is_some_and(|page| page.iter().any(has_the_change))
}

/// Step 1: reads the current conversation, sender, settings and public thread concurrently, and validates
/// the request.
///
/// If a check that does not need the thread refuses the request, the error is returned at once
/// and the thread is not read further. A burst beyond the limit therefore costs little.
///
/// If `version_read_before` is the current version, the thread is current, because this step reads
/// it after that version was read.
pub(crate) async fn prepare(
    table: &Table,
    stack: &StackParameters,
    settings: &SettingsCache,
    request: &TranscriptRequest,
    version_read_before: &VersionReadBefore,
) -> Result<Prepared, Failure> {
    if request.rating_mail.is_some() {
        return prepare_rating_mail(table, stack, settings, request).await;
    }
    let mut thread = public_thread(table, request);
    let read = tokio::try_join!(
        check(table, stack, settings, request),
        thread.next().err_into()
    );
    let (recipient, first_page) = match read {
        Ok(read) => read,
        Err(Stop::EarlierRequest(earlier_request)) => {
            return Ok(Prepared::EarlierRequest(earlier_request));
        }
        Err(Stop::Failed(failure)) => return Err(failure),
    };
    let Recipient {
        to,
        time_zone,
        language,
        own_settings,
        snapshot,
    } = recipient;
    let version = snapshot.thread_version.clone();
    // A thread that is read after the conversation is at least as new.
    let is_read_after =
        matches!(version_read_before, VersionReadBefore::Version(read) if *read == version);
    if !is_read_after && !is_current(first_page.as_ref(), version.as_ref()) {
        return Ok(Prepared::ThreadMayBeStale(version));
    }
    let code = language.language().as_str();
    let cards = match own_settings.transcripts.redact_card_numbers {
        true => CardNumbers::Masked,
        false => CardNumbers::Shown,
    };
    let mut transcript = Transcript::new(time_zone.as_ref(), language).with_card_numbers(cards);
    if let Some(note) = &request.payload.note {
        transcript = transcript
            .with_note(note)
            .map_err(|_| Fault::internal("a note's template cannot be rendered"))?;
    }
    let transcript = write_transcript(transcript, first_page, thread).await?;
    if transcript.message_count() == 0 {
        return Err(Refusal::new(
            RefusalCode::NothingToSend,
            "The conversation has no public message.",
        )
        .into());
    }
    let item = new_transcript(request, to, code, transcript.message_count());
    Ok(Prepared::Draft(Box::new(Draft {
        item,
        snapshot,
        transcript,
        own_settings,
    })))
}

/// Step 1 of a mail with the faces of a rating request, which contains no thread.
async fn prepare_rating_mail(
    table: &Table,
    stack: &StackParameters,
    settings: &SettingsCache,
    request: &TranscriptRequest,
) -> Result<Prepared, Failure> {
    let recipient = match check(table, stack, settings, request).await {
        Ok(recipient) => recipient,
        Err(Stop::EarlierRequest(earlier_request)) => {
            return Ok(Prepared::EarlierRequest(earlier_request));
        }
        Err(Stop::Failed(failure)) => return Err(failure),
    };
    let code = recipient.language.language().as_str();
    let item = new_transcript(request, recipient.to, code, 0);
    Ok(Prepared::Draft(Box::new(Draft {
        item,
        snapshot: recipient.snapshot,
        transcript: Transcript::new(None, recipient.language),
        own_settings: recipient.own_settings,
    })))
}

/// Reads and checks everything except the thread.
async fn check(
    table: &Table,
    stack: &StackParameters,
    settings: &SettingsCache,
    request: &TranscriptRequest,
) -> Result<Recipient, Stop> {
    let own_settings = settings.read(table, &request.organisation, request.now);
    let (earlier_request, conversation, sender, quota, own_settings) = tokio::try_join!(
        read_earlier_request(table, request),
        get_conversation(table, request.conversation_ref()),
        table.get::<SenderItem>(request.sender_key()),
        table.get::<QuotaItem>(request.conversation_quota()),
        own_settings,
    )?;
    let conversation = conversation.ok_or_else(|| refuse_conversation(request.requested_by))?;
    if let Some(existing) = earlier_request {
        return Err(Stop::EarlierRequest(EarlierRequest::of(request, existing)));
    }
    let to = choose_recipient(
        request.payload.to.as_ref(),
        conversation.visitor_email.as_ref(),
        stack.allows_other_recipients,
    )?
    .ok_or_else(|| refuse_without_recipient(request.requested_by))?;
    if request.rating_request.is_some() {
        check_recipient_is_visitor(&to, conversation.visitor_email.as_ref())?;
    }
    if sender.is_none_or(|sender| sender.verification != Verification::Verified) {
        return Err(refuse_sender(request.requested_by).into());
    }
    // An earlier request under the same idempotency key may have taken the last slot after its
    // transcript was looked up. The reservation detects that.
    let quota = quota.unwrap_or_default();
    if request.purpose == Purpose::Send && quota.has_no_slot_for(&request.id) {
        return Err(refuse_until_reset(conversation_limit(request), request.now).into());
    }
    // The send is refused if the address changes meanwhile.
    let depends_on_visitor_address = request.payload.to.is_none()
        || request.rating_request.is_some()
        || !stack.allows_other_recipients;
    let languages = [&request.payload.language, &conversation.visitor_language];
    let languages = languages.into_iter().flatten();
    let language = MailLanguage::choose(languages, own_settings.default_language())
        .map_err(|_| Fault::internal("the formats of a language are missing"))?;
    // A rule decided from the thread that it read, so the write must not accept a later one.
    let thread_version = match &request.round {
        Some(round) => round.thread_version.clone(),
        None => conversation.thread_version,
    };
    Ok(Recipient {
        to,
        time_zone: conversation.visitor_time_zone,
        language,
        own_settings,
        snapshot: ConversationSnapshot {
            thread_version,
            visitor_email: conversation
                .visitor_email
                .filter(|_| depends_on_visitor_address),
            round: request.round.clone(),
        },
    })
}

async fn read_earlier_request(
    table: &Table,
    request: &TranscriptRequest,
) -> Result<Option<TranscriptItem>, Fault> {
    if !request.is_repeatable() {
        return Ok(None);
    }
    get_unexpired(table, request.transcript_key(), request.now).await
}

/// Returns the address in the request, or else the address of the visitor. `None` if there is none.
fn choose_recipient(
    to: Option<&EmailAddress>,
    visitor: Option<&EmailAddress>,
    allows_others: bool,
) -> Result<Option<EmailAddress>, Refusal> {
    match (to, visitor) {
        (None, visitor) => Ok(visitor.cloned()),
        (Some(to), Some(visitor)) if to.is_same_mailbox(visitor) => Ok(Some(to.clone())),
        (Some(to), _) if allows_others => Ok(Some(to.clone())),
        (Some(_), _) => Err(Refusal::new(
            RefusalCode::InvalidRecipient,
            "to must be the visitor's own address.",
        )
        .with_member("field", "to")),
    }
}

/// Checks that the mail goes to the visitor, because anyone who has the links can answer.
fn check_recipient_is_visitor(
    to: &EmailAddress,
    visitor: Option<&EmailAddress>,
) -> Result<(), Refusal> {
    if visitor.is_some_and(|visitor| visitor.is_same_mailbox(to)) {
        return Ok(());
    }
    let rule = InvalidValue::new("is allowed only if the mail goes to the visitor's own address");
    Err(Refusal::invalid_field("ask_for_rating", &rule))
}

fn new_transcript(
    request: &TranscriptRequest,
    to: EmailAddress,
    language: &str,
    messages: usize,
) -> TranscriptItem {
    TranscriptItem {
        transcript_id: request.id.clone(),
        state: TranscriptState::Reserved,
        to,
        from: request.payload.from.clone(),
        sender_name: request.payload.sender_name.clone(),
        agent: request.agent.clone(),
        language: Some(language.to_owned()),
        message_count: messages as u64,
        attempt: request.attempt.to_string(),
        sent_at: request.now,
        reason: None,
        remaining: None,
        rating_request: None,
        rating_mail_of: request
            .rating_mail
            .as_ref()
            .map(|mail| mail.rating_request_id.clone()),
        payload_fingerprint: request.payload_fingerprint.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transcript_goes_to_the_visitor_unless_another_recipient_is_allowed() {
        let ana = EmailAddress::parse("ana@example.org").unwrap();
        let other = EmailAddress::parse("team@example.com").unwrap();
        for (to, visitor, allows_others, expected) in [
            (None, Some(&ana), false, Ok(Some(&ana))),
            (None, None, true, Ok(None)),
            (Some(&ana), Some(&ana), false, Ok(Some(&ana))),
            (Some(&other), Some(&ana), true, Ok(Some(&other))),
            (Some(&other), Some(&ana), false, Err("invalid_recipient")),
            (Some(&other), None, false, Err("invalid_recipient")),
            (Some(&other), None, true, Ok(Some(&other))),
        ] {
            let chosen = choose_recipient(to, visitor, allows_others);
            let chosen = chosen.as_ref().map(Option::as_ref);
            let chosen = chosen.map_err(|refusal| refusal.code().as_str());
            assert_eq!(chosen, expected, "{to:?} {visitor:?} {allows_others}");
        }
    }

    #[test]
    fn a_mail_with_faces_goes_only_to_the_visitor() {
        let ana = EmailAddress::parse("ana@example.org").unwrap();
        let other = EmailAddress::parse("team@example.com").unwrap();
        assert!(check_recipient_is_visitor(&ana, Some(&ana)).is_ok());
        assert!(check_recipient_is_visitor(&other, Some(&ana)).is_err());
        assert!(check_recipient_is_visitor(&ana, None).is_err());
    }
}
