use std::cmp::Reverse;

use domain::{EmailAddress, SenderAddress, SenderName, Timestamp, TranscriptId, TranscriptState};
use dynamodb::{Table, exclude_expired};
use errors::Fault;
use lambda::http::ResponseBudget;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use store::{TranscriptItem, key};

use crate::reading::Reading;

/// The maximum size of the transcripts in Lambda's response, in bytes. More than 250 of the longest
/// fit.
const TRANSCRIPTS_BYTES: usize = 400_000;

/// A number of transcripts that never fits, because each takes more than 200 bytes.
const CANDIDATES: usize = 2_000;

/// The newest transcripts of a conversation, oldest first.
#[derive(Debug)]
pub(crate) struct NewestTranscripts {
    /// The transcripts in the format of the response.
    pub(crate) transcripts: Vec<Box<RawValue>>,
    /// Whether there are older ones that do not fit.
    pub(crate) has_more: bool,
}

/// A transcript in the format of the response.
#[derive(Serialize)]
struct TranscriptBody {
    id: TranscriptId,
    to: EmailAddress,
    from: SenderAddress,
    sender_name: SenderName,
    language: String,
    state: TranscriptState,
    sent_at: Timestamp,
    message_count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl From<TranscriptItem> for TranscriptBody {
    fn from(transcript: TranscriptItem) -> Self {
        Self {
            language: transcript.language_code().to_owned(),
            id: transcript.transcript_id,
            to: transcript.to,
            from: transcript.from,
            sender_name: transcript.sender_name,
            state: transcript.state,
            sent_at: transcript.sent_at,
            message_count: transcript.message_count,
            reason: transcript.reason,
        }
    }
}

/// Reads all transcripts, because their keys do not show which are the newest. Keeps as many as
/// fit.
pub(crate) async fn read_transcripts(
    table: &Table,
    reading: &Reading,
) -> Result<NewestTranscripts, Fault> {
    let query = table.query(reading.partition(), key::TRANSCRIPTS);
    let mut pages = table.pages::<TranscriptItem>(exclude_expired(query, reading.now));
    let mut newest = Vec::new();
    let mut has_more = false;
    while let Some(page) = pages.next().await? {
        newest.extend(page.into_iter().filter(|it| it.rating_mail_of.is_none()));
        newest.sort_by_cached_key(|it| Reverse((it.sent_at, it.transcript_id.clone())));
        has_more |= newest.len() > CANDIDATES;
        newest.truncate(CANDIDATES);
    }
    let mut budget = ResponseBudget::of_part(TRANSCRIPTS_BYTES);
    let mut transcripts = Vec::new();
    for transcript in newest {
        let body = to_raw_value(&TranscriptBody::from(transcript))
            .map_err(|_| Fault::internal("a transcript cannot be serialized as JSON"))?;
        if !budget.take(body.get()) {
            has_more = true;
            break;
        }
        transcripts.push(body);
    }
    transcripts.reverse();
    Ok(NewestTranscripts {
        transcripts,
        has_more,
    })
}
