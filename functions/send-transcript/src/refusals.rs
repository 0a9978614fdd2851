use domain::{ClockHour, Timestamp};
use errors::{Refusal, RefusalCode};

use crate::limits::HourlyLimit;

pub(crate) fn refuse_sender() -> Refusal {
    Refusal::new(
        RefusalCode::SenderNotVerified,
        "from must be one of the organisation's verified senders.",
    )
    .with_member("field", "from")
}

pub(crate) fn refuse_until_reset(limit: HourlyLimit, now: Timestamp) -> Refusal {
    let resets_at = ClockHour::of(now).resets_at();
    Refusal::new(RefusalCode::TranscriptLimitReached, limit.detail)
        .with_member("resets_at", resets_at)
        .with_rate_limit(&limit.rate, now, resets_at)
}
