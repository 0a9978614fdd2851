//! The transcript that an agent requests.

use domain::{
    ConversationId, EmailAddress, Language, SenderAddress, SenderName, TranscriptId, TranscriptNote,
};
use errors::{Failure, Refusal, RefusalCode};
use lambda::http::{
    Fields, HttpRequest, TenantResolver, check_from_header, flag, named_agent, payload_fingerprint,
    text,
};
use lambda::random;
use transcripts::{Payload, Purpose, RatingRequestParameters, RequestedBy, TranscriptRequest};

/// Decodes the request of an agent.
///
/// # Errors
/// 4xx if the caller, the path or the body is not valid.
pub(crate) fn decode_agent_request(
    http_request: &HttpRequest,
    tenants: &TenantResolver,
    purpose: Purpose,
) -> Result<TranscriptRequest, Failure> {
    let caller = tenants.agent_caller(http_request)?;
    let conversation = http_request.path_parameter("conversation_id", ConversationId::parse)?;
    let key = match purpose {
        Purpose::Send => http_request.idempotency_key()?,
        Purpose::Preview => None,
    };
    let payload = decode_payload(http_request.body())?;
    let agent = caller.agent(payload.agent.clone())?;
    let organisation = caller.organisation;
    let payload_fingerprint = key
        .as_ref()
        .map(|_| payload_fingerprint(&payload))
        .transpose()?;
    let id = key.map_or_else(random::unique_id, |key| {
        key.record_id("transcript", &organisation, &conversation, &agent.id)
    });
    let id = TranscriptId::from(id);
    let rating_request = payload
        .ask_for_rating
        .then(|| RatingRequestParameters::new(&id, http_request.origin(), http_request.now()));
    Ok(TranscriptRequest {
        organisation,
        conversation,
        purpose,
        requested_by: RequestedBy::Agent,
        agent,
        payload,
        id,
        attempt: random::unique_id(),
        rating_request,
        rating_mail: None,
        payload_fingerprint,
        round: None,
        now: http_request.now(),
    })
}

fn decode_payload(body: &[u8]) -> Result<Payload, Refusal> {
    let mut body = Fields::of_body(body)?;
    let payload = Payload {
        agent: named_agent(&mut body, "agent")?,
        to: body
            .optional("to", text(EmailAddress::parse))
            .map_err(|refusal| refusal.with_code(RefusalCode::InvalidRecipient))?,
        from: body.required("from", text(SenderAddress::parse))?,
        sender_name: body
            .required("sender_name", text(SenderName::parse))
            .map_err(|refusal| refusal.with_code(RefusalCode::InvalidSenderName))?,
        ask_for_rating: body.optional("ask_for_rating", flag)?.unwrap_or(false),
        language: body.optional("language", text(Language::parse))?,
        note: body.optional("note", text(TranscriptNote::parse))?,
    };
    body.finish()?;
    check_from_header("sender_name", &payload.sender_name, &payload.from)?;
    Ok(payload)
}
