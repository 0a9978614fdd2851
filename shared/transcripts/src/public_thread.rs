use domain::PublicMessage;
use dynamodb::{Pages, Table, exclude_expired, string};
use errors::{Failure, Fault, Refusal, RefusalCode};
use futures_util::TryFutureExt;
use store::{EntryItem, PUBLIC_THREAD_INDEX, ThreadSorter, key};
use tokio::task::yield_now;
use transcript_mail::Transcript;

use crate::request::TranscriptRequest;

/// The largest mail that SES accepts: 40 MB as transferred, attachments included.
const MAXIMUM_MAIL_BYTES: usize = 40_000_000;

/// Queries the public entries. The index contains nothing else.
pub(crate) fn public_thread<'a>(
    table: &'a Table,
    request: &TranscriptRequest,
) -> Pages<'a, EntryItem> {
    let partition = key::conversation_partition(&request.organisation, &request.conversation);
    let query = table
        .new_query()
        .index_name(PUBLIC_THREAD_INDEX)
        .consistent_read(true)
        .key_condition_expression("pk = :pk")
        .expression_attribute_values(":pk", string(partition));
    table.pages(exclude_expired(query, request.now))
}

/// Adds the messages of a thread to `transcript` page by page, and reads the next page meanwhile. At most two
/// pages and the messages of one timestamp are in memory.
pub(crate) async fn write_transcript(
    mut transcript: Transcript,
    first_page: Option<Vec<EntryItem>>,
    mut thread: Pages<'_, EntryItem>,
) -> Result<Transcript, Failure> {
    let mut sorter = ThreadSorter::default();
    let mut page = first_page;
    while let Some(entries) = page {
        let writing = async {
            // Send the request for the next page first.
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
            .map_err(|_| Fault::internal("a message's template cannot be rendered"))?;
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
