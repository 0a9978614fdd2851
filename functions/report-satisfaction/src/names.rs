use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{AgentId, PersonName};
use settings::Settings;

use crate::grouping::GroupKey;

/// The names of a report's groups.
#[derive(Debug)]
pub(crate) struct Names {
    agents: BTreeMap<AgentId, PersonName>,
    settings: Option<Arc<Settings>>,
}

impl Names {
    /// Creates the names of these agents, and of the reasons in `settings`.
    pub(crate) fn new(
        agents: BTreeMap<AgentId, PersonName>,
        settings: Option<Arc<Settings>>,
    ) -> Self {
        Self { agents, settings }
    }

    /// Returns the name of an agent, or the label of a reason in the default language. Returns `None`
    /// if it is not known, or if the group is neither.
    pub(crate) fn name(&self, key: &GroupKey) -> Option<String> {
        match key {
            GroupKey::Agent(agent) => self.agents.get(agent).map(ToString::to_string),
            GroupKey::Reason(id) => {
                let settings = self.settings.as_ref()?;
                let language = settings.default_language();
                let label = settings.reason(id)?.label(language, language)?;
                Some(label.as_str().to_owned())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::ReasonId;

    use super::*;

    #[test]
    fn a_reason_has_its_label_in_the_default_language_while_the_settings_contain_it() {
        let document = r#"{
            "default_language": "de",
            "reasons": [{ "id": "slow", "scores": [1], "labels": { "en": "Slow", "de": "Langsam" } }]
        }"#;
        let settings = Arc::new(Settings::from_stored(document));
        let name = |settings, id| {
            let key = GroupKey::Reason(ReasonId::parse(id).unwrap());
            Names::new(BTreeMap::new(), settings).name(&key)
        };
        assert_eq!(
            name(Some(settings.clone()), "slow").as_deref(),
            Some("Langsam")
        );
        assert_eq!(name(Some(settings), "removed"), None);
        assert_eq!(name(None, "slow"), None);
    }
}
