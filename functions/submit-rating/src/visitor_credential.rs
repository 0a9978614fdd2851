use domain::{
    ConversationId, MailLinkToken, OrganisationId, RatingRequestId, VisitorSecret, VisitorToken,
};
use errors::Refusal;
use lambda::http::{HttpRequest, TenantResolver};

/// The conversation that a token names, and its secret. The secret is not verified yet: only the
/// table contains the correct one.
#[derive(Debug)]
pub(crate) struct VisitorCredential {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation: ConversationId,
    pub(crate) proof: CredentialKind,
}

/// The kind of token, with its secret.
#[derive(Debug)]
pub(crate) enum CredentialKind {
    /// The token of the conversation's widget. The correct secret is on the conversation.
    Widget(VisitorSecret),
    /// The token of a link in a mail. The correct secret is on the rating request that it answers.
    Link(VisitorSecret),
}

/// Reads the visitor's token of the widget.
///
/// # Errors
/// If the token is missing, malformed or of another stack: 401.
pub(crate) fn read_widget_token(
    request: &HttpRequest,
    tenants: &TenantResolver,
) -> Result<VisitorToken, Refusal> {
    request
        .bearer()
        .and_then(|token| VisitorToken::parse(token).ok())
        .filter(|token| tenants.serves(&token.organisation))
        .ok_or_else(Refusal::invalid_visitor_token)
}

/// Reads the token of the widget, or of a link that answers `rating_request_id`.
///
/// # Errors
/// If the token is missing, malformed, of another stack or of another rating request: 401.
pub(crate) fn read_credential(
    request: &HttpRequest,
    tenants: &TenantResolver,
    rating_request_id: Option<&RatingRequestId>,
) -> Result<VisitorCredential, Refusal> {
    let link = request
        .bearer()
        .and_then(|token| MailLinkToken::parse(token).ok())
        .filter(|link| {
            tenants.serves(&link.organisation) && rating_request_id == Some(&link.request)
        });
    match link {
        Some(link) => Ok(VisitorCredential {
            organisation: link.organisation,
            conversation: link.conversation,
            proof: CredentialKind::Link(link.secret),
        }),
        None => read_widget_token(request, tenants).map(|token| VisitorCredential {
            organisation: token.organisation,
            conversation: token.conversation,
            proof: CredentialKind::Widget(token.secret),
        }),
    }
}
