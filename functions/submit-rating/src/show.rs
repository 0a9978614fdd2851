use domain::{FACES, Face, Language, PersonName, RatingRequestId, Timestamp};
use dynamodb::Table;
use errors::{Failure, Refusal};
use lambda::http::{HttpRequest, HttpResponse, TenantResolver};
use serde::Serialize;
use serde_json::json;
use store::{ConversationRef, get_conversation};

use crate::rating_body::RatingBody;
use crate::visitor_credential::read_widget_token;

/// The rating request as visitors see it.
#[derive(Serialize)]
struct RatingRequestBody<'a> {
    id: &'a RatingRequestId,
    requested_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_name: Option<&'a PersonName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a Language>,
    faces: [Face; 5],
}

/// Returns the current request if it is open or its answer can still be changed. Also returns the
/// answer, even later. This takes one read.
pub(crate) async fn show(
    table: &Table,
    tenants: &TenantResolver,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let token = read_widget_token(request.bearer(), tenants)?;
    let at = ConversationRef::new(&token.organisation, &token.conversation, request.now());
    let conversation = get_conversation(table, at)
        .await?
        .filter(|conversation| conversation.visitor_secret.equals(&token.secret))
        .ok_or_else(Refusal::invalid_visitor_token)?;
    let rating = conversation.current_rating();
    let rating_request =
        conversation
            .open_request(request.now())
            .map(|current| RatingRequestBody {
                id: &current.id,
                requested_at: current.requested_at,
                agent_name: current.agent.name.as_ref(),
                language: conversation.visitor_language.as_ref(),
                faces: FACES,
            });
    let rating = rating
        .map(|rating| RatingBody::new(rating.score, rating.comment.as_ref(), rating.rated_at));
    Ok(HttpResponse::ok(
        json!({ "rating_request": rating_request, "rating": rating }),
    ))
}
