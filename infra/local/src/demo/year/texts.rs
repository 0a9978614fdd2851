use domain::{Agent, Comment, Language, MessageText, PersonName, Sentiment};
use serde::Deserialize;

use crate::demo::year::reasons::ShopReason;

const SOURCE: &str = include_str!("texts.json");

/// The agents of the shop, and the texts of the chats.
#[derive(Debug, Deserialize)]
pub(super) struct Texts {
    pub(super) agents: Vec<Colleague>,
    /// An agent who helps for a few weeks of each year.
    pub(super) help: Help,
    pub(super) reasons: Vec<ShopReason>,
    pub(super) languages: Vec<Speech>,
}

/// An agent of the shop.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Colleague {
    #[serde(flatten)]
    pub(super) agent: Agent,
    /// The agent's share of the work, relative to the other agents.
    pub(super) share: u32,
    /// The percentage of the agent's chats that go badly.
    pub(super) misses: u32,
}

/// An agent who works in one period of the year. The limits are month and day.
#[derive(Debug, Deserialize)]
pub(super) struct Help {
    #[serde(flatten)]
    pub(super) colleague: Colleague,
    pub(super) from: String,
    pub(super) to: String,
}

/// The texts of visitors and agents in one language.
#[derive(Debug, Deserialize)]
pub(super) struct Speech {
    pub(super) language: Language,
    pub(super) share: u32,
    pub(super) visitors: Vec<PersonName>,
    /// A question, an answer and a thank-you.
    pub(super) chats: Vec<[MessageText; 3]>,
    pub(super) comments: Comments,
}

#[derive(Debug, Deserialize)]
pub(super) struct Comments {
    positive: Vec<Comment>,
    neutral: Vec<Comment>,
    negative: Vec<Comment>,
}

impl Texts {
    pub(super) fn read() -> Result<Self, serde_json::Error> {
        serde_json::from_str(SOURCE)
    }
}

impl Comments {
    /// The comments of visitors with this sentiment.
    pub(super) fn of(&self, sentiment: Sentiment) -> &[Comment] {
        match sentiment {
            Sentiment::Positive => &self.positive,
            Sentiment::Neutral => &self.neutral,
            Sentiment::Negative => &self.negative,
        }
    }
}
