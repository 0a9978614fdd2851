use domain::{
    ConversationId, MailLinkToken, OrganisationId, RatingRequestId, VisitorSecret, VisitorToken,
};
use errors::Refusal;
use lambda::http::TenantResolver;

/// The conversation that a token names, and the token's secret. The secret is not verified yet:
/// only the table contains the correct one.
#[derive(Debug)]
pub(crate) struct VisitorCredential {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation: ConversationId,
    pub(crate) secret: TokenSecret,
}

/// The secret of a token, and what it belongs to.
#[derive(Debug)]
pub(crate) enum TokenSecret {
    /// The secret of the conversation's widget. The correct one is on the conversation.
    Widget(VisitorSecret),
    /// The secret of a link in a mail. The correct one is on the rating request that the link
    /// answers.
    Link {
        secret: VisitorSecret,
        request: RatingRequestId,
    },
}

impl VisitorCredential {
    /// Whether the credential gives access to the rating request with this id, if it is one of its
    /// conversation.
    pub(crate) fn concerns(&self, id: &RatingRequestId) -> bool {
        match &self.secret {
            TokenSecret::Widget(_) => true,
            TokenSecret::Link { request, .. } => request == id,
        }
    }
}

/// Reads a visitor's token: the widget's, or that of a link in a mail.
///
/// # Errors
/// If the token is missing, malformed or of another stack: 401.
pub(crate) fn read_any_token(
    token: Option<&str>,
    tenants: &TenantResolver,
) -> Result<VisitorCredential, Refusal> {
    let token = token.ok_or_else(Refusal::invalid_visitor_token)?;
    let credential = match (MailLinkToken::parse(token), VisitorToken::parse(token)) {
        (Ok(link), _) => VisitorCredential {
            organisation: link.organisation,
            conversation: link.conversation,
            secret: TokenSecret::Link {
                secret: link.secret,
                request: link.request,
            },
        },
        (Err(_), Ok(token)) => VisitorCredential {
            organisation: token.organisation,
            conversation: token.conversation,
            secret: TokenSecret::Widget(token.secret),
        },
        (Err(_), Err(_)) => return Err(Refusal::invalid_visitor_token()),
    };
    if tenants.serves(&credential.organisation) {
        Ok(credential)
    } else {
        Err(Refusal::invalid_visitor_token())
    }
}

/// Reads a visitor's token: the widget's, or that of a link for `rating_request_id`.
///
/// # Errors
/// If the token is missing, malformed, of another stack or of another rating request: 401.
pub(crate) fn read_credential(
    token: Option<&str>,
    tenants: &TenantResolver,
    rating_request_id: Option<&RatingRequestId>,
) -> Result<VisitorCredential, Refusal> {
    let credential = read_any_token(token, tenants)?;
    let is_for_this = match &credential.secret {
        TokenSecret::Widget(_) => true,
        TokenSecret::Link { request, .. } => rating_request_id == Some(request),
    };
    if is_for_this {
        Ok(credential)
    } else {
        Err(Refusal::invalid_visitor_token())
    }
}

#[cfg(test)]
mod tests {
    use domain::UniqueId;

    use super::*;

    fn organisation_id(id: &str) -> OrganisationId {
        OrganisationId::parse(id).unwrap()
    }

    fn rating_request(id: &str) -> RatingRequestId {
        UniqueId::derived_from(&[id]).into()
    }

    fn widget_token(organisation: &str) -> String {
        let token = VisitorToken {
            organisation: organisation_id(organisation),
            conversation: ConversationId::parse("c1").unwrap(),
            secret: VisitorSecret::from_bytes([1; 32]),
        };
        token.reveal()
    }

    fn link_token(organisation: &str, request: &str) -> String {
        let token = MailLinkToken {
            organisation: organisation_id(organisation),
            conversation: ConversationId::parse("c1").unwrap(),
            request: rating_request(request),
            secret: VisitorSecret::from_bytes([1; 32]),
        };
        token.reveal()
    }

    #[test]
    fn a_widget_token_is_accepted_for_any_request_and_a_link_only_for_its_own() {
        let tenants = TenantResolver::of_one(organisation_id("main"), String::new());
        let read = |token: Option<&str>, request: Option<&str>| {
            let request = request.map(rating_request);
            let credential = read_credential(token, &tenants, request.as_ref()).ok()?;
            assert_eq!(credential.organisation.as_str(), "main");
            assert_eq!(credential.conversation.as_str(), "c1");
            Some(match credential.secret {
                TokenSecret::Widget(_) => "widget",
                TokenSecret::Link { .. } => "link",
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
    fn a_link_concerns_its_own_rating_request_only() {
        let tenants = TenantResolver::of_one(organisation_id("main"), String::new());
        let concerns = |token: String, request: &str| {
            let credential = read_any_token(Some(&token), &tenants).unwrap();
            credential.concerns(&rating_request(request))
        };
        assert!(concerns(widget_token("main"), "b"));
        assert!(concerns(link_token("main", "a"), "a"));
        assert!(!concerns(link_token("main", "a"), "b"));
    }
}
