/// The texts of the rating question.
#[derive(Debug)]
pub struct QuestionTexts {
    /// The question if the agent's name is not known.
    pub question: &'static str,
    /// The question about `{agent}`.
    pub question_about: &'static str,
    /// The labels of the five faces, from the lowest score to the highest. A soft hyphen marks where
    /// a narrow widget may break a label.
    pub faces: [&'static str; 5],
}

impl QuestionTexts {
    /// Returns the labels of the faces without soft hyphens, for places that do not break them.
    pub fn unbroken_faces(&self) -> [String; 5] {
        self.faces.map(|label| label.replace('\u{AD}', ""))
    }
}
