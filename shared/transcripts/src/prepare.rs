use domain::{EmailAddress, TranscriptState};
use dynamodb::Table;
use errors::{Failure, Fault, Refusal, RefusalCode};
use futures_util::TryFutureExt;
use settings_cache::SettingsCache;
use store::{EntryItem, ThreadVersion, TranscriptItem};
use transcript_mail::{CardNumbers, Transcript};

use crate::check::{Recipient, Stop, check};
use crate::draft::Draft;
use crate::earlier_request::EarlierRequest;
use crate::public_thread::{public_thread, write_transcript};
use crate::request::TranscriptRequest;
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

/// Step 2: reads the current conversation, sender, settings and public thread concurrently, and validates
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

/// Step 2 of a mail with the faces of a rating request, which contains no thread.
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
