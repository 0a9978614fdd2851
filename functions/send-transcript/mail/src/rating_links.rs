//! The five faces below a transcript. Each one links to the page on which the visitor confirms the
//! rating.

use domain::{FACES, MailLinkToken};

/// The links of the faces below a transcript.
///
/// The token that identifies the visitor and the rating request is in the URL fragment, which
/// browsers never send to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingLinks {
    faces: Vec<FaceLink>,
}

/// One face and its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FaceLink {
    pub(crate) emoji: &'static str,
    pub(crate) label: &'static str,
    pub(crate) url: String,
}

impl RatingLinks {
    /// Creates the links to the page `/rate` at `origin`. They answer with `token`.
    ///
    /// ```
    /// use transcript_mail::RatingLinks;
    /// # use domain::{ConversationId, MailLinkToken, OrganisationId, RatingRequestId, VisitorSecret};
    /// # let token = MailLinkToken {
    /// #     organisation: OrganisationId::parse("main").unwrap(),
    /// #     conversation: ConversationId::parse("c").unwrap(),
    /// #     request: RatingRequestId::parse("r").unwrap(),
    /// #     secret: VisitorSecret::from_bytes([7; 32]),
    /// # };
    /// let links = RatingLinks::new("https://api.example.com", &token);
    /// ```
    pub fn new(origin: &str, token: &MailLinkToken) -> Self {
        let token = token.reveal();
        let faces = FACES.iter().map(|face| FaceLink {
            emoji: face.emoji,
            label: face.label,
            url: format!("{origin}/rate#{token}/{}", face.score.get()),
        });
        Self {
            faces: faces.collect(),
        }
    }

    pub(crate) fn faces(&self) -> &[FaceLink] {
        &self.faces
    }
}
