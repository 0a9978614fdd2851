//! Values for tests.

use domain::{
    Agent, AgentId, ConversationId, EmailAddress, OrganisationId, SenderAddress, SenderName,
    Timestamp, TranscriptId, TranscriptState, UniqueId,
};
use store::TranscriptItem;

use crate::request::{Payload, Purpose, RequestedBy, TranscriptRequest};

pub(crate) fn now() -> Timestamp {
    Timestamp::from_epoch_seconds(1_000_000).unwrap()
}

pub(crate) fn request() -> TranscriptRequest {
    TranscriptRequest {
        organisation: OrganisationId::parse("main").unwrap(),
        conversation: ConversationId::parse("c1").unwrap(),
        purpose: Purpose::Send,
        requested_by: RequestedBy::Agent,
        agent: Agent {
            id: AgentId::parse("kim").unwrap(),
            name: None,
        },
        payload: Payload {
            language: None,
            note: None,
            to: None,
            from: SenderAddress::parse("support@example.com").unwrap(),
            sender_name: SenderName::parse("Support").unwrap(),
            ask_for_rating: false,
            agent: None,
        },
        id: TranscriptId::from(UniqueId::derived_from(&["a"])),
        attempt: UniqueId::derived_from(&["this attempt"]),
        rating_request: None,
        payload_fingerprint: Some("same".to_owned()),
        rating_mail: None,
        round: None,
        now: now(),
    }
}

pub(crate) fn transcript(state: TranscriptState, sent_at: Timestamp) -> TranscriptItem {
    let request = request();
    TranscriptItem {
        language: None,
        transcript_id: request.id,
        state,
        to: EmailAddress::parse("ana@example.org").unwrap(),
        from: SenderAddress::parse("support@example.com").unwrap(),
        sender_name: SenderName::parse("Support").unwrap(),
        agent: request.agent,
        message_count: 1,
        attempt: UniqueId::derived_from(&["an earlier attempt"]).to_string(),
        sent_at,
        reason: None,
        remaining: None,
        rating_request: None,
        rating_mail_of: None,
        payload_fingerprint: request.payload_fingerprint,
    }
}
