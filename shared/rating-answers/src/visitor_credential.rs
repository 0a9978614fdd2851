use domain::{
    ConversationId, MailLinkToken, OrganisationId, RatingRequestId, VisitorSecret, VisitorToken,
};

/// The conversation that a token names, and the token's secret. The secret is not verified yet:
/// only the table contains the correct one.
#[derive(Debug)]
pub struct VisitorCredential {
    /// The tenant of the conversation.
    pub organisation: OrganisationId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The secret of the token.
    pub secret: TokenSecret,
}

/// The secret of a token, and what it belongs to.
#[derive(Debug)]
pub enum TokenSecret {
    /// The secret of the conversation's widget. The correct one is on the conversation.
    Widget(VisitorSecret),
    /// The secret of a link in a mail. The correct one is on the rating request that the link
    /// answers.
    Link {
        /// The secret.
        secret: VisitorSecret,
        /// The rating request that the link answers.
        request: RatingRequestId,
    },
}

impl From<VisitorToken> for VisitorCredential {
    fn from(token: VisitorToken) -> Self {
        Self {
            organisation: token.organisation,
            conversation: token.conversation,
            secret: TokenSecret::Widget(token.secret),
        }
    }
}

impl From<MailLinkToken> for VisitorCredential {
    fn from(token: MailLinkToken) -> Self {
        Self {
            organisation: token.organisation,
            conversation: token.conversation,
            secret: TokenSecret::Link {
                secret: token.secret,
                request: token.request,
            },
        }
    }
}
