use domain::{
    ConversationId, MailLinkToken, OrganisationId, RatingRequestId, VisitorSecret, VisitorToken,
};
use errors::Refusal;
use lambda::http::{Call, Tenancy};

/// Whose answer it is, as far as a token says. Only the table knows whether its secret is right.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation: ConversationId,
    pub(crate) proof: Proof,
}

/// What a visitor proves an answer with.
#[derive(Debug)]
pub(crate) enum Proof {
    /// The token of the conversation's widget: the secret stands on the conversation.
    Widget(VisitorSecret),
    /// The token of a link in a mail: the secret stands on the request that it answers.
    Link(VisitorSecret),
}

/// The visitor's token of the widget.
///
/// # Errors
/// 401 where it is missing, malformed or another stack's.
pub(crate) fn read_widget_token(call: &Call, tenancy: &Tenancy) -> Result<VisitorToken, Refusal> {
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
    call: &Call,
    tenancy: &Tenancy,
    request: Option<&RatingRequestId>,
) -> Result<Claim, Refusal> {
    let link = call
        .bearer()
        .and_then(|token| MailLinkToken::parse(token).ok())
        .filter(|link| tenancy.serves(&link.organisation) && request == Some(&link.request));
    match link {
        Some(link) => Ok(Claim {
            organisation: link.organisation,
            conversation: link.conversation,
            proof: Proof::Link(link.secret),
        }),
        None => read_widget_token(call, tenancy).map(|token| Claim {
            organisation: token.organisation,
            conversation: token.conversation,
            proof: Proof::Widget(token.secret),
        }),
    }
}
