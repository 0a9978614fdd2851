//! The five faces beneath a transcript, each a link to the page on which the visitor confirms it.

use domain::{FACES, MailLinkToken};

/// Where the faces beneath a transcript lead.
///
/// All that tells who answers what stands in the fragment, which browsers send to nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingLinks {
    faces: Vec<FaceLink>,
}

/// One face and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FaceLink {
    pub(crate) emoji: &'static str,
    pub(crate) label: &'static str,
    pub(crate) url: String,
}

impl RatingLinks {
    /// The links to the page `/rate` at `origin` that answer with `token`.
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
