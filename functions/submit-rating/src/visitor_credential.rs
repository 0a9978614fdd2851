use domain::{MailLinkToken, RatingRequestId};
use errors::Refusal;
use lambda::http::TenantResolver;
use rating_answers::VisitorCredential;

/// Reads a visitor's token: the widget's, or that of a link for `rating_request_id`.
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
        Some(link) => Ok(link.into()),
        None => tenants.visitor_token(token).map(VisitorCredential::from),
    }
}

#[cfg(test)]
mod tests {
    use domain::{ConversationId, OrganisationId, UniqueId, VisitorSecret, VisitorToken};
    use rating_answers::TokenSecret;

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
    fn the_link_of_a_mail_is_not_a_token_of_the_widget() {
        let tenants = TenantResolver::of_one(organisation_id("main"), String::new());
        let read = |token: &str| tenants.visitor_token(Some(token)).is_ok();
        assert!(read(&widget_token("main")));
        assert!(!read(&widget_token("other")));
        assert!(!read(&link_token("main", "a")));
    }
}
