use domain::{
    TRANSCRIPTS_PER_VISITOR, Timestamp, TranscriptId, VISITOR_TRANSCRIPTS_WINDOW_SECONDS,
};
use serde::{Deserialize, Serialize};

/// The transcripts that the visitor of a conversation requested, the newest first. A list and not a
/// set, so that a condition can compare the time of the fifth.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct VisitorQuotaItem {
    /// The transcripts.
    #[serde(default)]
    pub requested: Vec<VisitorTranscript>,
}

/// A transcript that a visitor requested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorTranscript {
    /// The id of the transcript.
    pub id: TranscriptId,
    /// When it was requested, in epoch milliseconds.
    pub at: i64,
}

impl VisitorQuotaItem {
    /// The index of the transcript whose time decides whether another one is allowed.
    pub const FIFTH_LATEST: usize = TRANSCRIPTS_PER_VISITOR as usize - 1;

    /// Returns the latest time, in epoch milliseconds, that is no longer in the window at `now`.
    pub fn window_start(now: Timestamp) -> i64 {
        now.plus_seconds(-VISITOR_TRANSCRIPTS_WINDOW_SECONDS)
            .epoch_milliseconds()
    }

    /// Returns when the visitor may request another transcript, or `None` if that is allowed at
    /// `now`.
    pub fn available_at(&self, now: Timestamp) -> Option<Timestamp> {
        let decisive = self.requested.get(Self::FIFTH_LATEST)?;
        let at = Timestamp::from_epoch_milliseconds(decisive.at)?;
        let available_at = at.plus_seconds(VISITOR_TRANSCRIPTS_WINDOW_SECONDS);
        (available_at > now).then_some(available_at)
    }

    /// As [`Self::available_at`], for the transcript `id`. One that is in the list already is allowed.
    pub fn refused_until(&self, id: &TranscriptId, now: Timestamp) -> Option<Timestamp> {
        match self.position(id) {
            Some(_) => None,
            None => self.available_at(now),
        }
    }

    /// Returns the position of the transcript `id` in the list.
    pub fn position(&self, id: &TranscriptId) -> Option<usize> {
        self.requested.iter().position(|it| it.id == *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(hours_ago: &[i64], now: Timestamp) -> VisitorQuotaItem {
        let requested = hours_ago.iter().map(|hours| VisitorTranscript {
            id: TranscriptId::parse(&format!("t{hours}")).unwrap(),
            at: now.plus_seconds(-hours * 60 * 60).epoch_milliseconds(),
        });
        VisitorQuotaItem {
            requested: requested.collect(),
        }
    }

    #[test]
    fn a_visitor_may_request_five_transcripts_in_24_hours() {
        let now = Timestamp::parse("2026-01-05T09:00:00Z").unwrap();
        for (hours_ago, expected) in [
            (&[][..], None),
            (&[0, 1, 2, 3], None),
            (&[0, 1, 2, 3, 4], Some("2026-01-06T05:00:00.000Z")),
            (&[0, 1, 2, 3, 23], Some("2026-01-05T10:00:00.000Z")),
            (&[0, 1, 2, 3, 24], None),
            (&[0, 1, 2, 3, 24, 25], None),
        ] {
            let available_at = quota(hours_ago, now).available_at(now);
            let available_at = available_at.map(|it| it.to_string());
            assert_eq!(available_at.as_deref(), expected, "{hours_ago:?}");
        }
    }

    #[test]
    fn a_retry_of_a_transcript_that_counts_is_allowed() {
        let now = Timestamp::parse("2026-01-05T09:00:00Z").unwrap();
        let quota = quota(&[0, 1, 2, 3, 4], now);
        let refused = |id| quota.refused_until(&TranscriptId::parse(id).unwrap(), now);
        assert_eq!(refused("t4"), None);
        assert_eq!(refused("t5"), quota.available_at(now));
    }
}
