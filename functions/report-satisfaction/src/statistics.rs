use domain::RatingCounts;
use serde::Serialize;

/// With fewer ratings than this, a share has little meaning.
const SMALL_SAMPLE: u64 = 10;

/// The 97.5th percentile of the standard normal distribution: 5 % of the distribution is outside an
/// interval with this bound on both sides.
const Z: f64 = 1.959_964;

/// The statistics of counts. A share is between 0 and 1, or `None` if its whole is 0.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Statistics {
    /// `None` if only ratings are counted.
    pub(crate) requests: Option<u64>,
    pub(crate) ratings: u64,
    /// The share of requests that have a rating.
    pub(crate) response_rate: Option<f64>,
    /// The number of ratings of each score.
    #[serde(serialize_with = "by_score")]
    pub(crate) scores: [u64; 5],
    /// The share of ratings with a score of 4 or 5.
    pub(crate) csat: Option<f64>,
    /// The lower bound of the 95 % confidence interval around `csat`.
    pub(crate) csat_low: Option<f64>,
    pub(crate) csat_high: Option<f64>,
    /// The mean score.
    pub(crate) mean: Option<f64>,
    /// Whether there are too few ratings for a reliable conclusion.
    pub(crate) small_sample: bool,
}

impl Statistics {
    pub(crate) fn of(counts: &RatingCounts) -> Self {
        let scores = counts.scores;
        let ratings = counts.ratings();
        let satisfied = scores.iter().skip(3).sum();
        let points = (1..).zip(scores).map(|(score, count)| score * count).sum();
        let interval = wilson(satisfied, ratings);
        Self {
            requests: Some(counts.requests),
            ratings,
            response_rate: share(ratings, counts.requests),
            scores,
            csat: share(satisfied, ratings),
            csat_low: interval.map(|(low, _)| low),
            csat_high: interval.map(|(_, high)| high),
            mean: share(points, ratings),
            small_sample: ratings < SMALL_SAMPLE,
        }
    }

    /// The statistics of counts that contain ratings only.
    pub(crate) fn of_ratings(counts: &RatingCounts) -> Self {
        Self {
            requests: None,
            response_rate: None,
            ..Self::of(counts)
        }
    }
}

fn by_score<S: serde::Serializer>(scores: &[u64; 5], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(
        (1..)
            .zip(scores)
            .map(|(score, count): (u8, _)| (score.to_string(), count)),
    )
}

/// Divides `part` by `whole`. Returns `None` if `whole` is 0.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| float(part) / float(whole))
}

/// The 95 % Wilson score interval for `part` of `whole`. Unlike the textbook interval, it stays
/// between 0 and 1. It is also reliable for small samples and for shares close to 0 or 1.
///
/// E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of
/// the American Statistical Association 22 (1927), 209-212.
fn wilson(part: u64, whole: u64) -> Option<(f64, f64)> {
    let p = share(part, whole)?;
    let n = float(whole);
    let spread = Z * Z / n;
    let middle = p + spread / 2.0;
    let reach = Z * (p * (1.0 - p) / n + spread / (4.0 * n)).sqrt();
    let low = (middle - reach) / (1.0 + spread);
    let high = (middle + reach) / (1.0 + spread);
    // Both ends are exact, because rounding would leave a small error there.
    Some((
        if part == 0 { 0.0 } else { low.max(0.0) },
        if part == whole { 1.0 } else { high.min(1.0) },
    ))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "exact up to 2^53, which no count of ratings reaches"
)]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn counts(requests: u64, scores: [u64; 5]) -> RatingCounts {
        RatingCounts { requests, scores }
    }

    fn rounded(part: u64, whole: u64) -> (f64, f64) {
        let (low, high) = wilson(part, whole).unwrap();
        let round = |bound: f64| (bound * 1e6).round() / 1e6;
        (round(low), round(high))
    }

    #[test]
    fn the_interval_is_wilsons() {
        assert_eq!(rounded(74, 107), (0.598_715, 0.771_183));
        assert_eq!(rounded(30, 50), (0.461_814, 0.723_916));
        assert_eq!(rounded(5, 5), (0.565_518, 1.0));
        assert_eq!(rounded(0, 5), (0.0, 0.434_482));
        assert_eq!(rounded(1, 1), (0.206_549, 1.0));
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn the_statistics_equal_a_count_by_hand() {
        let statistics = Statistics::of(&counts(8, [1, 0, 1, 0, 3]));
        assert_eq!(statistics.ratings, 5);
        assert_eq!(statistics.response_rate, Some(0.625));
        assert_eq!(statistics.csat, Some(0.6));
        assert_eq!(statistics.mean, Some(3.8));
        assert!(statistics.small_sample);
    }

    #[test]
    fn without_ratings_there_are_no_shares() {
        let asked = json!(Statistics::of(&counts(3, [0; 5])));
        assert_eq!(
            asked,
            json!({
                "requests": 3,
                "ratings": 0,
                "response_rate": 0.0,
                "scores": { "1": 0, "2": 0, "3": 0, "4": 0, "5": 0 },
                "csat": null,
                "csat_low": null,
                "csat_high": null,
                "mean": null,
                "small_sample": true,
            })
        );
        let nothing = json!(Statistics::of(&counts(0, [0; 5])));
        assert_eq!(nothing["response_rate"], Value::Null);
    }

    #[test]
    fn ten_ratings_are_not_a_small_sample() {
        assert!(Statistics::of(&counts(20, [9, 0, 0, 0, 0])).small_sample);
        assert!(!Statistics::of(&counts(20, [9, 0, 0, 0, 1])).small_sample);
    }

    proptest! {
        #[test]
        fn the_interval_lies_within_0_and_1_and_holds_the_share(
            whole in 1..10_000_000_u64,
            part in 0.0..=1.0_f64,
        ) {
            let part = (float(whole) * part).round() as u64;
            let (low, high) = wilson(part, whole).unwrap();
            let share = share(part, whole).unwrap();
            prop_assert!(0.0 <= low && low <= share && share <= high && high <= 1.0);
        }

        #[test]
        fn more_ratings_make_the_interval_narrower(
            whole in 1..100_000_u64,
            part in 0.0..=1.0_f64,
            times in 2..100_u64,
        ) {
            let part = (float(whole) * part).round() as u64;
            let width = |(low, high): (f64, f64)| high - low;
            let few = width(wilson(part, whole).unwrap());
            let many = width(wilson(part * times, whole * times).unwrap());
            prop_assert!(many < few, "{many} {few}");
        }

        #[test]
        fn the_mean_lies_among_the_scores(scores in prop::array::uniform5(0..1_000_u64)) {
            let statistics = Statistics::of(&counts(10_000, scores));
            let rated: u64 = scores.iter().sum();
            prop_assert_eq!(statistics.mean.is_some(), rated > 0);
            prop_assert!(statistics.mean.is_none_or(|mean| (1.0..=5.0).contains(&mean)));
        }
    }
}
