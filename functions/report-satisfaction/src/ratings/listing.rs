//! A decoded request to `GET /v1/ratings`.

use domain::{
    AskedBy, ChosenReasons, DaySpan, FACES, InvalidValue, OrganisationId, RatingCounts, ReasonId,
    Score, Sentiment, Timestamp,
};
use errors::Refusal;
use lambda::http::{HttpRequest, TenantResolver};

use crate::cursor::Cursor;
use crate::filter::Filter;
use crate::next_page::Parameters;
use crate::ratings::page_position::PagePosition;
use crate::representation::{Representation, representation};
use crate::span::requested_span;

/// The maximum number of ratings on a page.
const MOST: u16 = 1_000;

/// The path of the query.
pub(super) const PATH: &str = "/v1/ratings";

/// The query for a listing.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) organisation: OrganisationId,
    pub(super) span: DaySpan,
    pub(super) filter: Filter,
    pub(super) scores: Scores,
    /// The reason that ratings must have. The index does not contain reasons, so ratings are filtered
    /// after they are read.
    pub(super) reason: Option<ReasonId>,
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
    /// Returns how many of the ratings of `counts` have these scores.
    pub(super) fn count_in(self, counts: &RatingCounts) -> u64 {
        let scores = (1..).zip(counts.scores);
        let admitted = scores
            .filter(|(score, _)| Score::parse(*score).is_ok_and(|score| self.admit(score)))
            .map(|(_, count)| count);
        admitted.sum()
    }

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
    pub(super) fn decode(request: &HttpRequest, tenants: &TenantResolver) -> Result<Self, Refusal> {
        let organisation = tenants.organisation(request)?;
        request.check_query_parameters(&[
            "from",
            "to",
            "score",
            "sentiment",
            "reason",
            "agent",
            "channel",
            "by",
            "cursor",
            "limit",
        ])?;
        let default_limit = match representation(request) {
            Representation::Json => 100,
            Representation::Csv => MOST,
        };
        let mut listing = Self {
            organisation,
            span: requested_span(request)?,
            filter: Filter::decode(request)?,
            scores: Scores {
                score: request.query_parameter("score", read_score)?,
                sentiment: request.query_parameter("sentiment", Sentiment::parse)?,
            },
            reason: request.query_parameter("reason", ReasonId::parse)?,
            after: None,
            limit: request
                .query_parameter("limit", read_limit)?
                .unwrap_or(default_limit)
                .into(),
            now: request.now(),
        };
        let fingerprint = listing.fingerprint();
        listing.after = request.query_parameter("cursor", |text| {
            Cursor::read(text, &fingerprint, PagePosition::read)
        })?;
        Ok(listing)
    }

    /// Returns how many ratings of the index one page reads at most.
    pub(super) fn most_to_read(&self) -> usize {
        if self.reason.is_some() || self.filter.asked_by.is_some() {
            MOST.into()
        } else {
            self.limit
        }
    }

    /// Whether the listing includes ratings with these reasons.
    pub(super) fn admits_reasons(&self, reasons: &ChosenReasons) -> bool {
        self.reason.as_ref().is_none_or(|it| reasons.contains(it))
    }

    /// Whether the listing includes ratings that were requested in this way. The index does not
    /// contain it, so ratings are filtered after they are read.
    pub(super) fn admits_asked_by(&self, asked_by: AskedBy) -> bool {
        self.filter.asked_by.is_none_or(|it| it == asked_by)
    }

    pub(super) fn cursor(&self, position: &PagePosition) -> Cursor {
        Cursor::new(&self.fingerprint(), &position.to_string())
    }

    /// Returns the parameters that determine which ratings match. A cursor is valid only for the
    /// same parameters.
    pub(super) fn parameters(&self) -> Parameters {
        let [agent, channel, by] = self.filter.parameters();
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
            ("reason", self.reason.as_ref().map(ToString::to_string)),
            agent,
            channel,
            by,
        ])
    }

    pub(super) fn fingerprint(&self) -> String {
        let organisation = self.organisation.as_str();
        self.parameters().fingerprint(PATH, organisation)
    }
}

fn read_score(text: &str) -> Result<Score, InvalidValue> {
    let number = text.parse().map_err(|_| InvalidValue::new(Score::RULE))?;
    Score::parse(number)
}

fn read_limit(text: &str) -> Result<u16, InvalidValue> {
    text.parse()
        .ok()
        .filter(|limit| (1..=MOST).contains(limit))
        .ok_or_else(|| InvalidValue::new(format!("must be a whole number from 1 to {MOST}")))
}
