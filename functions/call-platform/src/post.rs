/// A message to post.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    /// The text, in Markdown. It may contain words of other people.
    pub(crate) content: String,
    /// Whether only teammates see it.
    pub(crate) is_private: bool,
    /// The id by which it is found on the platform. The same id is posted once.
    pub(crate) marker: String,
    /// The titles and values among which the visitor chooses.
    pub(crate) choices: Vec<(String, String)>,
}

impl Post {
    /// A private note for the teammates.
    pub(crate) fn note(marker: String, content: String) -> Self {
        Self {
            content,
            is_private: true,
            marker,
            choices: Vec::new(),
        }
    }
}
