use domain::{AgentId, Channel, DayCount};
use errors::Refusal;
use lambda::http::HttpRequest;

/// Selects the requests that a result includes. An empty field selects all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) agent: Option<AgentId>,
    pub(crate) channel: Option<Channel>,
}

impl Filter {
    /// Reads the query parameters `agent` and `channel`.
    pub(crate) fn decode(request: &HttpRequest) -> Result<Self, Refusal> {
        Ok(Self {
            agent: request.query_parameter("agent", AgentId::parse)?,
            channel: request.query_parameter("channel", Channel::parse)?,
        })
    }

    /// Returns the query parameters from which the filter was read.
    pub(crate) fn parameters(&self) -> [(&'static str, Option<String>); 2] {
        [
            ("agent", self.agent.as_ref().map(ToString::to_string)),
            ("channel", self.channel.as_ref().map(ToString::to_string)),
        ]
    }

    pub(crate) fn admits(&self, count: &DayCount) -> bool {
        let is_agents = self.agent.is_none() || self.agent == count.agent;
        let is_of_channel = self.channel.as_ref().is_none_or(|it| *it == count.channel);
        is_agents && is_of_channel
    }
}
