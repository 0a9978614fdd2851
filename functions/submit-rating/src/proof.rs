use domain::{
    ConversationId, MailLinkToken, OrganisationId, RatingRequestId, VisitorSecret, VisitorToken,
};
use errors::Refusal;
use lambda::http::{HttpRequest, TenantResolver};

/// Whose answer it is, as far as a token says. Only the table knows whether its secret is right.
#[derive(Debug)]
pub(crate) struct VisitorCredential {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation: ConversationId,
    pub(crate) proof: CredentialKind,
}

/// What a visitor proves an answer with.
#[derive(Debug)]
pub(crate) enum CredentialKind {
    /// The token of the conversation's widget: the secret stands on the conversation.
    Widget(VisitorSecret),
    /// The token of a link in a mail: the secret stands on the request that it answers.
    Link(VisitorSecret),
}

/// The visitor's token of the widget.
///
/// # Errors
/// 401 where it is missing, malformed or another stack's.
pub(crate) fn read_widget_token(
    call: &HttpRequest,
    tenancy: &TenantResolver,
) -> Result<VisitorToken, Refusal> {
    call.bearer()
        .and_then(|token| VisitorToken::parse(token).ok())
        .filter(|token| tenancy.serves(&token.organisation))
        .ok_or_else(Refusal::invalid_visitor_token)
}

/// The token of the widget, or of a link that answers `request`.
///
/// # Errors
/// 401 where it is missing, malformed, another stack's or another request's.
pub(crate) fn read_claim(
    call: &HttpRequest,
    tenancy: &TenantResolver,
    request: Option<&RatingRequestId>,
) -> Result<VisitorCredential, Refusal> {
    let link = call
        .bearer()
        .and_then(|token| MailLinkToken::parse(token).ok())
        .filter(|link| tenancy.serves(&link.organisation) && request == Some(&link.request));
    match link {
        Some(link) => Ok(VisitorCredential {
            organisation: link.organisation,
            conversation: link.conversation,
            proof: CredentialKind::Link(link.secret),
        }),
        None => read_widget_token(call, tenancy).map(|token| VisitorCredential {
            organisation: token.organisation,
            conversation: token.conversation,
            proof: CredentialKind::Widget(token.secret),
        }),
    }
}
