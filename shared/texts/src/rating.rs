/// The texts of the rating question that organisations can replace.
#[derive(Debug)]
pub struct PromptTexts {
    /// The question if the agent's name is not known.
    pub question: &'static str,
    /// The question about `{agent}`.
    pub question_about: &'static str,
    /// The labels of the five faces, from the lowest score to the highest. A soft hyphen marks where
    /// a narrow widget may break a label.
    pub faces: [&'static str; 5],
    /// What follows a rating.
    pub thanks: &'static str,
    /// The label of the comment.
    pub comment: &'static str,
}

/// The other texts of the widget. The rating page has them too.
#[derive(Debug)]
pub struct WidgetTexts {
    /// The name of a face for screen readers: its `{score}` and `{label}`.
    pub face: &'static str,
    /// While the rating is saved.
    pub saving: &'static str,
    /// Until what `{time}` the rating can be changed.
    pub changeable: &'static str,
    /// The heading of the reasons, which are offered for good and bad scores.
    pub reasons: &'static str,
    /// How many reasons can be chosen, `{maximum}`.
    pub reasons_hint: &'static str,
    /// That all `{maximum}` reasons are chosen, and how to choose another.
    pub reasons_full: &'static str,
    /// The button that sends the comment.
    pub send_comment: &'static str,
    /// That the comment was saved.
    pub comment_saved: &'static str,
    /// That the comment was removed.
    pub comment_removed: &'static str,
    /// The button that edits the comment.
    pub change_comment: &'static str,
    /// The button that tries again.
    pub retry: &'static str,
    /// The button with which visitors have the conversation sent to them.
    pub transcript: OwnTranscriptTexts,
    /// The error messages.
    pub problems: RatingProblems,
}

/// The texts of the button that sends visitors their own conversation by e-mail. Only the widget has
/// it.
#[derive(Debug)]
pub struct OwnTranscriptTexts {
    /// The button.
    pub button: &'static str,
    /// The masked address, `{to}`, that the e-mail is sent to.
    pub to: &'static str,
    /// That no address of the visitor is recorded.
    pub no_address: &'static str,
    /// While the e-mail is sent.
    pub sending: &'static str,
    /// That the e-mail was sent to the masked address, `{to}`.
    pub sent: &'static str,
    /// An error that has no text of its own.
    pub failed: &'static str,
}

/// The error messages of the rating question, most of them by the code of the API.
#[derive(Debug)]
pub struct RatingProblems {
    /// The server cannot be reached.
    pub unreachable: &'static str,
    /// There were too many requests.
    pub throttled: &'static str,
    /// The rating can no longer be changed.
    pub rating_closed: &'static str,
    /// A chosen reason is not offered for the score, or no longer.
    pub invalid_reason: &'static str,
    /// A newer rating request exists.
    pub rating_request_superseded: &'static str,
    /// The rating request was withdrawn.
    pub rating_request_withdrawn: &'static str,
    /// The time in which the visitor could answer is over.
    pub rating_request_expired: &'static str,
    /// The rating request does not exist.
    pub rating_request_not_found: &'static str,
    /// The visitor's token is not valid.
    pub invalid_visitor_token: &'static str,
    /// The limit of transcripts is reached until `{time}`.
    pub transcript_limit_reached: &'static str,
    /// The e-mail service may have accepted the transcript.
    pub email_outcome_unknown: &'static str,
    /// The conversation has no public message.
    pub nothing_to_send: &'static str,
    /// The transcript cannot be sent, and a retry does not help.
    pub email_refused: &'static str,
    /// Any other error of a rating.
    pub other: &'static str,
}

/// The texts that the rating page has in addition.
#[derive(Debug)]
pub struct LinkTexts {
    /// The button that sends the rating.
    pub confirm: &'static str,
    /// The link is incomplete.
    pub broken: &'static str,
    /// The link has expired.
    pub expired: &'static str,
    /// A newer rating request exists.
    pub superseded: &'static str,
}

impl PromptTexts {
    /// Returns the labels of the faces without soft hyphens, for places that do not break them.
    pub fn unbroken_faces(&self) -> [String; 5] {
        self.faces.map(|label| label.replace('\u{AD}', ""))
    }
}
