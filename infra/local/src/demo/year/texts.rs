use domain::{Agent, Comment, Language, MessageText, PersonName, Sentiment};
use serde::Deserialize;

const SOURCE: &str = include_str!("texts.json");

/// Who works at the shop, and what is said there.
#[derive(Debug, Deserialize)]
pub(super) struct Texts {
    pub(super) agents: Vec<Colleague>,
    /// Who helps for a few weeks of each year.
    pub(super) help: Help,
    pub(super) languages: Vec<Speech>,
}

/// An agent of the shop.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Colleague {
    #[serde(flatten)]
    pub(super) agent: Agent,
    /// How much of the work they do, beside the others.
    pub(super) share: u32,
    /// How many chats in a hundred go badly.
    pub(super) misses: u32,
}

/// An agent who is there on some days of the year, each as month and day.
#[derive(Debug, Deserialize)]
pub(super) struct Help {
    #[serde(flatten)]
    pub(super) colleague: Colleague,
    pub(super) from: String,
    pub(super) to: String,
}

/// What visitors of one language say, and what they are told.
#[derive(Debug, Deserialize)]
pub(super) struct Speech {
    pub(super) language: Language,
    pub(super) share: u32,
    pub(super) visitors: Vec<PersonName>,
    /// A question, an answer and a word of thanks.
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
    /// What visitors say who feel so.
    pub(super) fn of(&self, sentiment: Sentiment) -> &[Comment] {
        match sentiment {
            Sentiment::Positive => &self.positive,
            Sentiment::Neutral => &self.neutral,
            Sentiment::Negative => &self.negative,
        }
    }
}
