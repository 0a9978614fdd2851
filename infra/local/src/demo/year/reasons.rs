use domain::{OfferedReason, Score, Sentiment, Timestamp};
use fastrand::Rng;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The percentages of visitors who choose a reason, and of those who choose a second one.
const DISSATISFIED_CHOOSING: u32 = 72;
const OTHERS_CHOOSING: u32 = 18;
const CHOOSING_TWO: u32 = 25;

/// A reason that visitors of the shop can choose.
#[derive(Debug, Deserialize)]
pub(super) struct ShopReason {
    #[serde(flatten)]
    offered: OfferedReason,
    /// How often it is chosen, relative to the other reasons.
    share: u32,
    /// The label in each language.
    labels: Map<String, Value>,
}

impl ShopReason {
    /// The reason as the settings contain it.
    pub(super) fn to_setting(&self) -> Value {
        let OfferedReason { id, scores } = &self.offered;
        json!({ "id": id, "scores": scores, "labels": self.labels })
    }
}

/// The reasons that a visitor chooses with a score at a time. The same time and score always have the
/// same reasons.
pub(super) fn choose(reasons: &[ShopReason], score: Score, at: Timestamp) -> Vec<OfferedReason> {
    let mut rng = Rng::with_seed(at.epoch_seconds().unsigned_abs());
    let percentage = match score.sentiment() {
        Sentiment::Negative => DISSATISFIED_CHOOSING,
        _ => OTHERS_CHOOSING,
    };
    if rng.u32(0..100) >= percentage {
        return Vec::new();
    }
    let count = if rng.u32(0..100) < CHOOSING_TWO { 2 } else { 1 };
    let mut offered: Vec<_> = reasons
        .iter()
        .filter(|reason| reason.offered.scores.contains(score))
        .map(|reason| (rng.f32().powf(1.0 / reason.share as f32), &reason.offered))
        .collect();
    offered.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let chosen = offered.into_iter().take(count);
    chosen.map(|(_, reason)| reason.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_chooses_reasons_that_are_offered_for_the_score() {
        let reasons = json!([
            { "id": "slow", "scores": [1, 2, 3], "share": 3, "labels": { "en": "Slow" } },
            { "id": "rude", "scores": [1, 2], "share": 1, "labels": { "en": "Rude" } },
            { "id": "quick", "scores": [4, 5], "share": 1, "labels": { "en": "Quick" } },
        ]);
        let reasons: Vec<ShopReason> = serde_json::from_value(reasons).unwrap();
        let mut counts = [0; 3];
        for second in 0..1_000 {
            let score = Score::parse(second % 5 + 1).unwrap();
            let at = Timestamp::from_epoch_seconds(i64::try_from(second).unwrap()).unwrap();
            let chosen = choose(&reasons, score, at);
            assert_eq!(chosen, choose(&reasons, score, at));
            assert!(chosen.iter().all(|reason| reason.scores.contains(score)));
            counts[chosen.len()] += 1;
        }
        assert!(counts.iter().all(|count| *count > 20), "{counts:?}");
    }
}
