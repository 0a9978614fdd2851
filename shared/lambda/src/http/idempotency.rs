use domain::{AgentId, ConversationId, InvalidValue, OrganisationId, UniqueId, is_printable_ascii};
use errors::Fault;
use serde::Serialize;

/// A caller's id of one logical request (`Idempotency-Key`): the same key means the same request.
///
/// The key itself is not stored. The id of the record that the request creates is derived from it,
/// so the record shows whether the request was made before.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The name of the header.
    pub const HEADER: &str = "Idempotency-Key";

    /// Reads a key.
    ///
    /// # Errors
    /// If `text` is not 1 to 255 printable ASCII characters.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        if is_printable_ascii(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidValue::new(
                "must be 1 to 255 printable ASCII characters",
            ))
        }
    }

    /// The id of the record that this request of `agent` creates. Records of another `kind` have
    /// other ids.
    pub fn record_id(
        &self,
        kind: &str,
        organisation: &OrganisationId,
        conversation: &ConversationId,
        agent: &AgentId,
    ) -> UniqueId {
        UniqueId::derived_from(&[
            kind,
            organisation.as_str(),
            conversation.as_str(),
            agent.as_str(),
            &self.0,
        ])
    }
}

/// The fingerprint of `payload`: equal for equal payloads. It distinguishes payloads under the same
/// idempotency key.
///
/// # Errors
/// If `payload` does not serialize.
pub fn payload_fingerprint(payload: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(payload)
        .map(|text| UniqueId::derived_from(&[&text]).to_string())
        .map_err(|_| Fault::internal("a payload cannot be serialized as JSON"))
}
