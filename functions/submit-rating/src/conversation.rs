use domain::Timestamp;
use dynamodb::Table;
use errors::{Failure, Refusal};
use rating_answers::{TokenSecret, VisitorCredential};
use store::{ConversationItem, ConversationRef, RatingRequestItem, get_conversation, key};

/// Reads the conversation of `credential`.
///
/// # Errors
/// 401 if the secret is not the right one. 410 if the link has expired.
pub(crate) async fn read_conversation(
    table: &Table,
    credential: &VisitorCredential,
    now: Timestamp,
) -> Result<ConversationItem, Failure> {
    let conversation_ref =
        ConversationRef::new(&credential.organisation, &credential.conversation, now);
    let conversation = get_conversation(table, conversation_ref);
    let conversation = match &credential.secret {
        TokenSecret::Widget(secret) => conversation
            .await?
            .filter(|conversation| conversation.visitor_secret.equals(secret)),
        TokenSecret::Link { secret, request } => {
            let key =
                key::rating_request(&credential.organisation, &credential.conversation, request);
            let (conversation, request) =
                tokio::try_join!(conversation, table.get::<RatingRequestItem>(key))?;
            let request = request.filter(|request| !request.has_expired(now));
            let link = request.and_then(|request| request.link);
            let link = link.filter(|link| link.secret.equals(secret));
            if link.as_ref().is_some_and(|link| link.expires_at <= now) {
                return Err(Refusal::rating_link_expired().into());
            }
            conversation.filter(|_| link.is_some())
        }
    };
    conversation.ok_or_else(|| Refusal::invalid_visitor_token().into())
}
