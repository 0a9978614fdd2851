use axum::body::Bytes;
use serde_json::{Value, json};

/// Which items of a refused transaction are reported with a conflict instead of their own reason. At
/// least one failed condition is always reported.
#[derive(Clone, Copy, Debug)]
pub enum Conflicting {
    /// All but the first whose condition failed.
    AllButFirstRefused,
    /// All but the last whose condition failed.
    AllButLastRefused,
    /// About half of the items in about half of the refused transactions, at random with this seed.
    AtRandom(u64),
}

/// Mixes the reasons of refused transactions.
///
/// Each item has its own reason. If the condition of one item fails and another item has a conflict, the
/// reason of the second item is the conflict, and the result of its condition is unknown. The embedded
/// engine runs one transaction at a time and never returns such a reply.
pub(super) struct Mixer {
    which: Conflicting,
    random: fastrand::Rng,
}

impl Mixer {
    pub(super) fn new(which: Conflicting) -> Self {
        let seed = match which {
            Conflicting::AtRandom(seed) => seed,
            Conflicting::AllButFirstRefused | Conflicting::AllButLastRefused => 0,
        };
        Self {
            which,
            random: fastrand::Rng::with_seed(seed),
        }
    }

    /// The seed, if items are chosen at random.
    pub(super) fn seed(&self) -> Option<u64> {
        match self.which {
            Conflicting::AtRandom(seed) => Some(seed),
            Conflicting::AllButFirstRefused | Conflicting::AllButLastRefused => None,
        }
    }

    /// The reply with mixed reasons, if it refuses a transaction because of a condition.
    pub(super) fn mix(&mut self, reply: &[u8]) -> Option<Bytes> {
        let mut reply: Value = serde_json::from_slice(reply).ok()?;
        let reasons = reply["CancellationReasons"].as_array_mut()?;
        let refused = reasons.iter().enumerate();
        let refused = refused.filter(|(_, reason)| reason["Code"] == "ConditionalCheckFailed");
        let refused: Vec<usize> = refused.map(|(place, _)| place).collect();
        let kept = match self.which {
            Conflicting::AllButFirstRefused => *refused.first()?,
            Conflicting::AllButLastRefused => *refused.last()?,
            Conflicting::AtRandom(_) if refused.is_empty() || self.random.bool() => return None,
            Conflicting::AtRandom(_) => refused[self.random.usize(..refused.len())],
        };
        for (place, reason) in reasons.iter_mut().enumerate() {
            let conflicts = match self.which {
                Conflicting::AtRandom(_) => self.random.bool(),
                Conflicting::AllButFirstRefused | Conflicting::AllButLastRefused => true,
            };
            if place != kept && conflicts {
                *reason = json!({
                    "Code": "TransactionConflict",
                    "Message": "Transaction is ongoing for the item",
                });
            }
        }
        let codes: Vec<_> = reasons
            .iter()
            .filter_map(|it| it["Code"].as_str())
            .collect();
        reply["Message"] = format!(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
            codes.join(", ")
        )
        .into();
        Some(reply.to_string().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixed(which: Conflicting, codes: &[&str]) -> Option<Vec<String>> {
        let reasons = codes.iter().map(|code| json!({ "Code": code, "Item": {} }));
        let reply = json!({ "CancellationReasons": reasons.collect::<Vec<_>>() });
        let mixed = Mixer::new(which).mix(reply.to_string().as_bytes())?;
        let mixed: Value = serde_json::from_slice(&mixed).unwrap();
        let reasons = mixed["CancellationReasons"].as_array().unwrap().iter();
        let codes = reasons.map(|reason| {
            let code = reason["Code"].as_str().unwrap();
            assert_eq!(code == "TransactionConflict", reason["Item"].is_null());
            code.to_owned()
        });
        Some(codes.collect())
    }

    const REFUSED: &str = "ConditionalCheckFailed";
    const CONFLICT: &str = "TransactionConflict";

    #[test]
    fn every_item_but_one_refused_one_gets_a_conflict() {
        let codes = ["None", REFUSED, REFUSED];
        let first = mixed(Conflicting::AllButFirstRefused, &codes).unwrap();
        assert_eq!(first, [CONFLICT, REFUSED, CONFLICT]);
        let last = mixed(Conflicting::AllButLastRefused, &codes).unwrap();
        assert_eq!(last, [CONFLICT, CONFLICT, REFUSED]);
    }

    #[test]
    fn one_refused_item_keeps_its_reason_with_any_seed() {
        let codes = ["None", REFUSED, "None", REFUSED];
        let mixed: Vec<_> = (0..100)
            .filter_map(|seed| mixed(Conflicting::AtRandom(seed), &codes))
            .collect();
        assert!(mixed.len() > 20, "{}", mixed.len());
        assert!(
            mixed
                .iter()
                .all(|codes| codes.iter().any(|code| code == REFUSED))
        );
        for place in 0..codes.len() {
            assert!(mixed.iter().any(|codes| codes[place] == CONFLICT));
        }
    }

    #[test]
    fn a_reply_without_a_failed_condition_is_unchanged() {
        assert_eq!(
            mixed(Conflicting::AllButFirstRefused, &["None", CONFLICT]),
            None
        );
        assert_eq!(Mixer::new(Conflicting::AllButFirstRefused).mix(b"{}"), None);
    }
}
