//! A decoded request to `GET /v1/ratings`.

use domain::{DaySpan, FACES, OrganisationId, Score, Sentiment, Timestamp};

use super::page_position::PagePosition;
use crate::cursor::Cursor;
use crate::grouped_counts::Filter;
use crate::next_page::Parameters;

/// The path of the query.
pub(super) const PATH: &str = "/v1/ratings";

/// The query for a listing.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) organisation: OrganisationId,
    pub(super) span: DaySpan,
    pub(super) filter: Filter,
    pub(super) scores: Scores,
    pub(super) after: Option<PagePosition>,
    pub(super) limit: usize,
    pub(super) now: Timestamp,
}

/// The scores to include.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scores {
    pub(super) score: Option<Score>,
    pub(super) sentiment: Option<Sentiment>,
}

impl Scores {
    pub(super) fn admit(self, score: Score) -> bool {
        self.score.is_none_or(|wanted| wanted == score)
            && self
                .sentiment
                .is_none_or(|wanted| wanted == score.sentiment())
    }

    /// Returns the lowest and the highest of these scores, which include all between them. Returns
    /// `None` if no score is excluded, or if all are.
    pub(super) fn range(self) -> Option<(Score, Score)> {
        if self.score.is_none() && self.sentiment.is_none() {
            return None;
        }
        let scores = FACES.iter().map(|face| face.score);
        let mut admitted = scores.filter(|score| self.admit(*score));
        let least = admitted.next()?;
        Some((least, admitted.next_back().unwrap_or(least)))
    }
}

impl Listing {
    pub(super) fn cursor(&self, position: &PagePosition) -> Cursor {
        Cursor::new(&self.fingerprint(), &position.to_string())
    }

    /// Returns the parameters that determine which ratings match. A cursor is valid only for the
    /// same parameters.
    pub(super) fn parameters(&self) -> Parameters {
        Parameters::present([
            ("from", Some(self.span.from().to_string())),
            ("to", Some(self.span.to().to_string())),
            (
                "score",
                self.scores.score.map(|score| score.get().to_string()),
            ),
            (
                "sentiment",
                self.scores.sentiment.map(|it| it.as_str().to_owned()),
            ),
            ("agent", self.filter.agent.as_ref().map(ToString::to_string)),
            (
                "channel",
                self.filter.channel.as_ref().map(ToString::to_string),
            ),
        ])
    }

    pub(super) fn fingerprint(&self) -> String {
        let organisation = self.organisation.as_str();
        self.parameters().fingerprint(PATH, organisation)
    }
}
