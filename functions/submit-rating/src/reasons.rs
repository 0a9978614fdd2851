use domain::{ChosenReasons, InvalidValue, OfferedReason, Score};
use errors::{Refusal, RefusalCode};
use settings::{Reason, Settings};

/// Finds the reasons that the visitor chose in the settings, and returns them in the order of the
/// settings.
///
/// # Errors
/// 422 `invalid_reason` if one of them is not offered for `score`.
pub(crate) fn find_reasons(
    chosen: &ChosenReasons,
    score: Score,
    settings: &Settings,
) -> Result<Vec<OfferedReason>, Refusal> {
    let is_offered = |reason: &Reason| reason.scores.contains(score);
    if let Some(id) = chosen
        .iter()
        .find(|id| !settings.reason(id).is_some_and(is_offered))
    {
        let rule = InvalidValue::new(format!(
            "must only contain reasons that are offered for the score {}, but {id} is not",
            score.get()
        ));
        return Err(refuse_reasons(&rule));
    }
    let offered = settings.reasons.iter();
    Ok(offered
        .filter(|reason| chosen.contains(&reason.id))
        .map(Reason::to_offered)
        .collect())
}

fn refuse_reasons(rule: &InvalidValue) -> Refusal {
    Refusal::invalid_field("reasons", rule).with_code(RefusalCode::InvalidReason)
}

#[cfg(test)]
mod tests {
    use domain::ReasonId;

    use super::*;

    fn find(ids: &[&str], score: u64) -> Result<Vec<String>, Refusal> {
        let settings = Settings::from_stored(
            r#"{ "reasons": [
                { "id": "slow", "scores": [1, 2], "labels": { "en": "Slow" } },
                { "id": "rude", "scores": [1], "labels": { "en": "Rude" } }
            ] }"#,
        );
        let chosen = ids.iter().map(|id| ReasonId::parse(id).unwrap()).collect();
        let found = find_reasons(&chosen, Score::parse(score).unwrap(), &settings)?;
        Ok(found.iter().map(|reason| reason.id.to_string()).collect())
    }

    #[test]
    fn reasons_are_in_the_order_of_the_settings() {
        assert_eq!(find(&["rude", "slow"], 1).unwrap(), ["slow", "rude"]);
        assert_eq!(find(&[], 5).unwrap(), [""; 0]);
    }

    #[test]
    fn a_reason_that_is_not_offered_for_the_score_is_refused() {
        for (ids, score) in [(["rude"], 2), (["slow"], 3), (["unknown"], 1)] {
            let refusal = find(&ids, score).unwrap_err();
            assert_eq!(refusal.code(), RefusalCode::InvalidReason);
        }
    }
}
