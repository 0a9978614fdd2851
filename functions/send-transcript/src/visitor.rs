//! The transcript that a visitor requests.

use domain::{AgentId, Mailbox, SenderAddress, SenderName, TranscriptId, VisitorToken};
use dynamodb::{Table, get_unexpired};
use errors::{Failure, Fault, Refusal, RefusalCode};
use lambda::http::{Fields, HttpRequest, TenantResolver};
use settings::Settings;
use settings_cache::SettingsCache;
use store::{ConversationRef, TranscriptItem, get_conversation, key};

use crate::request::TranscriptRequest;
use crate::stack_parameters::StackParameters;

type Sender = (SenderAddress, SenderName);

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
    let is_token_valid = conversation?.is_some_and(|it| it.visitor_secret.equals(&token.secret));
    if !is_token_valid {
        return Err(Refusal::invalid_visitor_token().into());
    }
    Fields::of_optional_body(http_request.body())?.finish()?;
    let settings = settings?;
    let (from, name) = match choose_sender(&settings, stack)? {
        Some(sender) => sender,
        // A retry gets the response of the first attempt, whatever the settings are now.
        None => read_earlier_sender(table, http_request, &token)
            .await?
            .ok_or_else(refuse_offer)?,
    };
    TranscriptRequest::of_visitor(http_request, token, from, name)
}

fn refuse_offer() -> Refusal {
    Refusal::new(
        RefusalCode::TranscriptsNotOffered,
        "The settings do not offer transcripts to visitors.",
    )
}

/// The sender of the transcript that an earlier request with the same idempotency key reserved.
async fn read_earlier_sender(
    table: &Table,
    http_request: &HttpRequest,
    token: &VisitorToken,
) -> Result<Option<Sender>, Failure> {
    let Some(key) = http_request.idempotency_key()? else {
        return Ok(None);
    };
    let VisitorToken {
        organisation,
        conversation,
        ..
    } = token;
    let id = key.record_id(
        "transcript",
        organisation,
        conversation,
        &AgentId::visitor(),
    );
    let key = key::transcript(organisation, conversation, &TranscriptId::from(id));
    let earlier: Option<TranscriptItem> = get_unexpired(table, key, http_request.now()).await?;
    Ok(earlier.map(|transcript| (transcript.from, transcript.sender_name)))
}

/// The sender of mails that no agent sends. `None` if the settings do not offer transcripts to visitors.
fn choose_sender(settings: &Settings, stack: &StackParameters) -> Result<Option<Sender>, Fault> {
    let transcripts = &settings.transcripts;
    let Some(from) = transcripts
        .from
        .as_ref()
        .filter(|_| transcripts.visitor_may_request)
    else {
        return Ok(None);
    };
    let name = match &transcripts.sender_name {
        Some(name) => name.clone(),
        None => default_sender_name(&stack.branding.brand(settings), from)?,
    };
    Ok(Some((from.clone(), name)))
}

/// The name of the brand, or else the domain or the local part of the address: the first that can be a
/// sender's name and fits into a From header.
fn default_sender_name(brand: &str, from: &SenderAddress) -> Result<SenderName, Fault> {
    let local_part = from.as_str().split('@').next().unwrap_or_default();
    [brand, from.domain(), local_part]
        .into_iter()
        .filter_map(|name| SenderName::parse(name).ok())
        .find(|name| {
            Mailbox {
                name,
                address: from,
            }
            .check_length()
            .is_ok()
        })
        .ok_or_else(|| Fault::internal("a sender has no name"))
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
            (&"株".repeat(100), "acme.example"),
        ] {
            assert_eq!(default_sender_name(brand, &from).unwrap().as_str(), name);
        }
    }
}
