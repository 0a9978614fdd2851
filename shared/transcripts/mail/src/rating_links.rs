//! The five faces below a transcript. Each one links to the page on which the visitor confirms the
//! rating.

use domain::{FACES, MailLinkToken};

/// The links of the faces below a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingLinks {
    /// One for each of [`FACES`].
    urls: [String; 5],
}

/// One face and its link.
#[derive(Debug)]
pub(crate) struct FaceLink<'a> {
    pub(crate) emoji: &'static str,
    pub(crate) label: &'a str,
    pub(crate) url: &'a str,
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
        Self {
            urls: FACES.map(|face| token.rate_url(origin, face.score)),
        }
    }

    /// Creates links for a preview: they open the page `/rate` at `origin`, and answer nothing.
    pub fn without_token(origin: &str) -> Self {
        Self {
            urls: FACES.map(|_| format!("{origin}/rate")),
        }
    }

    /// Returns the faces with `labels`.
    pub(crate) fn faces<'a>(&'a self, labels: &'a [String; 5]) -> Vec<FaceLink<'a>> {
        let links = FACES.iter().zip(labels).zip(&self.urls);
        links
            .map(|((face, label), url)| FaceLink {
                emoji: face.emoji,
                label,
                url,
            })
            .collect()
    }
}
