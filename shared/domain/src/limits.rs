use std::fmt;

use crate::timestamp::Timestamp;

/// How long an agent's cooldown in one conversation is: 7 days of 24 hours.
pub const ASK_INTERVAL_SECONDS: i64 = 7 * 24 * 60 * 60;

/// How long a visitor may change a rating, from the first answer on: 24 hours.
pub const CHANGE_WINDOW_SECONDS: i64 = 24 * 60 * 60;

/// How often a visitor may change one rating. Each change is an event in the thread, so without a
/// limit a visitor's token could fill the conversation's partition.
pub const CHANGES_PER_RATING: u32 = 100;

/// How long a link in a mail may answer its rating request: 30 days.
pub const MAIL_LINK_SECONDS: i64 = 30 * 24 * 60 * 60;

/// How far a message's time may be ahead of the server's time: 5 minutes, because clocks differ.
pub const MESSAGE_LEAD_SECONDS: i64 = 5 * 60;

/// How long a reserved transcript may still be in transfer to SES: as long as the gateway waits for
/// the function.
pub const TRANSCRIPT_LEASE_SECONDS: i64 = 30;

/// How many transcripts a conversation may send in one clock hour.
pub const TRANSCRIPTS_PER_CONVERSATION: u32 = 5;

/// How many transcripts visitors may request in one conversation within
/// [`VISITOR_TRANSCRIPTS_WINDOW_SECONDS`].
pub const TRANSCRIPTS_PER_VISITOR: u32 = 5;

/// The window in which transcripts that visitors request are counted: 24 hours.
pub const VISITOR_TRANSCRIPTS_WINDOW_SECONDS: i64 = 24 * 60 * 60;

const HOUR_SECONDS: i64 = 60 * 60;

/// One clock hour in UTC: the window in which transcripts are counted.
///
/// Its text, `2026-01-31T09`, is part of the quota's key, so a new hour begins with a new item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockHour {
    start: Timestamp,
}

impl ClockHour {
    /// The length of the window in seconds.
    pub const LENGTH_SECONDS: i64 = HOUR_SECONDS;

    /// The hour that includes `moment`.
    pub fn of(moment: Timestamp) -> Self {
        let seconds = moment.epoch_seconds();
        Self {
            start: Timestamp::from_epoch_seconds(seconds - seconds.rem_euclid(HOUR_SECONDS))
                .unwrap_or(Timestamp::EPOCH),
        }
    }

    /// When the hour ends and the next begins.
    pub fn resets_at(self) -> Timestamp {
        self.start.plus_seconds(HOUR_SECONDS)
    }

    /// When the hour's items expire, in epoch seconds: a day after its end.
    pub fn expires_at(self) -> i64 {
        self.resets_at()
            .plus_seconds(24 * HOUR_SECONDS)
            .epoch_seconds()
    }
}

impl fmt::Display for ClockHour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.start.to_string();
        f.write_str(text.split(':').next().unwrap_or(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_ends_at_the_next_full_hour() {
        let hour = ClockHour::of(Timestamp::parse("2026-01-31T09:59:59.999Z").unwrap());
        assert_eq!(hour.to_string(), "2026-01-31T09");
        assert_eq!(hour.resets_at().to_string(), "2026-01-31T10:00:00.000Z");
        assert_ne!(hour, ClockHour::of(hour.resets_at()));
    }
}
