//! The transcript that a visitor requests.

use domain::{Agent, AgentId, TranscriptId, VisitorToken};
use dynamodb::get_unexpired;
use errors::{Failure, Refusal, RefusalCode};
use lambda::http::{Fields, HttpRequest, IdempotencyKey, payload_fingerprint};
use lambda::random;
use store::{ConversationRef, TranscriptItem, get_conversation, key};
use transcripts::{AutomaticSender, Payload, Purpose, RequestedBy, TranscriptRequest};

use crate::SendTranscript;

impl SendTranscript {
    /// Decodes a visitor's request, verifies the token, and reads the sender from the settings.
    ///
    /// # Errors
    /// 401 if the token is not the conversation's. 403 if the settings do not offer transcripts to
    /// visitors. 503 if the settings cannot be read.
    pub(crate) async fn decode_visitor_request(
        &self,
        http_request: &HttpRequest,
    ) -> Result<TranscriptRequest, Failure> {
        let token = self.tenants.visitor_token(http_request.bearer())?;
        let now = http_request.now();
        let conversation = ConversationRef::new(&token.organisation, &token.conversation, now);
        let (conversation, settings) = tokio::join!(
            get_conversation(&self.table, conversation),
            self.settings.read(&self.table, &token.organisation, now),
        );
        let is_token_valid =
            conversation?.is_some_and(|it| it.visitor_secret.equals(&token.secret));
        if !is_token_valid {
            return Err(Refusal::invalid_visitor_token().into());
        }
        Fields::of_optional_body(http_request.body())?.finish()?;
        let key = http_request.idempotency_key()?;
        let settings = settings?;
        let sender = if settings.transcripts.visitor_may_request {
            self.sender.automatic_sender(&settings)?
        } else {
            None
        };
        let sender = match (sender, &key) {
            (Some(sender), _) => Some(sender),
            // A retry gets the response of the first attempt, whatever the settings are now.
            (None, Some(key)) => self.read_earlier_sender(key, &token, http_request).await?,
            (None, None) => None,
        };
        let sender = sender.ok_or_else(refuse_offer)?;
        request_of_visitor(http_request, token, sender, key)
    }

    /// The sender of the transcript that an earlier request with the same idempotency key reserved.
    async fn read_earlier_sender(
        &self,
        key: &IdempotencyKey,
        token: &VisitorToken,
        http_request: &HttpRequest,
    ) -> Result<Option<AutomaticSender>, Failure> {
        let VisitorToken {
            organisation,
            conversation,
            ..
        } = token;
        let key = key::transcript(organisation, conversation, &transcript_id(key, token));
        let earlier = get_unexpired::<TranscriptItem>(&self.table, key, http_request.now());
        Ok(earlier.await?.map(|transcript| AutomaticSender {
            address: transcript.from,
            name: transcript.sender_name,
        }))
    }
}

fn refuse_offer() -> Refusal {
    Refusal::new(
        RefusalCode::TranscriptsNotOffered,
        "The settings do not offer transcripts to visitors.",
    )
}

fn transcript_id(key: &IdempotencyKey, token: &VisitorToken) -> TranscriptId {
    key.record_id(
        "transcript",
        &token.organisation,
        &token.conversation,
        &AgentId::visitor(),
    )
    .into()
}

/// The request of a visitor whose token was verified, for a mail from `sender`.
fn request_of_visitor(
    http_request: &HttpRequest,
    token: VisitorToken,
    sender: AutomaticSender,
    key: Option<IdempotencyKey>,
) -> Result<TranscriptRequest, Failure> {
    // A visitor sends no payload. The sender of the settings may change between two attempts.
    let payload_fingerprint = key.as_ref().map(|_| payload_fingerprint(&())).transpose()?;
    let id = key.map_or_else(
        || random::unique_id().into(),
        |key| transcript_id(&key, &token),
    );
    Ok(TranscriptRequest {
        organisation: token.organisation,
        conversation: token.conversation,
        purpose: Purpose::Send,
        requested_by: RequestedBy::Visitor,
        agent: Agent {
            id: AgentId::visitor(),
            name: None,
        },
        payload: Payload::to_visitor(sender.address, sender.name),
        id,
        attempt: random::unique_id(),
        rating_request: None,
        rating_mail: None,
        payload_fingerprint,
        round: None,
        now: http_request.now(),
    })
}
