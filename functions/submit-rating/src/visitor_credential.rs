use domain::{
    ConversationId, MailLinkToken, OrganisationId, RatingRequestId, VisitorSecret, VisitorToken,
};
use errors::Refusal;
use lambda::http::TenantResolver;

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
    token: Option<&str>,
    tenants: &TenantResolver,
) -> Result<VisitorToken, Refusal> {
    token
        .and_then(|token| VisitorToken::parse(token).ok())
        .filter(|token| tenants.serves(&token.organisation))
        .ok_or_else(Refusal::invalid_visitor_token)
}

/// Reads the token of the widget, or of a link that answers `rating_request_id`.
///
/// # Errors
/// If the token is missing, malformed, of another stack or of another rating request: 401.
pub(crate) fn read_credential(
    token: Option<&str>,
    tenants: &TenantResolver,
    rating_request_id: Option<&RatingRequestId>,
) -> Result<VisitorCredential, Refusal> {
    let link = token
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
        None => read_widget_token(token, tenants).map(|token| VisitorCredential {
            organisation: token.organisation,
            conversation: token.conversation,
            proof: CredentialKind::Widget(token.secret),
        }),
    }
}

#[cfg(test)]
mod tests {
    use domain::UniqueId;

    use super::*;

    fn organisation(id: &str) -> OrganisationId {
        OrganisationId::parse(id).unwrap()
    }

    fn rating_request(id: &str) -> RatingRequestId {
        UniqueId::derived_from(&[id]).into()
    }

    fn widget_token(tenant: &str) -> String {
        let token = VisitorToken {
            organisation: organisation(tenant),
            conversation: ConversationId::parse("c1").unwrap(),
            secret: VisitorSecret::from_bytes([1; 32]),
        };
        token.reveal()
    }

    fn link_token(tenant: &str, request: &str) -> String {
        let token = MailLinkToken {
            organisation: organisation(tenant),
            conversation: ConversationId::parse("c1").unwrap(),
            request: rating_request(request),
            secret: VisitorSecret::from_bytes([1; 32]),
        };
        token.reveal()
    }

    #[test]
    fn each_token_answers_only_what_it_is_for() {
        let tenants = TenantResolver::of_one(organisation("main"), String::new());
        let read = |token: Option<&str>, request: Option<&str>| {
            let request = request.map(rating_request);
            let credential = read_credential(token, &tenants, request.as_ref()).ok()?;
            assert_eq!(credential.organisation.as_str(), "main");
            assert_eq!(credential.conversation.as_str(), "c1");
            Some(match credential.proof {
                CredentialKind::Widget(_) => "widget",
                CredentialKind::Link(_) => "link",
            })
        };
        for (token, request, expected) in [
            (Some(widget_token("main")), Some("a"), Some("widget")),
            (Some(widget_token("main")), None, Some("widget")),
            (Some(widget_token("other")), Some("a"), None),
            (Some(link_token("main", "a")), Some("a"), Some("link")),
            (Some(link_token("main", "a")), Some("b"), None),
            (Some(link_token("main", "a")), None, None),
            (Some(link_token("other", "a")), Some("a"), None),
            (Some("x".to_owned()), Some("a"), None),
            (None, Some("a"), None),
        ] {
            assert_eq!(
                read(token.as_deref(), request),
                expected,
                "{token:?} {request:?}"
            );
        }
    }

    #[test]
    fn the_link_of_a_mail_is_not_a_token_of_the_widget() {
        let tenants = TenantResolver::of_one(organisation("main"), String::new());
        let read = |token: &str| read_widget_token(Some(token), &tenants).is_ok();
        assert!(read(&widget_token("main")));
        assert!(!read(&widget_token("other")));
        assert!(!read(&link_token("main", "a")));
    }
}
