use domain::{RatingRequestId, TranscriptState};
use dynamodb::{Table, TransactOutcome, get_unexpired};
use errors::Fault;
use lambda::metrics::{self, Counter};
use store::{
    AcceptedTranscript, QuotaItem, RatingRequestInMail, RatingRequestItem, RatingRequestSummary,
    TranscriptItem, key,
};

use crate::delivery_event::DeliveryEvent;
use crate::step::{Step, explain_refused};

/// Records that the transcript was sent. Any event of the mail proves it. This repairs a
/// transcript whose sender crashed before recording the send, or did not receive the response
/// of SES.
pub(crate) async fn backfill_sent(
    table: &Table,
    delivery: &DeliveryEvent,
    transcript: TranscriptItem,
) -> Result<Step, Fault> {
    let from = transcript.state;
    let (remaining, rating_request) = tokio::try_join!(
        count_remaining(table, delivery, &transcript),
        find_rating_request(table, delivery),
    )?;
    let sent = TranscriptItem {
        state: TranscriptState::Sent,
        remaining: Some(remaining),
        rating_request: transcript.rating_request.clone().or(rating_request),
        ..transcript
    };
    let accepted = AcceptedTranscript {
        conversation: delivery.conversation_ref(),
        transcript: &sent,
    };
    match accepted.record_sent(table, from).await? {
        TransactOutcome::Committed => {
            metrics::count(Counter::Sent);
            Ok(Step::Written(Box::new(sent)))
        }
        TransactOutcome::Refused(refused) => {
            let [transcript, _event] = refused.others;
            explain_refused(table, refused.conversation, transcript, delivery.now).await
        }
        TransactOutcome::Unknown(fault) => Err(fault),
    }
}

/// Returns how many slots of the hour are left, as the value for a retry of the request. The
/// sender did not record the number at the time of the send, so it is the current number.
async fn count_remaining(
    table: &Table,
    delivery: &DeliveryEvent,
    transcript: &TranscriptItem,
) -> Result<u32, Fault> {
    let key = key::conversation_quota(
        &delivery.organisation,
        &delivery.conversation,
        transcript.hour(),
    );
    let quota = table.get::<QuotaItem>(key).await?;
    Ok(quota.unwrap_or_default().remaining())
}

/// Reads the rating request beneath the transcript, if one was created.
async fn find_rating_request(
    table: &Table,
    delivery: &DeliveryEvent,
) -> Result<Option<RatingRequestInMail>, Fault> {
    let id = RatingRequestId::for_transcript(&delivery.transcript);
    let key = key::rating_request(&delivery.organisation, &delivery.conversation, &id);
    let request = get_unexpired::<RatingRequestItem>(table, key, delivery.now).await?;
    Ok(request.map(|request| {
        let conversation = delivery.conversation.clone();
        RatingRequestInMail::Created(RatingRequestSummary::new(conversation, &request))
    }))
}
