//! The transcript that a visitor requests.

use domain::{SenderAddress, SenderName};
use dynamodb::Table;
use errors::{Failure, Fault, Refusal, RefusalCode};
use lambda::http::{Fields, HttpRequest, TenantResolver};
use settings::Settings;
use settings_cache::SettingsCache;
use store::{ConversationRef, get_conversation};

use crate::request::TranscriptRequest;
use crate::stack_parameters::StackParameters;

/// Decodes a visitor's request, verifies the token, and reads the sender from the settings.
///
/// # Errors
/// 401 if the token is not the conversation's. 403 if the settings do not offer transcripts to
/// visitors. 503 if the settings cannot be read.
pub(crate) async fn decode_visitor_request(
    table: &Table,
    tenants: &TenantResolver,
    settings: &SettingsCache,
    stack: &StackParameters,
    http_request: &HttpRequest,
) -> Result<TranscriptRequest, Failure> {
    let token = tenants.visitor_token(http_request.bearer())?;
    let now = http_request.now();
    let conversation = ConversationRef::new(&token.organisation, &token.conversation, now);
    let (conversation, settings) = tokio::join!(
        get_conversation(table, conversation),
        settings.read(table, &token.organisation, now),
    );
    let is_the_visitors = conversation?.is_some_and(|it| it.visitor_secret.equals(&token.secret));
    if !is_the_visitors {
        return Err(Refusal::invalid_visitor_token().into());
    }
    Fields::of_optional_body(http_request.body())?.finish()?;
    let settings = settings?;
    let (from, name) = choose_sender(&settings, stack)?;
    TranscriptRequest::of_visitor(http_request, token, from, name)
}

/// The sender of mails that no agent sends.
fn choose_sender(
    settings: &Settings,
    stack: &StackParameters,
) -> Result<(SenderAddress, SenderName), Failure> {
    let transcripts = &settings.transcripts;
    let from = transcripts
        .from
        .as_ref()
        .filter(|_| transcripts.visitor_may_request)
        .ok_or_else(|| {
            Refusal::new(
                RefusalCode::TranscriptsNotOffered,
                "The settings do not offer transcripts to visitors.",
            )
        })?;
    let name = match &transcripts.sender_name {
        Some(name) => name.clone(),
        None => default_sender_name(&stack.branding.brand(settings), from)?,
    };
    Ok((from.clone(), name))
}

/// The name of the brand if it can be a sender's name, or else the domain of the address.
fn default_sender_name(brand: &str, from: &SenderAddress) -> Result<SenderName, Fault> {
    SenderName::parse(brand)
        .or_else(|_| SenderName::parse(from.domain()))
        .map_err(|_| Fault::internal("the domain of a sender is not a sender's name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_no_agent_sends_is_from_the_brand_or_from_the_domain() {
        let from = SenderAddress::parse("help@acme.example").unwrap();
        for (brand, name) in [
            ("Acme", "Acme"),
            ("", "acme.example"),
            ("Acme <x>", "acme.example"),
        ] {
            assert_eq!(default_sender_name(brand, &from).unwrap().as_str(), name);
        }
    }
}
