use domain::{ClockHour, Timestamp};
use errors::{RateLimit, Refusal, RefusalCode};

pub(crate) fn refuse_sender() -> Refusal {
    Refusal::new(
        RefusalCode::SenderNotVerified,
        "from must be one of the organisation's verified senders.",
    )
    .with_member("field", "from")
}

pub(crate) fn refuse_until_reset(limit: RateLimit, now: Timestamp) -> Refusal {
    let resets_at = ClockHour::of(now).resets_at();
    Refusal::new(
        RefusalCode::TranscriptLimitReached,
        format!(
            "At most {} transcripts may be sent in this hour.",
            limit.quota
        ),
    )
    .with_member("resets_at", resets_at)
    .with_rate_limit(&limit, now, resets_at)
}
