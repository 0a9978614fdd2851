use domain::TranscriptState;
use dynamodb::{Table, get_unexpired};
use errors::Fault;
use lambda::events::EventOutcome;
use store::TranscriptItem;

use crate::advance::advance;
use crate::backfill::backfill_sent;
use crate::delivery_event::DeliveryEvent;
use crate::step::Step;

/// Records the state of `delivery`, if it is new.
///
/// The condition of each write is that the transcript is still in the state that was read.
/// States only increase in rank, so the loop ends.
pub(crate) async fn record(table: &Table, delivery: &DeliveryEvent) -> Result<EventOutcome, Fault> {
    let wanted = delivery.update.state;
    let Some(mut existing) =
        get_unexpired::<TranscriptItem>(table, delivery.key(), delivery.now).await?
    else {
        return Ok(EventOutcome::dropped("no_such_transcript").about(&delivery.transcript));
    };
    let mut written = None;
    for _ in TranscriptState::ALL {
        let before = existing.state;
        let step = if !before.is_accepted() {
            backfill_sent(table, delivery, existing).await?
        } else if before < wanted {
            advance(table, delivery, existing).await?
        } else {
            let outcome = match written {
                Some(state) => EventOutcome::applied(TranscriptState::as_str(state)),
                None => EventOutcome::unchanged(before.as_str()),
            };
            return Ok(outcome.about(&delivery.transcript));
        };
        existing = match step {
            Step::Written(transcript) => {
                written = Some(transcript.state);
                *transcript
            }
            Step::Overtaken(transcript) => *transcript,
            Step::Gone => {
                return Ok(EventOutcome::dropped("erased").about(&delivery.transcript));
            }
        };
    }
    Err(Fault::contended(
        "other writes kept changing the state of a transcript",
    ))
}
