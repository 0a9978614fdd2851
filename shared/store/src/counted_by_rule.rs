use std::collections::BTreeMap;

use domain::{CountsDelta, ReasonId};
use serde::{Deserialize, Serialize};

use crate::counted_reasons::CountedReasons;
use crate::counted_state::CountedState;

/// What the report's counts of requests by a rule include of a rating request.
///
/// It is apart from what all counts include of the request, because versions before 1.5.0 count a
/// request without it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedByRule {
    /// The counted state.
    pub state: CountedState,
    /// The counted reasons; `None` if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasons: Option<CountedReasons>,
}

impl CountedByRule {
    /// The change to the counts without reasons if what they include changes from `before` to `after`.
    pub fn change(before: Option<&Self>, after: Option<&Self>) -> CountsDelta {
        let counts = |counted: Option<&Self>| {
            counted.map_or_else(CountsDelta::default, |it| it.state.delta_since(None))
        };
        counts(after) - counts(before)
    }

    /// The changes to the counts by reason. Reasons whose counts do not change are left out.
    pub fn reason_changes(
        before: Option<&Self>,
        after: Option<&Self>,
    ) -> BTreeMap<ReasonId, CountsDelta> {
        let reasons = |counted: Option<&Self>| counted.and_then(|it| it.reasons.clone());
        CountedReasons::changes(reasons(before).as_ref(), reasons(after).as_ref())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn counted(state: u8) -> CountedByRule {
        CountedByRule {
            state: CountedState::try_from(state).unwrap(),
            reasons: None,
        }
    }

    #[test]
    fn only_what_is_not_counted_yet_changes_the_counts() {
        let change = |before, after| <[i64; 6]>::from(CountedByRule::change(before, after));
        let (unanswered, answered) = (counted(0), counted(4));
        assert_eq!(change(None, Some(&answered)), [1, 0, 0, 0, 1, 0]);
        assert_eq!(
            change(Some(&unanswered), Some(&answered)),
            [0, 0, 0, 0, 1, 0]
        );
        assert_eq!(change(Some(&answered), Some(&answered)), [0; 6]);
        assert_eq!(change(None, None), [0; 6]);
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let stored = json!({ "state": 2, "reasons": { "score": 2, "reasons": ["slow"] } });
        let read: CountedByRule = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), stored);
        let changes = CountedByRule::reason_changes(None, Some(&read));
        let scores: Vec<_> = changes.values().map(|it| it.scores).collect();
        assert_eq!(scores, [[0, 1, 0, 0, 0]]);
        let stored = json!({ "state": 0 });
        assert_eq!(serde_json::to_value(counted(0)).unwrap(), stored);
    }
}
