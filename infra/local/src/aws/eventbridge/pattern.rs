//! Event patterns, which select the events of a rule or a pipe.
//!
//! The language is EventBridge's, except `$or` and an `anything-but` of anything other than values.
//! Those are refused, so that no pattern is misinterpreted.

use std::fmt;

use quamina::Quamina;
use serde_json::Value;

/// Selects the events that match at least one of its patterns.
pub(crate) struct EventPattern(Quamina<usize>);

/// The pattern is not supported.
#[derive(Debug, thiserror::Error)]
#[error("an event pattern is not supported: {0}")]
pub(crate) struct PatternError(String);

impl fmt::Debug for EventPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventPattern").finish_non_exhaustive()
    }
}

impl EventPattern {
    /// Selects the events that match `pattern`, as in a rule.
    pub(crate) fn new(pattern: &Value) -> Result<Self, PatternError> {
        Self::any_of([pattern])
    }

    /// Selects the events that match one of `patterns`, as in a pipe.
    pub(crate) fn any_of<'a>(
        patterns: impl IntoIterator<Item = &'a Value>,
    ) -> Result<Self, PatternError> {
        let mut matcher = Quamina::new();
        for (index, pattern) in patterns.into_iter().enumerate() {
            matcher
                .add_pattern(index, &pattern.to_string())
                .map_err(|error| PatternError(error.to_string()))?;
        }
        Ok(Self(matcher))
    }

    /// Whether `event` matches.
    pub(crate) fn matches(&self, event: &Value) -> bool {
        // An event that cannot be read, such as one that is not an object, does not match.
        self.0
            .has_matches(event.to_string().as_bytes())
            .unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn assert_matches(pattern: Value, taken: &[Value], left: &[Value]) {
        let pattern = EventPattern::new(&pattern).unwrap();
        for event in taken {
            assert!(pattern.matches(event), "{event}");
        }
        for event in left {
            assert!(!pattern.matches(event), "{event}");
        }
    }

    #[test]
    fn all_fields_of_a_pattern_must_match_one_of_their_values() {
        assert_matches(
            json!({"source": ["aws.ses"], "detail-type": ["Email Sent", "Email Bounced"]}),
            &[
                json!({"source": "aws.ses", "detail-type": "Email Sent", "id": "1"}),
                json!({"source": "aws.ses", "detail-type": "Email Bounced"}),
            ],
            &[
                json!({"source": "aws.ses", "detail-type": "Email Opened"}),
                json!({"source": "aws.s3", "detail-type": "Email Sent"}),
                json!({"detail-type": "Email Sent"}),
            ],
        );
    }

    #[test]
    fn an_array_matches_if_one_of_its_values_does() {
        assert_matches(
            json!({"detail": {"mail": {"tags": {"ses:configuration-set": ["afterchat"]}}}}),
            &[
                json!({"detail": {"mail": {"tags": {"ses:configuration-set": ["afterchat"]}}}}),
                json!({"detail": {"mail": {"tags": {"ses:configuration-set": ["x", "afterchat"]}}}}),
            ],
            &[
                json!({"detail": {"mail": {"tags": {"ses:configuration-set": ["other"]}}}}),
                json!({"detail": {"mail": {"tags": {}}}}),
                json!({"detail": {"mail": {"tags": {"ses:configuration-set": []}}}}),
            ],
        );
    }

    #[test]
    fn a_value_may_be_matched_by_a_comparison() {
        assert_matches(
            json!({"sk": [{"prefix": "ENTRY#"}], "state": [{"anything-but": ["reserved"]}]}),
            &[json!({"sk": "ENTRY#1", "state": "sent"})],
            &[
                json!({"sk": "ENTRY#1", "state": "reserved"}),
                json!({"sk": "ENTRY#1"}),
                json!({"sk": "TRANSCRIPT#1", "state": "sent"}),
            ],
        );
        assert_matches(
            json!({"score": [{"numeric": ["<", 3]}], "old": {"score": [{"exists": false}]}}),
            &[json!({"score": 2}), json!({"score": 1, "old": {}})],
            &[
                json!({"score": 3}),
                json!({"score": 1, "old": {"score": 2}}),
            ],
        );
    }

    #[test]
    fn one_matching_pattern_is_enough() {
        let patterns = [json!({"a": ["1"]}), json!({"b": [{"suffix": "2"}]})];
        let pattern = EventPattern::any_of(&patterns).unwrap();
        assert!(pattern.matches(&json!({"a": "1"})));
        assert!(pattern.matches(&json!({"b": "12"})));
        assert!(!pattern.matches(&json!({"a": "2", "b": "1"})));
    }

    #[test]
    fn unsupported_patterns_are_refused() {
        for pattern in [
            json!({"a": "1"}),
            json!({"$or": [{"a": ["1"]}, {"b": ["1"]}]}),
            json!({"a": [{"anything-but": {"prefix": "1"}}]}),
            json!({"a": [{"starts-with": "1"}]}),
        ] {
            assert!(EventPattern::new(&pattern).is_err(), "{pattern}");
        }
    }
}
