use domain::{AgentId, AskedBy, Channel, DayCount, InvalidValue};
use errors::Refusal;
use lambda::http::HttpRequest;

/// Selects the requests that a result includes. An empty field selects all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) agent: Option<AgentId>,
    pub(crate) channel: Option<Channel>,
    /// Who or what asked. A [`DayCount`] does not contain it: it is a part of the query for the counts.
    pub(crate) asked_by: Option<AskedBy>,
}

impl Filter {
    /// Reads the query parameters `agent`, `channel` and `by`.
    pub(crate) fn decode(request: &HttpRequest) -> Result<Self, Refusal> {
        Ok(Self {
            agent: request.query_parameter("agent", AgentId::parse)?,
            channel: request.query_parameter("channel", Channel::parse)?,
            asked_by: request.query_parameter("by", read_asked_by)?,
        })
    }

    /// Returns the query parameters from which the filter was read.
    pub(crate) fn parameters(&self) -> [(&'static str, Option<String>); 3] {
        [
            ("agent", self.agent.as_ref().map(ToString::to_string)),
            ("channel", self.channel.as_ref().map(ToString::to_string)),
            ("by", self.asked_by.map(|it| it.as_str().to_owned())),
        ]
    }

    /// Whether the agent and the channel of `count` are selected.
    pub(crate) fn admits(&self, count: &DayCount) -> bool {
        let is_agents = self.agent.is_none() || self.agent == count.agent;
        let is_of_channel = self.channel.as_ref().is_none_or(|it| *it == count.channel);
        is_agents && is_of_channel
    }
}

fn read_asked_by(text: &str) -> Result<AskedBy, InvalidValue> {
    AskedBy::of_name(text).ok_or_else(|| InvalidValue::new("must be agent or rule"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_selected_by_the_name_of_who_asked() {
        assert_eq!(read_asked_by("agent").ok(), Some(AskedBy::Agent));
        assert_eq!(read_asked_by("rule").ok(), Some(AskedBy::Rule));
        for text in ["", "Rule", "visitor", "agent,rule"] {
            assert!(read_asked_by(text).is_err(), "{text}");
        }
    }
}
